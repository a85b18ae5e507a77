"""Finds the steps that weigh on a person's allowance, and what can reach them without a human act."""

from __future__ import annotations

from collections.abc import Iterable

from server.catalog.diagram import Node
from server.catalog.graph import reachable
from server.catalog.study import Study


def weighs(node: Node) -> bool:
    """True for a step that sends a reduction to the payer or writes a sanction on the case."""
    kind = node.zeebe("taskDefinition").get("type", "")
    # A slip that lifts a sanction gives back: its default may be to lift.
    return (kind == "bordereau_caf" and node.headers.get("objet", "") != "levee") or (
        kind == "fait" and node.headers.get("nom", "") == "sanction"
    )


def reached_unseen(study: Study, scope: str, sources: Iterable[str]) -> list[Node]:
    """The steps that weigh on a person and that these nodes lead to without an agent's task on the way."""
    graph = study.graph(scope)
    people = {n.id for n in study.diagram.inside(scope) if n.type == "userTask"}
    open_ways = {node: [] if node in people else nexts for node, nexts in graph.items()}
    met = reachable(open_ways, sources)
    return [node for node in study.diagram.inside(scope) if node.id in met and weighs(node)]
