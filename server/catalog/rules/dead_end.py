"""Refuses a step that leads nowhere without being an end event: nobody could say how the case ended there."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "impasse"
TITLE = "Un chemin finit par un événement de fin"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Tout élément autre qu'une fin a un flux sortant ; la fin d'un chemin se dessine et porte un nom."""
    for node in study.diagram.nodes.values():
        if node.type == "endEvent" or node.xml.get("triggeredByEvent") == "true" or node.xml.get("isForCompensation") == "true":
            continue
        if not study.diagram.out(node.id):
            yield on_node(CODE, SEVERITY, node, f"{node.label} ne mène nulle part : ajoutez la suite ou un événement de fin.")
