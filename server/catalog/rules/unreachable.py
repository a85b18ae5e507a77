"""Refuses an element that no token can reach: it looks like a step and never happens."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.diagram import Node
from server.catalog.findings import ERROR, Finding
from server.catalog.graph import reachable, starts_of
from server.catalog.study import Study, on_node

CODE = "element-inaccessible"
TITLE = "Chaque élément peut être atteint"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Un chemin mène du début à chaque élément ; un élément isolé ne se produirait jamais."""
    for scope in study.diagram.scopes:
        starts = [s.id for s in starts_of(study.diagram, scope)]
        if not starts:
            continue
        met = reachable(study.graph(scope), starts)
        for node in study.diagram.inside(scope):
            # A boundary event attached to nothing and an event sub-process are other rules' subjects.
            elsewhere = node.xml.get("attachedToRef", "") not in study.diagram.nodes if node.type == "boundaryEvent" else _by_event(node)
            if node.id not in met and not elsewhere:
                yield on_node(CODE, SEVERITY, node, f"Aucun chemin ne mène à {node.label} : reliez cet élément ou retirez-le.")


def _by_event(node: Node) -> bool:
    return node.xml.get("triggeredByEvent") == "true"
