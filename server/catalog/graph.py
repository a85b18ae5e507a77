"""Paths in a diagram: what can be reached, what turns in a loop, what every path crosses. Cost grows with the size of the diagram, not its square."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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


def without(graph: Graph, removed: Iterable[str]) -> dict[str, list[str]]:
    """The graph without some nodes and what led to them."""
    gone = set(removed)
    return {node: [n for n in nexts if n not in gone] for node, nexts in graph.items() if node not in gone}


def loops(graph: Graph) -> list[set[str]]:
    """The sets of nodes that lie on a common cycle (strongly connected parts, as Kosaraju finds them)."""
    before: dict[str, list[str]] = {}
    for node, nexts in graph.items():
        for other in nexts:
            before.setdefault(other, []).append(node)
    found: list[set[str]] = []
    taken: set[str] = set()
    for node in reversed(list(_finished(graph, graph))):
        if node in taken:
            continue
        part = _backwards(before, node, taken)
        taken |= part
        if len(part) > 1 or node in graph.get(node, ()):
            found.append(part)
    return found


def _backwards(before: Mapping[str, list[str]], source: str, taken: set[str]) -> set[str]:
    """The nodes not yet taken that lead to `source`."""
    seen: set[str] = set()
    waiting = [source]
    while waiting:
        node = waiting.pop()
        if node not in seen and node not in taken:
            seen.add(node)
            waiting.extend(before.get(node, ()))
    return seen


def _finished(graph: Graph, sources: Iterable[str]) -> Iterator[str]:
    """The nodes in the order in which a walk in depth leaves them."""
    seen: set[str] = set()
    for source in sources:
        if source in seen:
            continue
        seen.add(source)
        path = [(source, iter(graph.get(source, ())))]
        while path:
            node, nexts = path[-1]
            following = next((n for n in nexts if n not in seen), None)
            if following is None:
                path.pop()
                yield node
            else:
                seen.add(following)
                path.append((following, iter(graph.get(following, ()))))


class Dominators:
    """For each node that can be reached from the starts, the last node that every path to it crosses (Cooper, Harvey and Kennedy's method)."""

    ROOT = ""  # stands before all starts

    def __init__(self, graph: Graph, starts: Iterable[str]) -> None:
        rooted = {**graph, self.ROOT: list(starts)}
        order = list(_finished(rooted, [self.ROOT]))
        self._rank = {node: rank for rank, node in enumerate(order)}
        before: dict[str, list[str]] = {}
        for node in order:
            for other in rooted.get(node, ()):
                before.setdefault(other, []).append(node)
        self._last = {self.ROOT: self.ROOT}
        changed = True
        while changed:
            changed = False
            for node in reversed(order[:-1]):
                known = [b for b in before[node] if b in self._last]
                nearest = known[0]
                for other in known[1:]:
                    nearest = self._common(nearest, other)
                if self._last.get(node) != nearest:
                    self._last[node], changed = nearest, True

    def _common(self, one: str, other: str) -> str:
        while one != other:
            while self._rank[one] < self._rank[other]:
                one = self._last[one]
            while self._rank[other] < self._rank[one]:
                other = self._last[other]
        return one

    def __contains__(self, node: str) -> bool:
        return node in self._last

    def nearest(self, node: str) -> str:
        """The last node that every path crosses before `node`; "" when there is none."""
        return self._last.get(node, self.ROOT)

    def crosses(self, node: str, other: str) -> bool:
        """True when every path to `node` crosses `other`, itself included."""
        while node in self._last and node != self.ROOT:
            if node == other:
                return True
            node = self._last[node]
        return False
