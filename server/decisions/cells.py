"""Reads table cells as sets: the constants a column compares with cut its values into atoms, on each of which every cell gives one answer."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from server import feel
from server.decisions.types import NO_TIME
from server.feel import syntax
from server.kernel.values import Value, YearsMonths

_CONSTRUCTORS = frozenset({"date", "time", "date and time", "duration", "years and months duration", "number"})
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
ORDERED = ("number", "date", "date and time", "time", "days and time duration", "years and months duration")


def constants(tests: feel.UnaryTests) -> list[Value] | None:
    """The constants a cell compares its input with; None when the cell also reads something else, so that its set is not known beforehand."""
    found: list[Value] = []
    return found if all(_read(test, found) for test in tests.tree.tests) else None


def constant(node: syntax.Node) -> tuple[bool, Value]:
    """(True, its value) for a literal, or a date, time or duration built from literals."""
    if isinstance(node, syntax.Literal):
        return True, node.value
    if isinstance(node, syntax.Negate):
        known, value = constant(node.operand)
        return (True, -value) if known and isinstance(value, Decimal | timedelta) else (False, None)
    if (
        isinstance(node, syntax.Call)
        and isinstance(node.function, syntax.Name)
        and node.function.name in _CONSTRUCTORS
        and node.names is None
    ):
        literals = [a.value for a in node.arguments if isinstance(a, syntax.Literal)]
        if len(literals) == len(node.arguments) and all(isinstance(v, str | Decimal) for v in literals):
            text = ", ".join(json.dumps(v, ensure_ascii=False) if isinstance(v, str) else str(v) for v in literals)
            return True, feel.compile(f"{node.function.name}({text})").evaluate({}, NO_TIME)
    return False, None


def _read(node: syntax.Node, found: list[Value]) -> bool:
    """Adds the constants of a test; False when it is not made of comparisons of the input with constants."""
    known, value = constant(node)
    if known:
        found.append(value)
        return True
    parts = _operands(node)
    return parts is not None and all(_is_input(part) or _read(part, found) for part in parts)


def _is_input(node: syntax.Node) -> bool:
    return isinstance(node, syntax.Name) and node.name == "?"


def _operands(node: syntax.Node) -> Sequence[syntax.Node] | None:
    """What must be constants for the node to be a set of inputs; None for any other node."""
    match node:
        case syntax.Test():
            return None if _is_input(node.expression) else [node.expression]
        case syntax.RangeOf():
            return [end for end in (node.low, node.high) if end is not None]
        case syntax.ListOf():
            return node.items
        case syntax.Tests():
            return node.tests
        case syntax.Compare():
            return [node.left, node.right]
        case syntax.Between():
            return [node.value, node.low, node.high]
        case syntax.In():
            return [node.value, *node.tests]
        case syntax.Logic():
            return node.operands
        case syntax.Call() if isinstance(node.function, syntax.Name) and node.function.name == "not":
            return node.arguments
        case _:
            return None


@dataclass(frozen=True)
class _Order:
    """How values of an ordered kind are sorted, stepped and halved."""

    key: Callable[[Any], Any]
    step: Callable[[Any, int], Any]
    middle: Callable[[Any, Any], Any]


def _between_numbers(low: Decimal, high: Decimal) -> Decimal:
    middle = (low + high) / 2
    whole = middle.to_integral_value()
    return whole if low < whole < high else middle.normalize()


def _moment_key(value: datetime) -> datetime:
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def _time_key(value: time) -> int:
    offset = value.utcoffset() or timedelta()
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond - offset // timedelta(microseconds=1)


def _step_time(value: time, by: int) -> time | None:
    stepped = datetime.combine(date(2000, 1, 2), value) + by * _SECOND
    return stepped.timetz() if stepped.date() == date(2000, 1, 2) else None


def _middle_time(low: time, high: time) -> time | None:
    start, end = (datetime.combine(date(2000, 1, 2), v) for v in (low, high))
    found = start + (end - start) / 2 if low.tzinfo == high.tzinfo else None
    return None if found is None or found in {start, end} else found.timetz()


_ORDERS: dict[str, _Order] = {
    "number": _Order(lambda v: v, lambda v, by: v + by, _between_numbers),
    "date": _Order(lambda v: v, lambda v, by: v + by * _DAY, lambda a, b: a + _DAY if b - a > _DAY else None),
    "date and time": _Order(_moment_key, lambda v, by: v + by * _DAY, lambda a, b: a + (_moment_key(b) - _moment_key(a)) / 2),
    "time": _Order(_time_key, _step_time, _middle_time),
    "days and time duration": _Order(lambda v: v, lambda v, by: v + by * _DAY, lambda a, b: a + (b - a) / 2),
    "years and months duration": _Order(
        lambda v: v.months,
        lambda v, by: YearsMonths(v.months + by),
        lambda a, b: YearsMonths((a.months + b.months) // 2) if b.months - a.months > 1 else None,
    ),
}
_PYTHON = {
    "number": Decimal,
    "date": date,
    "date and time": datetime,
    "time": time,
    "days and time duration": timedelta,
    "years and months duration": YearsMonths,
}


def atoms(kind: str, found: Iterable[Value], *, whole: bool = False) -> list[Value] | None:
    """One value per part of the column's domain on which all its cells answer alike; None when the kind cannot be cut into parts.

    `whole`: only whole numbers are possible (integer, long). Null is a part only when a cell speaks of it.
    """
    values = list(found)
    nulls: list[Value] = [None] if any(v is None for v in values) else []
    values = [v for v in values if v is not None]
    if kind == "boolean":
        return [True, False, *nulls]
    if kind == "string":
        texts = list(dict.fromkeys(v for v in values if isinstance(v, str)))
        return [*texts, _other_text(texts), *nulls]
    if kind not in _ORDERS or not all(_plain(v, kind) for v in values if feel.kind_of(v) == kind):
        return None
    cut = _cut(_ORDERS[kind], [v for v in values if feel.kind_of(v) == kind]) or any_value(kind)
    return [v for v in cut if v is not None and (not whole or v == v.to_integral_value())] + nulls


def _plain(value: Value, kind: str) -> bool:
    return isinstance(value, _PYTHON[kind])


def _other_text(texts: list[str]) -> str:
    other = "autre"
    while other in texts:
        other += " valeur"
    return other


def _cut(order: _Order, values: list[Value]) -> list[Value]:
    if not values:
        return []
    points = sorted({order.key(v): v for v in values}.items(), key=lambda pair: pair[0])
    ends = [v for _, v in points]
    cut: list[Value] = [_stepped(order, ends[0], -1)]
    for low, high in pairwise(ends):
        cut += [low, order.middle(low, high)]
    return [*cut, ends[-1], _stepped(order, ends[-1], 1)]


def _stepped(order: _Order, value: Value, by: int) -> Value:
    try:
        return order.step(value, by)
    except OverflowError:
        return None


def alike(kind: str, values: Sequence[Value], found: Sequence[Value]) -> list[Sequence[int]]:
    """Runs of places of atoms between which no constant of a cell lies; the atoms of an ordered kind are in order, null last."""
    end = len(values) - (1 if values and values[-1] is None else 0)
    groups: list[Sequence[int]] = [(end,)] if end < len(values) else []
    if kind not in _ORDERS:
        return [(place,) for place in range(end)] + groups
    key = _ORDERS[kind].key
    start = 0
    for mark in sorted({key(v) for v in found if v is not None and feel.kind_of(v) == kind}):
        low = bisect_left(values, mark, 0, end, key=key)
        high = bisect_right(values, mark, 0, end, key=key)
        groups += [places for places in (range(start, low), range(low, high)) if places]
        start = high
    return groups + ([range(start, end)] if start < end else [])


def any_value(kind: str) -> list[Value]:
    """One atom for a column whose cells compare with nothing."""
    samples: dict[str, Value] = {
        "number": Decimal(0),
        "date": date(2026, 1, 1),
        "date and time": datetime(2026, 1, 1, tzinfo=UTC),
        "time": time(12, 0),
        "days and time duration": _DAY,
        "years and months duration": YearsMonths(1),
    }
    return [samples.get(kind, "autre")]
