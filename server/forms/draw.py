"""Draws a form as a list of fields: what shows, with which value, hint and error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from server.feel import Expression
from server.feel.french import number_text, value_text
from server.forms.check import ZONE
from server.forms.choices import choice_text
from server.forms.entries import read_day, read_number, read_time
from server.forms.files import accepted, several
from server.forms.layout import MOST_ROWS, Source, Spot, fixed_rows, scope_of
from server.forms.model import Component, Form
from server.forms.posted import dig, name_of, unfold
from server.forms.presentation import draw_presentation
from server.forms.settle import Filled, fill, label_of, offered
from server.forms.view import Choice, Field, Row, field_id
from server.kernel.errors import FieldError, FormErrors
from server.kernel.values import Value

_DATETIMES = {"date": "date", "time": "time", "datetime": "moment"}


def draw(
    form: Form,
    values: Mapping[str, Any] | None,
    context: Mapping[str, Value],
    errors: FormErrors | Sequence[FieldError] | None,
    now: datetime,
    zone: str = ZONE,
) -> list[Field]:
    """The fields to show, in order. `values` is what was typed or kept in a draft (flat or nested), None or empty before anything was;
    then the case's values and the form's defaults fill it. `errors` come from `check` on the same values."""
    given = unfold(values) if values else {}
    filled = fill(form, Source(given, context, first=not given), now, zone)
    listed = errors.errors if isinstance(errors, FormErrors) else errors or ()
    sketch = _Sketch(form, filled, context, {error.key: error.message for error in reversed(listed)}, now, zone)
    return _side_by_side(sketch.children(None))


class _Sketch:
    """Draws the spots of one filled form."""

    def __init__(
        self, form: Form, filled: Filled, context: Mapping[str, Value], errors: Mapping[str, str], now: datetime, zone: str
    ) -> None:
        self.filled, self.context, self.errors, self.now, self.zone = filled, context, errors, now, zone
        self.live = _names_read(form)
        self.inside: dict[int | None, list[int]] = {}
        for number, spot in enumerate(filled.spots):
            if number not in filled.hidden:
                self.inside.setdefault(spot.above[-1] if spot.above else None, []).append(number)

    def children(self, above: int | None) -> list[tuple[Spot, Field]]:
        drawn = [(self.filled.spots[number], self._field(number)) for number in self.inside.get(above, [])]
        return [(spot, field) for spot, field in drawn if field is not None]

    def _field(self, number: int) -> Field | None:
        spot = self.filled.spots[number]
        component = spot.component
        scope = scope_of(spot, self.filled.data)
        if component.type == "expression":
            return None
        if component.type == "group":
            title = component.label.text(scope, self.now)
            return Field("group", id=_dom_id(spot), label=title, fields=tuple(_side_by_side(self.children(number))))
        if component.type == "dynamiclist":
            return self._list(number, spot, scope)
        if not component.keyed:
            return draw_presentation(component, scope, self.now, _dom_id(spot))
        return self._control(number, spot, scope)

    def _list(self, number: int, spot: Spot, scope: Mapping[str, Value]) -> Field:
        component, name = spot.component, name_of(spot.path)
        movable = not fixed_rows(component)
        by_row: dict[int, list[tuple[Spot, Field]]] = {n: [] for n in range(spot.rows)}
        depth = len(spot.path)
        for child, field in self.children(number):
            by_row[_row_number(child, depth)].append((child, field))
        rows = tuple(Row(n + 1, tuple(_side_by_side(fields)), f"retirer:{name}:{n}" if movable else "") for n, fields in by_row.items())
        return Field(
            "list",
            name=name,
            id=field_id(name),
            label=component.label.text(scope, self.now),
            hint=component.hint.text(scope, self.now),
            rows=rows,
            add=f"ajouter:{name}" if movable and spot.rows < MOST_ROWS else "",
        )

    def _control(self, number: int, spot: Spot, scope: Mapping[str, Value]) -> Field:
        component, name = spot.component, name_of(spot.path)
        readonly = number in self.filled.readonly or component.disabled
        value = dig(self.context, spot.path) if readonly else self._shown(number, spot)
        if readonly and value is None:
            value = component.default
        kind = _kind(component, value)
        adorned = component.texts
        return Field(
            kind,
            name=name,
            id=field_id(name),
            label=label_of(spot, scope, self.now),
            hint=component.hint.text(scope, self.now),
            error="" if readonly else self.errors.get(name, ""),
            value=self._output(component, value, spot, scope) if readonly else _typed(value, kind, self.zone),
            required=component.rules.required,
            readonly=number in self.filled.readonly,
            disabled=component.disabled,
            live=not self.live.isdisjoint(spot.component.path),
            choices=self._choices(spot, scope, value),
            attributes=self._attributes(component, kind, scope),
            prefix=adorned["prefixAdorner"].text(scope, self.now) if "prefixAdorner" in adorned else "",
            suffix=adorned["suffixAdorner"].text(scope, self.now) if "suffixAdorner" in adorned else "",
            raw=value,
        )

    def _shown(self, number: int, spot: Spot) -> Value:
        """The value read, or what was typed when it could not be."""
        return spot.raw if number in self.filled.unread else self.filled.values[number]

    def _output(self, component: Component, value: Value, spot: Spot, scope: Mapping[str, Value]) -> str:
        if component.choices is None:
            return value_text(value, self.zone)
        labels = {choice.text: choice.label for choice in offered(spot, scope, self.now)}
        return ", ".join(labels.get(text, text) for text in _texts(value))

    def _choices(self, spot: Spot, scope: Mapping[str, Value], value: Value) -> tuple[Choice, ...]:
        chosen = set(_texts(value))
        base = field_id(name_of(spot.path))
        return tuple(
            Choice(base if n == 0 else f"{base}-{n + 1}", choice.text, choice.label, choice.text in chosen)
            for n, choice in enumerate(offered(spot, scope, self.now))
        )

    def _attributes(self, component: Component, kind: str, scope: Mapping[str, Value]) -> dict[str, str]:
        found: dict[str, str] = {}
        longest = read_number(component.rules.longest.value(scope, self.now)) if component.rules.longest else None
        if kind in ("text", "area") and longest is not None:
            found["data-longest"] = str(int(longest))
        if kind == "number":
            found["inputmode"] = "numeric" if component.options.get("decimalDigits") == 0 else "decimal"
        if kind in ("time", "moment") and (step := read_number(component.options.get("timeInterval"))):
            found["step"] = str(int(step) * 60)
        if kind == "date" and component.options.get("disallowPassedDates") is True:
            found["min"] = self.now.astimezone(ZoneInfo(self.zone)).date().isoformat()
        if kind == "file":
            found |= {"accept": kinds} if (kinds := accepted(component, scope, self.now)) else {}
            found |= {"multiple": "multiple"} if several(component, scope, self.now) else {}
        if component.rules.format:
            found["inputmode"] = {"email": "email", "phone": "tel"}[component.rules.format]
        purpose = component.options.get("+autocomplete")
        return found | {"autocomplete": purpose if isinstance(purpose, str) else "off"}


def _kind(component: Component, value: Value) -> str:
    kind = component.type
    if kind == "datetime":
        # A date that cannot be read stays as it was typed: a native control would lose it.
        subtype = component.options.get("subtype") or "date"
        unread = {"date": read_day(value), "time": read_time(value)}.get(subtype, value if isinstance(value, datetime) else None) is None
        return "text" if isinstance(value, str) and value and unread else _DATETIMES.get(subtype, "date")
    simple = {"textfield": "text", "textarea": "area", "checkbox": "yesno", "radio": "radios", "checklist": "checks", "taglist": "checks"}
    return simple.get(kind, "file" if kind == "filepicker" else kind)


def _texts(value: Value) -> list[str]:
    if value is None or isinstance(value, bool):
        return [] if value is None else [choice_text(value)]
    try:
        return [choice_text(item) for item in value] if isinstance(value, list) else [choice_text(value)]
    except TypeError:
        return []


def _typed(value: Value, kind: str, zone: str) -> str:
    """The value as its control wants it."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "oui" if value else ""
    if isinstance(value, Decimal | int) and kind == "number":
        return number_text(Decimal(value)).replace("\u00a0", "")
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(zone)) if value.tzinfo else value
        return local.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _dom_id(spot: Spot) -> str:
    return field_id(".".join([*(str(step) for step in spot.path), spot.component.id]))


def _row_number(spot: Spot, depth: int) -> int:
    step = spot.scopes[-1][depth] if len(spot.scopes[-1]) > depth else spot.path[depth]
    return step if isinstance(step, int) else 0


def _side_by_side(drawn: list[tuple[Spot, Field]]) -> list[Field]:
    """Fields that the editor put on one row become one pair."""
    fields: list[Field] = []
    row = ""
    for spot, field in drawn:
        mine = spot.component.row if spot.component.width < 16 else ""
        if mine and mine == row and fields:
            last = fields.pop()
            together = last.fields if last.kind == "pair" else (last,)
            fields.append(Field("pair", fields=(*together, field)))
        else:
            fields.append(field)
        row = mine
    return fields


def _names_read(form: Form) -> frozenset[str]:
    """Every name that some expression of the form reads: fields with these names change what shows."""
    names: set[str] = set()
    for component in form.walk():
        settings = [*component.settings.values(), component.readonly, component.rules.most, component.rules.least]
        expressions: list[Expression | None] = [component.hide, *(s.expression for s in settings if s)]
        expressions.append(component.choices.expression if component.choices else None)
        for expression in expressions:
            for name in expression.names if expression else ():
                names |= set(name.split("."))
    return frozenset(names)
