"""Refuses a join of another kind than its split: the case would wait for ever, or go on twice."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.diagram import Node
from server.catalog.findings import ERROR, Finding
from server.catalog.graph import Dominators, starts_of
from server.catalog.study import Study, on_node

CODE = "reunion-differente"
TITLE = "Une réunion est du genre de sa division"
SEVERITY = ERROR
ALL = ("parallelGateway", "inclusiveGateway")
ONE = ("exclusiveGateway", "eventBasedGateway")


def check(study: Study) -> Iterator[Finding]:
    """Ce qu'un choix a séparé se réunit par un choix ; ce qui est parti en parallèle se réunit par une passerelle parallèle."""
    for scope in study.diagram.scopes:
        graph = study.graph(scope)
        crossed = Dominators(graph, [s.id for s in starts_of(study.diagram, scope)])
        for join in study.diagram.inside(scope):
            if join.id not in crossed:
                continue
            # Flows that come back from further on are loops, not branches of the split.
            sources = {f.source for f in study.diagram.into(join.id) if f.source in crossed and not crossed.crosses(f.source, join.id)}
            split = study.diagram.nodes.get(crossed.nearest(join.id))
            if len(sources) > 1 and split is not None:
                yield from _compare(join, split, {study.diagram.nodes[s].type for s in sources if s in study.diagram.nodes})


def _compare(join: Node, split: Node, sources: set[str]) -> Iterator[Finding]:
    if join.type in ALL and split.type in ONE:
        message = f"{join.label} attend toutes ses entrées, mais {split.label} n'en choisit qu'une : réunissez par un choix."
        yield on_node(CODE, SEVERITY, join, message)
    elif join.type == "parallelGateway" and "boundaryEvent" in sources | {split.type}:
        yield on_node(CODE, SEVERITY, join, f"{join.label} attend un événement de bord qui peut ne pas venir : réunissez par un choix.")
    elif join.type not in ALL and split.type in ALL and join.type != "endEvent":
        message = f"{join.label} laisse passer chaque branche de {split.label} : ce qui suit se ferait plusieurs fois. Réunissez par une passerelle du même genre."
        yield on_node(CODE, SEVERITY, join, message)
