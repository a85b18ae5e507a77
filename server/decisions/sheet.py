"""Lays a decision table out as a grid of atoms, from which gaps and overlaps are read exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from server import feel
from server.decisions import elements as dmn
from server.decisions.cells import alike, any_value, atoms, constants
from server.decisions.covering import Grid, bits
from server.decisions.graph import Node
from server.decisions.tables import split_tests
from server.decisions.types import ANY, NO_TIME, Type, Types
from server.kernel.errors import ModelError, TooMuch
from server.kernel.values import Value

_WHOLE = frozenset({"integer", "long"})
MAX_CONSTANTS = 20_000


@dataclass(frozen=True)
class Sheet:
    """A table as sets. In `lower` a cell that is not known beforehand holds nothing, in `upper` everything: what is found in both is certain.

    `values[c]` are the atoms of column c, `labels[c]` its name for a person; `unknown` the labels of columns with such cells.
    """

    table: dmn.Table
    labels: list[str]
    values: list[list[Value]]
    lower: Grid
    upper: Grid
    unknown: list[str]
    ranks: list[list[int]]

    def example(self, box: Sequence[int]) -> dict[str, Value]:
        """One input inside a box."""
        return {label: values[bits(cell)[0]] for label, values, cell in zip(self.labels, self.values, box, strict=True)}

    def same_results(self, first: int, second: int) -> bool:
        """True when two rules are written with the same results, or with equal constants."""
        pair = (self.table.rules[first].outputs, self.table.rules[second].outputs)
        return all(a == b or _equal(a, b) for a, b in zip(*pair, strict=True))

    def stronger(self, rule: int) -> int:
        """The rules, as bits, whose results have a higher priority than those of this one."""
        return sum(1 << other for other, rank in enumerate(self.ranks) if rank < self.ranks[rule]) if self.ranks else 0


def _equal(first: str, second: str) -> bool:
    try:
        expressions = [feel.compile(first), feel.compile(second)]
    except (ModelError, TooMuch):
        return False
    if any(e.names for e in expressions):
        return False
    return bool(expressions[0].evaluate({}, NO_TIME) == expressions[1].evaluate({}, NO_TIME))


@dataclass
class _Column:
    """A column of the sheet: the clauses that test the same expression, together."""

    label: str
    places: list[int]
    type: Type
    type_ref: str
    allowed: list[feel.UnaryTests]
    values: list[Value] = field(default_factory=list)
    kind: str = "Any"
    opaque: bool = False


def lay_out(types: Types, table: dmn.Table, needs: Sequence[Node]) -> Sheet:
    """The grid of a table; `needs` are the elements its decision requires, whose declared types complete those of the columns."""
    columns = _columns(types, table, {n.name: n for n in needs})
    lower: list[list[int]] = [[] for _ in table.rules]
    upper: list[list[int]] = [[] for _ in table.rules]
    unknown: list[str] = []
    for column in columns:
        cells = {text: tests_of(text) for place in column.places for rule in table.rules for text in [rule.inputs[place]]}
        known = _values(column, cells)
        if not known:
            unknown.append(column.label)
        everything = (1 << len(column.values)) - 1
        sets = {text: None if column.opaque else _set(tests, column) for text, tests in cells.items()}
        for rule in table.rules:
            low = high = everything
            for place in column.places:
                found = sets[rule.inputs[place]]
                low &= 0 if found is None else found
                high &= everything if found is None else found
            lower[rule.line - 1].append(low)
            upper[rule.line - 1].append(high)
    sizes = [len(c.values) for c in columns]
    return Sheet(
        table,
        [c.label for c in columns],
        [c.values for c in columns],
        Grid(sizes, lower),
        Grid(sizes, upper),
        unknown,
        _ranks(types, table),
    )


def tests_of(text: str) -> feel.UnaryTests | None:
    """The tests of a cell, or None when it cannot be read (said elsewhere)."""
    try:
        return feel.compile_unary(text or "-")
    except (ModelError, TooMuch):
        return None


def _columns(types: Types, table: dmn.Table, needs: dict[str, Node]) -> list[_Column]:
    columns: dict[str, _Column] = {}
    for place, clause in enumerate(table.inputs):
        key = " ".join(clause.text.split())
        if key in columns:
            columns[key].places.append(place)
            continue
        declared = types.get(clause.type_ref) or ANY
        required = needs[clause.text].type if clause.text in needs else ANY
        kind = required if declared is ANY else declared
        tests = [t for t in [tests_of(clause.allowed) if clause.allowed else None] if t is not None]
        tests += [t for owner in {id(declared): declared, id(required): required}.values() for t, _ in owner.allowed]
        columns[key] = _Column(clause.label or clause.text, [place], kind, clause.type_ref, tests)
    return list(columns.values())


def _values(column: _Column, cells: dict[str, feel.UnaryTests | None]) -> bool:
    """Gives the column its atoms; False when some of its cells are not known beforehand."""
    found: list[Value] = []
    known = True
    for tests in (*cells.values(), *column.allowed):
        read = None if tests is None else constants(tests)
        known = known and read is not None
        found += read or []
    kind = column.type.kind if column.type.kind != "Any" else next((feel.kind_of(v) for v in found if v is not None), "Any")
    cut = atoms(kind, found, whole=column.type_ref in _WHOLE) if len(found) <= MAX_CONSTANTS else None
    if cut is None:
        column.opaque = any(v is not None for v in found)
        known = known and not column.opaque
        cut = any_value(kind) + ([None] if None in found else [])
    allowed = [v for v in cut if v is None or all(t.test(v, {}, NO_TIME) is True for t in column.allowed)]
    column.values = allowed or cut
    column.kind = kind
    return known


def _set(tests: feel.UnaryTests | None, column: _Column) -> int | None:
    """The atoms a cell accepts, as bits; None when it reads more than its input and constants.

    Between two constants of the cell all atoms get one answer: one of them is asked for all.
    """
    found = None if tests is None else constants(tests)
    if tests is None or found is None:
        return None
    accepted = 0
    for places in alike(column.kind, column.values, found):
        if tests.test(column.values[places[0]], {}, NO_TIME) is True:
            accepted |= (1 << places[-1] + 1) - (1 << places[0])
    return accepted


def _ranks(types: Types, table: dmn.Table) -> list[list[int]]:
    """The priority of each rule, smallest first, by the order of the output values; [] when they have none or are calculated."""
    if table.policy != "PRIORITY":
        return []
    ranks: list[list[int]] = [[] for _ in table.rules]
    for place, clause in enumerate(table.outputs):
        kind = types.get(clause.type_ref) or ANY
        listed = clause.allowed or (kind.allowed[0][1] if kind.allowed else "")
        order = [t for t in map(tests_of, split_tests(listed)) if t is not None]
        for rule in table.rules:
            rank = _rank(rule.outputs[place], order)
            if rank is None:
                return []
            ranks[rule.line - 1].append(rank)
    return ranks


def _rank(text: str, order: list[feel.UnaryTests]) -> int | None:
    try:
        expression = feel.compile(text or "null")
    except (ModelError, TooMuch):
        return None
    if expression.names:
        return None
    value = expression.evaluate({}, NO_TIME)
    return next((place for place, tests in enumerate(order) if tests.test(value, {}, NO_TIME) is True), len(order))
