"""What can be told of an expression without running it: the names it reads and its weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from server.feel.syntax import ContextOf, Filter, For, FunctionBody, Name, Node, Path, Quantified, TypeNode, Unusable

_Bound = frozenset[str]


def children(node: Node) -> Iterator[Node]:
    """The nodes right below, in the order of the text."""
    for field in fields(node):
        value = getattr(node, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if type(item).__module__ == Name.__module__ and not isinstance(item, TypeNode):
                yield item


def weight_of(node: Node) -> int:
    """How many nodes the tree has: what one turn of a loop over it costs."""
    waiting, count = [node], 0
    while waiting:
        count += 1
        waiting.extend(children(waiting.pop()))
    return count


def reads(node: Node, name: str) -> bool:
    """True when the name appears anywhere in the tree."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Name) and current.name == name:
            return True
        waiting.extend(children(current))
    return False


def warnings_of(node: Node) -> tuple[str, ...]:
    """What is certainly wrong in a text that can be read all the same, in French."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Unusable):
            found.append(current.warning)
        waiting.extend(children(current))
    return tuple(found)


def names_read(node: Node) -> tuple[frozenset[str], frozenset[str]]:
    """The free names (dotted with the keys that follow): those surely read, and those inside a filter, which may be entries of its items."""
    sure: set[str] = set()
    perhaps: set[str] = set()
    waiting: list[tuple[Node, _Bound, bool]] = [(node, frozenset(), False)]
    while waiting:
        current, bound, inside = waiting.pop()
        dotted = _dotted(current)
        if dotted:
            if dotted.split(".")[0] not in bound and dotted != "?":
                (perhaps if inside else sure).add(dotted)
            continue
        waiting.extend(_below(current, bound, inside))
    return frozenset(sure), frozenset(perhaps)


def _dotted(node: Node) -> str:
    keys: list[str] = []
    while isinstance(node, Path):
        keys.append(node.key)
        node = node.base
    return ".".join([node.name, *reversed(keys)]) if isinstance(node, Name) else ""


def _below(node: Node, bound: _Bound, inside: bool) -> Iterator[tuple[Node, _Bound, bool]]:  # noqa: FBT001
    if isinstance(node, Filter):
        yield node.base, bound, inside
        yield node.test, bound | {"item"}, True
    elif isinstance(node, For | Quantified):
        for turn in node.turns:
            yield turn.domain, bound, inside
            if turn.end is not None:
                yield turn.end, bound, inside
            bound |= {turn.name}
        yield node.body, bound | {"partial"}, inside
    elif isinstance(node, FunctionBody):
        yield node.body, bound | set(node.parameters), inside
    elif isinstance(node, ContextOf):
        for key, value in zip(node.keys, node.values, strict=True):
            yield value, bound, inside
            bound |= {key}
    else:
        for child in children(node):
            yield child, bound, inside
