"""The type that can be read on an expression without running it, and when a type fits another (DMN 1.5, 10.3.2.9.2)."""

from __future__ import annotations

from server.feel.comparing import kind_of
from server.feel.syntax import (
    Between,
    Compare,
    ContextOf,
    FunctionBody,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Name,
    Node,
    Quantified,
    TypeNode,
)

ANY = TypeNode("Any")
# What cannot be told without running; it fits everything.
UNKNOWN = TypeNode("?")
_BOOLEAN = (Between, Compare, In, InstanceOf, Logic, Quantified)


def inferred(node: Node, names: dict[str, TypeNode]) -> TypeNode:
    """The type of an expression whose names have these types; UNKNOWN when it takes running to know."""
    if isinstance(node, Literal):
        return TypeNode("Null" if node.value is None else kind_of(node.value))
    if isinstance(node, Name):
        return names.get(node.name, UNKNOWN)
    if isinstance(node, ContextOf):
        return TypeNode("context", tuple(inferred(value, names) for value in node.values), node.keys)
    if isinstance(node, ListOf):
        kinds = {inferred(item, names) for item in node.items}
        return TypeNode("list", (kinds.pop() if len(kinds) == 1 else ANY,))
    if isinstance(node, If):
        yes, no = inferred(node.yes, names), inferred(node.no, names)
        return yes if yes == no else UNKNOWN
    if isinstance(node, FunctionBody):
        return function_type(node, names)
    return TypeNode("boolean") if isinstance(node, _BOOLEAN) else UNKNOWN


def function_type(node: FunctionBody, names: dict[str, TypeNode] | None = None) -> TypeNode:
    """The type of a function definition; a parameter without type takes anything."""
    types = tuple(kind or ANY for kind in node.types)
    inside = {**(names or {}), **dict(zip(node.parameters, types, strict=True))}
    return TypeNode("function", (*types, inferred(node.body, inside)))


def fits(one: TypeNode, other: TypeNode) -> bool:
    """True when every value of `one` is a value of `other`: more entries fit fewer, functions take more and give less."""
    if one == other or other.name == "Any" or "?" in {one.name, other.name}:
        return True
    if one.name != other.name:
        return one.name == "Null"
    if not other.arguments:
        return True
    if one.name == "context":
        given = dict(zip(one.keys, one.arguments, strict=True))
        wanted = zip(other.keys, other.arguments, strict=True)
        return all(key in given and fits(given[key], kind) for key, kind in wanted)
    if len(one.arguments) != len(other.arguments):
        return False
    if one.name == "function":
        *taken, result = one.arguments
        *offered, expected = other.arguments
        return all(fits(offer, take) for offer, take in zip(offered, taken, strict=True)) and fits(result, expected)
    return fits(one.arguments[0], other.arguments[0])
