"""The tree of a FEEL text: what the parser gives and the compiler reads."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Union


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, boolean, null or at-literal, already a value."""

    value: object


@dataclass(frozen=True, slots=True)
class Unusable:
    """What can be read but never has a value (an at-literal that is no date, an external function): null, and a warning in French."""

    warning: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or a function, by its name."""

    name: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Path:
    """`base.key`."""

    base: Node
    key: str


@dataclass(frozen=True, slots=True)
class Descendants:
    """`base...key`: every entry of that name, at any depth."""

    base: Node
    key: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`base[test]`."""

    base: Node
    test: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; `names` is None for arguments by position."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Negate:
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two operands and one of + - * / **."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands and one of = != < <= > >=."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """Operands joined by `and` or `or`."""

    word: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    """`value in tests`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`."""

    value: Node
    type: TypeNode


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Turn:
    """One `name in domain` of an iteration; `end` is given for `start..end`."""

    name: str
    domain: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For:
    """`for turns return body`."""

    turns: tuple[Turn, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some` or `every` turns satisfies body."""

    word: str
    turns: tuple[Turn, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class FunctionBody:
    """`function(parameters) body`; a type is None when not written."""

    parameters: tuple[str, ...]
    types: tuple[TypeNode | None, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[items]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    """`{key: value}`."""

    keys: tuple[str, ...]
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """A range; an end that is None has no bound."""

    low: Node | None
    high: Node | None
    low_in: bool
    high_in: bool


@dataclass(frozen=True, slots=True)
class Test:
    """One positive unary test made of an expression: compared with `?`, or true by itself when it reads `?`."""

    expression: Node


@dataclass(frozen=True, slots=True)
class Tests:
    """The unary tests of a cell, any of which may hold; `negated` for not(...). No test at all is `-`."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TypeNode:
    """A type as written: its name, its argument types, and for a context the names of its entries; for a function the result is last."""

    name: str
    arguments: tuple[TypeNode, ...] = ()
    keys: tuple[str, ...] = ()


Node = Union[  # noqa: UP007 - a forward reference to a union needs the quoted or the Union form
    Literal, Unusable, Name, Path, Descendants, Filter, Call, Negate, Arithmetic, Compare, Logic, Between, In, InstanceOf, If, For, Quantified,
    FunctionBody, ListOf, ContextOf, RangeOf, Test, Tests,
]  # fmt: skip

TRUE = Literal(value=True)
ONE = Literal(Decimal(1))
