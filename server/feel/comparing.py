"""Kinds of values, equality and order (DMN 1.5, 10.3.2.13, tables 53 and 54): None when two values cannot be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from server.feel.run import Function, Run
from server.feel.temporal import (
    FineTime,
    WideDate,
    WideDuration,
    WideMoment,
    clock_instant,
    clock_nanoseconds,
    instant,
    local_instant,
    nanoseconds,
    zone_of,
)
from server.kernel.values import Value, YearsMonths


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, each end in or out; a missing end is None and never in."""

    low: Value
    high: Value
    low_in: bool = True
    high_in: bool = True


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    int: "number",
    str: "string",
    date: "date",
    WideDate: "date",
    time: "time",
    FineTime: "time",
    datetime: "date and time",
    WideMoment: "date and time",
    timedelta: "days and time duration",
    WideDuration: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
_SIMPLE = frozenset({bool, Decimal, int, str, YearsMonths})
FRENCH_KINDS = {
    "null": "null",
    "boolean": "un booléen",
    "number": "un nombre",
    "string": "un texte",
    "date": "une date",
    "time": "une heure",
    "date and time": "une date et heure",
    "days and time duration": "une durée en jours et heures",
    "years and months duration": "une durée en années et mois",
    "list": "une liste",
    "context": "un contexte",
    "range": "un intervalle",
    "function": "une fonction",
    "list<number>": "une liste de nombres",
    "unknown": "une valeur étrangère à FEEL",
}


def kind_of(value: Value) -> str:
    """The FEEL kind of a value: number, string, boolean, date, time, date and time, …, or unknown for what is not a FEEL value."""
    return _KINDS.get(type(value), "unknown")


def french_kind(value: Value) -> str:
    """The kind of a value, in words for a reason."""
    return FRENCH_KINDS[kind_of(value)]


def is_value(value: Value) -> bool:
    """True for a value FEEL knows (its items are not looked at)."""
    return type(value) in _KINDS


def equals(left: Value, right: Value, run: Run | None = None) -> bool | None:
    """left = right; None when the two are of different kinds."""
    kind = type(left)
    if kind is type(right) and kind in _SIMPLE:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    name = kind_of(left)
    if name != kind_of(right) or name == "unknown":
        return None
    if name == "list":
        return _equal_lists(left, right, run)
    if name == "context":
        return _equal_contexts(left, right, run)
    if name == "range":
        return _equal_ranges(left, right)
    if name == "function":
        return left is right
    if name in {"time", "date and time"} and (zone_of(left) is None) != (zone_of(right) is None):
        return False
    return compare(left, right) == 0


def _equal_ranges(left: Range, right: Range) -> bool:
    same_ends = equals(left.low, right.low) is True and equals(left.high, right.high) is True
    return same_ends and left.low_in == right.low_in and left.high_in == right.high_in


def _equal_lists(left: list[Value], right: list[Value], run: Run | None) -> bool:
    if len(left) != len(right):
        return False
    if run is not None:
        run.spend(len(left))
    return all(equals(a, b, run) is True for a, b in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Value], right: dict[str, Value], run: Run | None) -> bool:
    if run is not None:
        run.spend(len(left))
    return left.keys() == right.keys() and all(equals(value, right[key], run) is True for key, value in left.items())


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 by the order of FEEL; None when there is no order between the two."""
    name = kind_of(left)
    if name != kind_of(right):
        return None
    if name in {"number", "string"}:
        return -1 if left < right else int(left > right)
    measure = _MEASURES.get(name)
    if measure is None:
        return None
    if name in {"time", "date and time"} and (zone_of(left) is None) != (zone_of(right) is None):
        # A local value takes the offset of the other one (table 54): the two clocks are compared as they read.
        measure = _LOCAL_MEASURES[name]
    return _sign(measure(left), measure(right))


_LOCAL_MEASURES: dict[str, Callable[..., Any]] = {"time": clock_nanoseconds, "date and time": local_instant}
_MEASURES: dict[str, Callable[..., Any]] = {
    "date": lambda value: (value.year, value.month, value.day),
    "time": clock_instant,
    "date and time": instant,
    "days and time duration": nanoseconds,
    "years and months duration": lambda value: value.months,
}


def _sign(left: Any, right: Any) -> int:
    return -1 if left < right else int(left > right)


def contains(span: Range, value: Value) -> bool | None:
    """True when the value lies in the range; None when it cannot be compared with its ends."""
    if span.low is not None:
        order = compare(value, span.low)
        if order is None:
            return None
        if order < 0 or (order == 0 and not span.low_in):
            return False
    if span.high is not None:
        order = compare(value, span.high)
        if order is None:
            return None
        if order > 0 or (order == 0 and not span.high_in):
            return False
    return True


def matches_value(value: Value, wanted: Value, run: Run | None = None) -> bool | None:
    """`value in wanted`: in a range, among the items of a list (ranges allowed), or equal."""
    if type(wanted) is Range and type(value) is not Range:
        return contains(wanted, value)
    if type(wanted) is list:
        if run is not None:
            run.spend(len(wanted))
        if type(value) is list and equals(value, wanted, run):
            return True
        return any(matches_value(value, item, run) is True for item in wanted)
    return equals(value, wanted, run)
