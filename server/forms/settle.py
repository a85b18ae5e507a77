"""Finds which components show and what expressions are worth: conditions depend on answers that other conditions remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.feel import Expression
from server.forms.choices import Proposed, proposed
from server.forms.entries import Unreadable, read_entry
from server.forms.layout import Path, Source, Spot, fixed_rows, lay_out, scope_of
from server.forms.model import Form
from server.forms.posted import dig
from server.kernel.values import Value


@dataclass(frozen=True)
class Filled:
    """A form with answers. `data` is what expressions see; `hidden` numbers of spots; `unread` sentences by number of spot."""

    spots: Sequence[Spot]
    values: Sequence[Value]
    hidden: frozenset[int]
    readonly: frozenset[int]
    unread: Mapping[int, str]
    data: Mapping[str, Value]


def fill(form: Form, source: Source, now: datetime, zone: str) -> Filled:
    """Reads every answer, then settles conditions and expressions to a fixed point.

    Turns are bounded by the number of conditions and expressions; if they never agree (one hides the other in a circle), what any of the last
    turns hid stays hidden: less is kept rather than more.
    """
    spots = lay_out(form, source)
    touched = {spot.path[0] for spot in spots if spot.path}
    most = (
        2 * sum(1 for spot in spots if spot.component.hide or spot.component.readonly.expression or spot.component.type == "expression") + 2
    )
    hidden: frozenset[int] = frozenset()
    readonly: frozenset[int] = frozenset()
    values, unread = _read(spots, zone, now, _data(spots, [None] * len(spots), hidden, readonly, source, touched))
    data = _data(spots, values, hidden, readonly, source, touched)
    for turn in range(most):
        now_hidden, now_readonly = _hidden(spots, data, now), _readonly(spots, data, now)
        if turn > most // 2:
            now_hidden |= hidden
        values, unread = _read(spots, zone, now, data)
        settled = _data(spots, values, now_hidden, now_readonly, source, touched)
        if (now_hidden, now_readonly) == (hidden, readonly) and settled == data:
            break
        hidden, readonly, data = now_hidden, now_readonly, settled
    return Filled(spots, values, hidden, readonly, unread, data)


def _hidden(spots: Sequence[Spot], data: Mapping[str, Value], now: datetime) -> frozenset[int]:
    hidden: set[int] = set()
    for number, spot in enumerate(spots):
        condition = spot.component.hide
        if not hidden.isdisjoint(spot.above) or (condition is not None and _met(condition, scope_of(spot, data), now)):
            hidden.add(number)
    return frozenset(hidden)


def _met(condition: Expression, scope: Mapping[str, Value], now: datetime) -> bool:
    """Whether a condition hides. form-js runs it as a unary test on nothing: true hides, and so does a result that is not known (`age > 18` before an
    age is given), unless the whole condition is a `not(…)`, which is then the negation of such a test."""
    result = condition.evaluate(scope, now)
    return result is True or (result is None and not _negation(condition.text.strip()))


def _negation(text: str) -> bool:
    """True for `not(…)` alone, closed at its end."""
    if not text.startswith("not(") or not text.endswith(")"):
        return False
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and sign == ")":
            return place == len(text) - 1
    return False


def _readonly(spots: Sequence[Spot], data: Mapping[str, Value], now: datetime) -> frozenset[int]:
    return frozenset(
        number
        for number, spot in enumerate(spots)
        if spot.component.keyed
        and (
            spot.component.readonly.constant is True
            or (spot.component.readonly.expression is not None and spot.component.readonly.value(scope_of(spot, data), now) is True)
        )
    )


def _read(spots: Sequence[Spot], zone: str, now: datetime, data: Mapping[str, Value]) -> tuple[list[Value], dict[int, str]]:
    values: list[Value] = []
    unread: dict[int, str] = {}
    for number, spot in enumerate(spots):
        value: Value = None
        if spot.component.keyed:
            try:
                value = _value(spot, zone, now, data)
            except Unreadable as sentence:
                unread[number] = str(sentence)
        values.append(value)
    return values, unread


def _value(spot: Spot, zone: str, now: datetime, data: Mapping[str, Value]) -> Value:
    component = spot.component
    scope = scope_of(spot, data)
    if component.type == "expression":
        return component.settings["expression"].value(scope, now)
    return read_entry(component, spot.raw, label_of(spot, scope, now), offered(spot, scope, now), zone)


def offered(spot: Spot, scope: Mapping[str, Value], now: datetime) -> tuple[Proposed, ...]:
    """What a choosing component proposes at this spot."""
    return proposed(spot.component.choices, scope, now) if spot.component.choices else ()


def label_of(spot: Spot, scope: Mapping[str, Value], now: datetime) -> str:
    """The label of a component, or the last part of its key when it has none."""
    return spot.component.label.text(scope, now) or (spot.component.path[-1] if spot.component.path else spot.component.id)


def _data(
    spots: Sequence[Spot],
    values: Sequence[Value],
    hidden: frozenset[int],
    readonly: frozenset[int],
    source: Source,
    touched: set[str | int],
) -> dict[str, Value]:
    """What the case knows, with the form's answers over it; a hidden answer is absent even when the case knows one."""
    data = {key: _copied(value) if key in touched else value for key, value in source.context.items()}
    for number, spot in enumerate(spots):
        inside_hidden = not hidden.isdisjoint(spot.above)
        component = spot.component
        if component.type == "dynamiclist" and not inside_hidden:
            put(data, spot.path, None if number in hidden else _rows(spot, data))
        elif not component.keyed:
            continue
        elif number in hidden or inside_hidden:
            if not any(isinstance(step, int) for step in spot.path) or not inside_hidden:
                put(data, spot.path, None)
        elif not component.disabled and number not in readonly:
            put(data, spot.path, values[number])
    return data


def _rows(spot: Spot, data: Mapping[str, Value]) -> list[Value]:
    known = dig(data, spot.path) if fixed_rows(spot.component) else None
    rows = known if isinstance(known, list) else []
    return [rows[n] if n < len(rows) and isinstance(rows[n], dict) else {} for n in range(spot.rows)]


def _copied(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def put(data: dict[str, Value], path: Path, value: Value) -> None:
    """Sets the value at a path, making the contexts on the way; list rows must be there."""
    here: Any = data
    for step in path[:-1]:
        if isinstance(step, int):
            here = here[step]
            continue
        inner = here.get(step)
        if not isinstance(inner, dict | list):
            inner = here[step] = {}
        here = inner
    here[path[-1]] = value
