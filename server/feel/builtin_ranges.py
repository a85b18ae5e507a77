"""Built-in functions that place points and ranges on a line, and range() (DMN 1.5, 10.3.4.9, table 78)."""

from __future__ import annotations

from collections.abc import Callable

from server.feel.comparing import Range, compare
from server.feel.constants import constant
from server.feel.parser import parse_range
from server.feel.registry import builtin
from server.feel.run import Run
from server.kernel.errors import ModelError
from server.kernel.values import Value


class _NoOrder(Exception):
    """Two ends cannot be compared."""


# An end of a range as something to compare: (-1, None) before all, (0, value), (1, None) after all.
_End = tuple[int, Value]


def _low(span: Range) -> _End:
    return (-1, None) if span.low is None else (0, span.low)


def _high(span: Range) -> _End:
    return (1, None) if span.high is None else (0, span.high)


def _order(left: _End, right: _End) -> int:
    if left[0] or right[0]:
        return (left[0] > right[0]) - (left[0] < right[0])
    found = compare(left[1], right[1])
    if found is None:
        raise _NoOrder
    return found


def _as_range(value: Value) -> Range:
    """A point as the range that holds it alone."""
    return value if isinstance(value, Range) else Range(value, value, low_in=True, high_in=True)


def _before(a: Range, b: Range) -> bool:
    order = _order(_high(a), _low(b))
    return order < 0 or (order == 0 and not (a.high_in and b.low_in))


def _meets(a: Range, b: Range) -> bool:
    return a.high_in and b.low_in and _order(_high(a), _low(b)) == 0


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _starts_sooner(a: Range, b: Range) -> bool:
    order = _order(_low(a), _low(b))
    return order < 0 or (order == 0 and a.low_in and not b.low_in)


def _ends_no_later(a: Range, b: Range) -> bool:
    order = _order(_high(a), _high(b))
    return order < 0 or (order == 0 and (not a.high_in or b.high_in))


def _starts_no_sooner(a: Range, b: Range) -> bool:
    order = _order(_low(a), _low(b))
    return order > 0 or (order == 0 and (not a.low_in or b.low_in))


def _overlaps_before(a: Range, b: Range) -> bool:
    return _starts_sooner(a, b) and not _before(a, b) and _ends_no_later(a, b)


def _includes(a: Range, b: Range) -> bool:
    return _starts_no_sooner(b, a) and _ends_no_later(b, a)


def _starts(a: Range, b: Range) -> bool:
    return _order(_low(a), _low(b)) == 0 and a.low_in == b.low_in and _ends_no_later(a, b)


def _finishes(a: Range, b: Range) -> bool:
    return _order(_high(a), _high(b)) == 0 and a.high_in == b.high_in and _starts_no_sooner(a, b)


def _coincides(a: Range, b: Range) -> bool:
    same_ends = _order(_low(a), _low(b)) == 0 and _order(_high(a), _high(b)) == 0
    return same_ends and a.low_in == b.low_in and a.high_in == b.high_in


Relation = Callable[[Range, Range], bool]


def _reversed(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


def _relation(name: str, relation: Relation, points: tuple[bool, bool]) -> None:
    """Registers a relation; `points` tells which of the two arguments may be a point."""

    def body(run: Run, left: Value, right: Value) -> Value:
        for value, point in zip((left, right), points, strict=True):
            if not point and not isinstance(value, Range):
                return run.note("{}() attend un intervalle.", name)
        if name == "coincides" and isinstance(left, Range) != isinstance(right, Range):
            return run.note("coincides() compare deux points ou deux intervalles.")
        try:
            return relation(_as_range(left), _as_range(right))
        except _NoOrder:
            return run.note("{}() : les valeurs ne se comparent pas.", name)

    first, second = ("point1" if points[0] else "range1"), ("point2" if points[1] else "range2")
    builtin(name, f"{first}:point or range, {second}:point or range")(body)


for _name, _rule, _points in (
    ("before", _before, (True, True)),
    ("after", _reversed(_before), (True, True)),
    ("meets", _meets, (False, False)),
    ("met by", _reversed(_meets), (False, False)),
    ("overlaps", _overlaps, (False, False)),
    ("overlaps before", _overlaps_before, (False, False)),
    ("overlaps after", _reversed(_overlaps_before), (False, False)),
    ("finishes", _finishes, (True, False)),
    ("finished by", _reversed(_finishes), (False, True)),
    ("includes", _includes, (False, True)),
    ("during", _reversed(_includes), (True, False)),
    ("starts", _starts, (True, False)),
    ("started by", _reversed(_starts), (False, True)),
    ("coincides", _coincides, (True, True)),
):
    _relation(_name, _rule, _points)


@builtin("range", "from:string")
def _range(run: Run, text: str) -> Value:
    """range("[1..5]"): both ends are literals (10.3.4.1)."""
    try:
        tree = parse_range(text)
    except ModelError:
        tree = None
    if tree is None:
        return run.note("range() : « {} » n'est pas un intervalle.", text[:40])
    low = None if tree.low is None else constant(tree.low)
    high = None if tree.high is None else constant(tree.high)
    if (low is None and tree.low is not None) or (high is None and tree.high is not None):
        return run.note("range() : les deux bornes de « {} » doivent être des valeurs simples.", text[:40])
    if tree.low is None or tree.high is None:
        return Range(low, high, tree.low_in, tree.high_in) if tree.low or tree.high else run.note("range() : aucune borne.")
    order = compare(low, high)
    if order is None or order > 0:
        return run.note("range() : les bornes de « {} » ne se suivent pas.", text[:40])
    return Range(low, high, tree.low_in, tree.high_in)
