"""Paths in a diagram: what can be reached, what turns in a loop, what every path crosses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.catalog.diagram import Diagram, Node

Graph = Mapping[str, list[str]]


def graph_of(diagram: Diagram, scope: str) -> dict[str, list[str]]:
    """Node id -> next node ids inside one scope; an activity is followed by its boundary events too."""
    nodes = diagram.inside(scope)
    known = {n.id for n in nodes}
    return {
        n.id: [f.target for f in diagram.out(n.id) if f.target in known] + [b.id for b in diagram.boundaries(n.id) if b.id in known]
        for n in nodes
    }


def starts_of(diagram: Diagram, scope: str) -> list[Node]:
    """The start events of a scope."""
    return [n for n in diagram.inside(scope) if n.type == "startEvent"]


def reachable(graph: Graph, sources: Iterable[str]) -> set[str]:
    """Every node that some path from the sources meets, the sources included."""
    seen: set[str] = set()
    waiting = list(sources)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(graph.get(node, ()))
    return seen


def loops(graph: Graph) -> list[set[str]]:
    """The sets of nodes that lie on a common cycle."""
    after = {node: reachable(graph, graph[node]) for node in graph}
    found: list[set[str]] = []
    for node in graph:
        if node in after[node] and not any(node in loop for loop in found):
            found.append({other for other in after[node] if node in after.get(other, set())})
    return found


def without(graph: Graph, removed: Iterable[str]) -> dict[str, list[str]]:
    """The graph without some nodes and what led to them."""
    gone = set(removed)
    return {node: [n for n in nexts if n not in gone] for node, nexts in graph.items() if node not in gone}


def dominators(graph: Graph, starts: Iterable[str]) -> dict[str, set[str]]:
    """Node -> the nodes that every path from a start to it crosses, itself included; unreachable nodes are absent."""
    sources = list(starts)
    alive = reachable(graph, sources)
    found = {}
    for node in alive:
        others = alive - {node}
        found[node] = {node} | {
            other for other in others if node not in reachable(without(graph, [other]), [s for s in sources if s != other])
        }
    return found


def nearest_dominator(found: Mapping[str, set[str]], node: str) -> str:
    """The last node that every path crosses before `node`; "" when there is none."""
    before = found[node] - {node}
    return max(before, key=lambda other: len(found[other]), default="")
