"""The tree of a computed date: plain values that can be kept for years and worked out again without rules, calendar or library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from server.calendars.closed_days import between
from server.calendars.counting import Excluded, count_days, first_open, same_date
from server.kernel.errors import BadInput

Node = dict[str, Any]
DEEPEST = 12


def evaluate(derivation: Mapping[str, Any]) -> date:
    """The date a derivation leads to, worked out from its tree alone. Raises BadInput when the tree is not one of ours."""
    try:
        return evaluate_node(derivation["arbre"])
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise BadInput("Cette explication de date est incomplète ou abîmée : elle ne peut pas être recalculée.") from error


def evaluate_node(node: Node, depth: int = 0) -> date:
    """The date of one node of the tree."""
    if depth > DEEPEST or node["op"] not in _OPERATIONS:
        raise BadInput("Cette explication de date a une forme inconnue : elle ne peut pas être recalculée.")
    return _OPERATIONS[node["op"]](node, depth + 1)


def excluded_to_plain(excluded: Excluded, first: int, last: int) -> Node:
    """Days that do not count, kept only where the delay ran (`first` to `last`, both included)."""
    low, high = min(first, last), max(first, last)
    return {
        "semaine": sorted(excluded.weekdays),
        "jours": [date.fromordinal(day) for day in between(excluded.days, low, high)],
        "suspensions": [[date.fromordinal(a), date.fromordinal(b)] for a, b in excluded.suspended if a <= high and b >= low],
    }


def _excluded(plain: Node) -> Excluded:
    return Excluded(
        frozenset(int(day) for day in plain["semaine"]),
        tuple(day.toordinal() for day in plain["jours"]),
        tuple((a.toordinal(), b.toordinal()) for a, b in plain["suspensions"]),
    )


def _date(node: Node, _depth: int) -> date:
    found = node["valeur"]
    if not isinstance(found, date):
        raise BadInput("Cette explication de date ne part pas d'une date : elle ne peut pas être recalculée.")
    return found


def _days(node: Node, depth: int) -> date:
    """`nombre` counted days from `de`; `inclus`: that day counts."""
    step = _step(node)
    origin = evaluate_node(node["de"], depth).toordinal() - (step if node["inclus"] else 0)
    return date.fromordinal(count_days(origin, int(node["nombre"]), _excluded(node["exclus"]), step))


def _months(node: Node, depth: int) -> date:
    """The same date `nombre` months away from `de`, or the end of that month."""
    return same_date(evaluate_node(node["de"], depth), _step(node) * int(node["nombre"]), counted=node["inclus"])


def _shift(node: Node, depth: int) -> date:
    """The nearest open day from `de` on, itself included."""
    return date.fromordinal(first_open(evaluate_node(node["de"], depth).toordinal(), _excluded(node["exclus"]), _step(node)))


def _step(node: Node) -> int:
    return {"apres": 1, "avant": -1}[node["sens"]]


_OPERATIONS: Mapping[str, Callable[[Node, int], date]] = MappingProxyType(
    {"date": _date, "jours": _days, "mois": _months, "report": _shift}
)
