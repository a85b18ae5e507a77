"""Fills a form as a scripted agent would: wished answers first, then what the form itself allows; for demonstrations and simulations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from server.forms import Field, check, draw, read_form
from server.kernel.errors import FormErrors
from server.kernel.values import Value

ROUNDS = 6
_TEXT = "Réponse fictive d'un agent scripté, assez longue pour être lue."


@dataclass(frozen=True)
class Filler:
    """What a scripted agent answers with: its draws, the local day, and wishes by key (a value, or a list to draw from)."""

    draws: Random
    now: datetime
    today: date
    wishes: Mapping[str, Any]

    def fill(self, schema: Mapping[str, Any], context: Mapping[str, Value]) -> dict[str, Any]:
        """Raw answers (JSON types) that the form accepts. Raises FormErrors when no answer was found in a few rounds."""
        form = read_form(dict(schema))
        raw: dict[str, Any] = {}
        refused: FormErrors | None = None
        for turn in range(ROUNDS):
            for field in _leaves(draw(form, raw or {"_": ""}, context, (), self.now)):
                if field.name and field.name not in raw and not field.readonly and not field.disabled:
                    answer = self._answer(field)
                    if answer is not None:
                        raw[field.name] = answer
            try:
                check(form, raw, context, self.today, self.now)
                return raw
            except FormErrors as error:
                refused = error
                self._mend(raw, error, turn)
        assert refused is not None  # noqa: S101 - the loop ends by a refusal
        raise refused

    def _answer(self, field: Field) -> Any:
        key = field.name.rpartition(".")[2]
        if key in self.wishes:
            wish = self.wishes[key]
            return self.draws.choice(wish) if isinstance(wish, list) else wish
        if field.kind in ("radios", "select") and field.choices:
            return self.draws.choice(field.choices).value
        if field.kind == "checks":
            return [field.choices[0].value] if field.choices and field.required else None
        if field.kind == "yesno":
            return field.required or None
        if not field.required:
            return None
        return self._typed(field)

    def _typed(self, field: Field) -> Any:
        if field.kind == "number":
            return str(field.attributes.get("min") or 15)
        if field.kind == "date":
            return self.today.isoformat()
        if field.kind == "time":
            return "10:00"
        if field.kind == "moment":
            return f"{self.today.isoformat()}T10:00"
        return _TEXT

    def _mend(self, raw: dict[str, Any], error: FormErrors, turn: int) -> None:
        """Tries something else where the form refused: another date, a number, a choice."""
        for fault in error.errors:
            value = raw.pop(fault.key, None)
            if isinstance(value, str) and _is_day(value):
                raw[fault.key] = (self.today + timedelta(days=(7 * turn + 1) * (1 if turn % 2 == 0 else -1))).isoformat()
            elif isinstance(value, str) and value.replace(".", "").isdigit():
                raw[fault.key] = str(Decimal(value) + Decimal(5 * (turn + 1)))
            elif value is None and turn > 0:
                raw[fault.key] = _TEXT


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _leaves(fields: Any) -> list[Field]:
    """The controls of a drawn form, groups and pairs opened; rows of lists as they stand."""
    found: list[Field] = []
    for field in fields:
        if field.kind in ("group", "pair"):
            found += _leaves(field.fields)
        elif field.kind == "list":
            for row in field.rows:
                found += _leaves(row.fields)
        else:
            found.append(field)
    return found
