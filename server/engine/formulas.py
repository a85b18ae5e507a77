"""What owners write in a diagram: FEEL after "=", or a literal text; compiled once with the diagram, evaluated against an instance's scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from server import calendars, feel
from server.engine.timing import is_iso
from server.kernel.errors import JalonError, ModelError
from server.kernel.values import Value, canonical, read_canonical


@dataclass(frozen=True)
class Formula:
    """A text of a diagram and where it stands; `expression` is None when the text is a literal."""

    element: str
    place: str
    text: str
    expression: feel.Expression | None

    def value(self, scope: Mapping[str, Value], now: datetime) -> Value:
        """The value of the text. Raises ModelError, naming the element, when the expression cannot be evaluated."""
        if self.expression is None:
            return self.text
        try:
            return self.expression.evaluate(scope, now)
        except ModelError as error:
            raise ModelError(f"{error} ({self.where()})", error.element or self.element, error.rule) from error
        except JalonError as error:
            raise ModelError(f"{error} ({self.where()})", self.element, "expression") from error

    def where(self) -> str:
        """Where the text stands, for a message."""
        return f"élément « {self.element} », {self.place} : {self.text}"


def expression(element: str, place: str, text: str) -> Formula:
    """A text that is always FEEL, with or without its "=". Raises ModelError when it cannot be read."""
    source = text.strip()
    try:
        return Formula(element, place, source, feel.compile(source.removeprefix("=").strip()))
    except JalonError as error:
        raise ModelError(f"{error} (élément « {element} », {place})", element, "expression") from error


def text_or_expression(element: str, place: str, text: str) -> Formula:
    """A text that is FEEL when it begins with "=", else itself. Raises ModelError when the FEEL cannot be read."""
    return expression(element, place, text) if text.lstrip().startswith("=") else Formula(element, place, text.strip(), None)


def time_expression(element: str, place: str, text: str) -> Formula:
    """A text that is an unquoted ISO 8601 date, duration or repetition, else FEEL. Raises ModelError when it is neither."""
    source = text.strip()
    return Formula(element, place, source, None) if is_iso(source) else expression(element, place, source)


class DueDates:
    """The function `echeance` of the diagrams, bound to the parameters of a territory and a day; it keeps the derivation of its last date."""

    def __init__(self, parameters: Mapping[str, Value], zone: str) -> None:
        self._parameters = parameters
        self._zone = zone
        self.derivation: Mapping[str, Any] | None = None
        self.function = feel.Function("echeance", ("nom", "depart", "suspensions"), self._due, variadic=True)

    def explained(self, compute: Callable[[], Value]) -> tuple[Value, Mapping[str, Any] | None]:
        """The result of `compute`, with the derivation of the date that it took from `echeance` (None when it took none)."""
        self.derivation = None
        return compute(), self.derivation

    def _due(self, *arguments: Value) -> Value:
        if not 2 <= len(arguments) <= 3 or arguments[1] is None:
            return None
        nom, depart, suspensions = (*arguments, None)[:3]
        table = (self._parameters.get("delais") or {}).get(nom)
        if not isinstance(table, Mapping):
            raise ModelError(
                f"Le délai « {nom} » n'est pas dans les paramètres du territoire. Ajoutez-le, ou corrigez son nom dans le diagramme.",
                rule="delai",
            )
        if not isinstance(depart, date):
            raise ModelError(f"Le délai « {nom} » se compte depuis une date. Vérifiez le deuxième argument d'échéance.", rule="delai")
        days = self._parameters.get("calendrier") or {}
        found = calendars.due(
            calendars.DelayRule.from_table(table, str(nom)),
            depart,
            _calendar(self._zone, days.get("region", "metropole"), frozenset(days.get("fermetures") or ())),
            suspensions or (),
        )
        self.derivation = found.derivation
        return found.moment


@lru_cache(maxsize=64)
def _calendar(zone: str, region: str, closed: frozenset[date]) -> calendars.Calendar:
    return calendars.Calendar(zone=zone, region=region, extra_closed=closed)


def storable(value: Value, name: str, element: str = "") -> Value:
    """A copy of the value in its one writing: keys sorted, integers as decimals. Raises ModelError when it cannot be written (a function, a range)."""
    if value is None or isinstance(value, bool | str | Decimal) or type(value) is date:
        return value
    try:
        return read_canonical(canonical(value))
    except (TypeError, ValueError) as error:
        raise ModelError(
            f"La variable « {name} » reçoit une valeur qui ne peut pas être gardée. Corrigez l'expression.", element, "valeur"
        ) from error
