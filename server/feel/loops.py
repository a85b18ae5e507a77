"""`for`, `some` and `every`: iterations over lists and ranges, each turn paid from the budget (DMN 1.5, 10.3.2.14 and grammar rules 43 to 46)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from server.feel.access import adopted
from server.feel.comparing import Range, compare, french_kind
from server.feel.numbers import CONTEXT
from server.feel.run import MAX_ITEMS, Closure, Frame, Run
from server.feel.syntax import For, Node, Quantified, Turn
from server.feel.temporal import date_from_number, day_number, is_date
from server.feel.walking import reads, weight_of
from server.kernel.errors import TooMuch
from server.kernel.values import Value

Build = Callable[[Node, int], Closure]
_ONE = Decimal(1)


class _NoDomain(Exception):
    """What is iterated over is null or not a list."""


def build_for(node: For, depth: int, build: Build) -> Closure:
    """The closure of `for … return …`; `partial` is the list of the results so far."""
    turns, body = _turns(node.turns, depth, build), build(node.body, depth)
    weight, partial = weight_of(node.body), reads(node.body, "partial")

    def loop(frame: Frame) -> Value:
        results: list[Value] = []
        run = frame.run
        try:
            for inner in _each(turns, 0, frame):
                run.spend(weight)
                if partial:
                    run.spend(len(results) // 8)
                    inner.names["partial"] = list(results)  # type: ignore[index]
                results.append(body(inner))
                if len(results) > MAX_ITEMS:
                    run.check_items(len(results))
        except _NoDomain:
            return None
        return results

    return loop


def build_quantified(node: Quantified, depth: int, build: Build) -> Closure:
    """The closure of `some` (a disjunction of its turns) or `every` (a conjunction)."""
    turns, body = _turns(node.turns, depth, build), build(node.body, depth)
    weight, decisive = weight_of(node.body), node.word == "some"

    def loop(frame: Frame) -> Value:
        verdict: bool | None = not decisive
        try:
            for inner in _each(turns, 0, frame):
                frame.run.spend(weight)
                value = body(inner)
                if value is decisive:
                    return decisive
                if type(value) is not bool:
                    verdict = None
        except _NoDomain:
            return None
        return verdict

    return loop


_Turn = tuple[str, Closure, Closure | None]


def _turns(turns: tuple[Turn, ...], depth: int, build: Build) -> tuple[_Turn, ...]:
    return tuple((turn.name, build(turn.domain, depth), None if turn.end is None else build(turn.end, depth)) for turn in turns)


def _each(turns: tuple[_Turn, ...], position: int, frame: Frame) -> Iterator[Frame]:
    """A frame for every combination of the turns, the last one turning fastest."""
    name, domain, end = turns[position]
    values = _span(domain(frame), end(frame), frame.run) if end is not None else _values(domain(frame), frame.run)
    for value in values:
        frame.run.spend(3)
        inner = Frame({name: adopted(value, frame.run)}, frame, frame.run)
        if position + 1 == len(turns):
            yield inner
        else:
            yield from _each(turns, position + 1, inner)


def _values(domain: Value, run: Run) -> Iterator[Value]:
    if type(domain) is list:
        return iter(domain)
    if type(domain) is Range:
        return _range_values(domain, run)
    if domain is None:
        run.note("La boucle porte sur une valeur absente (null).")
        raise _NoDomain
    return iter((domain,))


def _range_values(span: Range, run: Run) -> Iterator[Value]:
    if span.low is None or span.high is None:
        run.note("La boucle porte sur un intervalle sans début ou sans fin.")
        raise _NoDomain
    for value in _span(span.low, span.high, run):
        if (span.low_in or compare(value, span.low) != 0) and (span.high_in or compare(value, span.high) != 0):
            yield value


def _span(start: Value, end: Value, run: Run) -> Iterator[Value]:
    """start, start + 1, … to end (downwards when end is smaller), for whole numbers and dates."""
    if type(start) is Decimal and type(end) is Decimal and start == start.to_integral_value() and end == end.to_integral_value():
        _check_length(abs(end - start))
        return _numbers(start, end)
    if is_date(start) and is_date(end):
        first, last = day_number(start), day_number(end)
        _check_length(Decimal(abs(last - first)))
        return (date_from_number(number) for number in (range(first, last + 1) if first <= last else range(first, last - 1, -1)))
    run.note("Une boucle va d'un entier à un entier ou d'une date à une date, pas de {} à {}.", french_kind(start), french_kind(end))
    raise _NoDomain


def _numbers(start: Decimal, end: Decimal) -> Iterator[Decimal]:
    step = _ONE if start <= end else -_ONE
    value = start
    while value <= end if step > 0 else value >= end:
        yield value
        value = CONTEXT.add(value, step)


def _check_length(length: Decimal) -> None:
    if length > MAX_ITEMS:
        raise TooMuch(f"Boucle trop longue : plus de {MAX_ITEMS} tours.")
