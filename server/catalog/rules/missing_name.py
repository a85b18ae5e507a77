"""Warns of an element without a name: agents, letters and the replay show names."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.diagram import ACTIVITIES, EVENTS
from server.catalog.findings import WARNING, Finding
from server.catalog.study import Study, on_flow, on_node

CODE = "sans-nom"
TITLE = "Chaque élément a un nom"
SEVERITY = WARNING


def check(study: Study) -> Iterator[Finding]:
    """Une tâche se nomme par un verbe et son objet, un événement par ce qui est vrai, un choix par une question et chaque sortie par une réponse."""
    for node in study.diagram.nodes.values():
        choice = node.type in ("exclusiveGateway", "inclusiveGateway") and len(study.diagram.out(node.id)) > 1
        if not node.name and (choice or node.type in ACTIVITIES | EVENTS):
            yield on_node(CODE, SEVERITY, node, f"{node.label} n'a pas de nom : donnez-lui-en un.")
        for flow in study.diagram.out(node.id) if choice else ():
            if not flow.name:
                yield on_flow(
                    CODE,
                    SEVERITY,
                    flow,
                    f"Le flux {flow.label}, qui sort de {node.label}, n'a pas de nom : écrivez la réponse à la question.",
                )
