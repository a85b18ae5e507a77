"""Refuses a loop in which nothing waits: it would turn until the engine stops it."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.graph import loops, without
from server.catalog.study import Study, on_node
from server.catalog.waits import is_wait

CODE = "boucle-sans-attente"
TITLE = "Une boucle attend quelque chose"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Chaque tour d'une boucle passe par une tâche d'agent, une date ou un message ; sinon elle tourne sans fin."""
    for scope in study.diagram.scopes:
        graph = study.graph(scope)
        waits = [n.id for n in study.diagram.inside(scope) if is_wait(n)]
        for loop in loops(without(graph, waits)):
            node = study.diagram.nodes[min(loop)]
            yield on_node(
                CODE, SEVERITY, node, f"La boucle qui passe par {node.label} n'attend rien : ajoutez une tâche, une date ou un message."
            )
