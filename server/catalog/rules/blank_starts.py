"""Refuses a scope that does not begin at exactly one blank start event: the engine takes one and forgets the others."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.graph import starts_of
from server.catalog.study import Study, on_node

CODE = "debut-unique"
TITLE = "Un seul événement de début"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Un processus ou un sous-processus commence par un seul événement de début, sans minuteur ni signal."""
    for scope in study.diagram.scopes:
        blank = [s for s in starts_of(study.diagram, scope) if not s.event]
        nodes = study.diagram.inside(scope)
        if nodes and not starts_of(study.diagram, scope):
            owner = study.diagram.nodes.get(scope)
            name = owner.name if owner else study.diagram.name
            yield Finding(CODE, scope, name, f"« {name or scope} » n'a pas d'événement de début : ajoutez-en un.", SEVERITY)
        for start in blank[1:]:
            message = (
                f"{start.label} est un deuxième événement de début : gardez-en un seul, suivi d'une passerelle s'il y a plusieurs entrées."
            )
            yield on_node(CODE, SEVERITY, start, message)
        for start in starts_of(study.diagram, scope):
            # A message may start a top-level process by its own entry; anything else has no one to start it.
            if start.event not in ("", "message") or (start.event and scope in study.diagram.nodes):
                yield on_node(
                    CODE, SEVERITY, start, f"{start.label} attend un événement pour commencer : utilisez un événement de début simple."
                )
