"""What a rule of the lint looks at: the diagram of a package, its other files, and what the rest of the product knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from server.catalog.diagram import Diagram, Flow, Node
from server.catalog.expressions import Written, written_expressions
from server.catalog.findings import Finding
from server.catalog.graph import graph_of
from server.catalog.manifest import Manifest
from server.catalog.package import Package
from server.kernel.errors import JalonError

# The groups that every département has; a manifest may map its lanes to others.
GROUPS = frozenset({"orientation", "referent", "territoire", "ep_secretariat", "ep_membre", "decision", "allocation", "gestion"})
# What a service task, a send task or a thrown message may ask for.
JOB_TYPES = frozenset({"fait", "inscrire_seance", "message", "demarrer", "demarrer_instances", "courrier", "bordereau_caf"})

# The milestones that a job `fait` may write, each with its place on the case.
MILESTONES = frozenset({"oriente", "premier_rdv", "contrat_signe", "contrat_fin", "manquement", "ep", "sanction", "retabli", "sortie"})


@dataclass(frozen=True)
class Study:
    """One package under examination. `others` holds the ids of the processes that may be called beside its own."""

    package: Package
    diagram: Diagram
    manifest: Manifest
    others: Collection[str] = ()
    groups: Collection[str] = GROUPS
    job_types: Collection[str] = JOB_TYPES
    _graphs: dict[str, dict[str, list[str]]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def files(self) -> Mapping[str, bytes]:
        return self.package.files

    @cached_property
    def expressions(self) -> list[Written]:
        """Every FEEL text written in the diagram."""
        return list(written_expressions(self.diagram))

    @cached_property
    def known_groups(self) -> frozenset[str]:
        return frozenset(self.groups) | frozenset(self.manifest.lanes.values()) | frozenset(self.manifest.start_groups)

    @cached_property
    def known_processes(self) -> frozenset[str]:
        return frozenset(self.others) | {p.get("id", "") for p in self.diagram.processes}

    @cached_property
    def known_decisions(self) -> frozenset[str]:
        """Ids and names of the decisions of the package's readable tables; an unreadable one is another rule's subject."""
        try:
            return frozenset(self.package.decisions)
        except JalonError:
            return frozenset()

    def graph(self, scope: str) -> dict[str, list[str]]:
        """Node -> next nodes inside one scope."""
        if scope not in self._graphs:
            self._graphs[scope] = graph_of(self.diagram, scope)
        return self._graphs[scope]

    def form_keys(self, form_id: str) -> set[str]:
        """The variables that a form's answers set (heads of the components' keys); empty when the form cannot be read."""
        try:
            return set(_keys(self.package.form(form_id)))
        except JalonError:
            return set()


def _keys(component: Mapping[str, Any]) -> Iterator[str]:
    """A group's or a list's `path` holds what is under it; anything else is its own key."""
    path = component.get("path") or component.get("key")
    if isinstance(path, str) and path:
        yield path.split(".")[0]
        return
    for child in component.get("components") or ():
        if isinstance(child, dict):
            yield from _keys(child)


def on_node(code: str, severity: str, node: Node, message: str) -> Finding:
    """A finding about a node."""
    return Finding(code, node.id, node.name, message, severity)


def on_flow(code: str, severity: str, flow: Flow, message: str) -> Finding:
    """A finding about a sequence flow."""
    return Finding(code, flow.id, flow.name, message, severity)
