"""Warns of several ends that do not all tell their outcome: the caller would read what a form happened to set."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import WARNING, Finding
from server.catalog.study import Study, on_node

CODE = "fin-sans-issue"
TITLE = "Chaque fin dit son issue"
SEVERITY = WARNING


def check(study: Study) -> Iterator[Finding]:
    """Quand un processus a plusieurs fins, chacune porte la propriété « issue » : le processus qui appelle la lit."""
    scope = study.diagram.process_id
    ends = [n for n in study.diagram.inside(scope) if n.type == "endEvent" and n.event != "error"]
    told = [n for n in ends if n.properties.get("issue")]
    if len(ends) > 1 and told:
        for node in ends:
            if node not in told and not _ends_a_side_branch(study, node.id):
                yield on_node(
                    CODE, SEVERITY, node, f"{node.label} ne dit pas son issue : ajoutez la propriété « issue », comme aux autres fins."
                )


def _ends_a_side_branch(study: Study, end: str) -> bool:
    """An end that only non-interrupting events lead to says nothing of the process."""
    graph = study.graph(study.diagram.nodes[end].scope)
    side = [b.id for b in study.diagram.of_type("boundaryEvent") if not b.interrupting]
    seen, waiting = set(), [end]
    while waiting:
        node = waiting.pop()
        if node in seen or node in side:
            continue
        seen.add(node)
        before = [n for n, nexts in graph.items() if node in nexts]
        if not before:
            return False
        waiting.extend(before)
    return True
