"""From a rule, a start and a calendar to a due date that says why it is that date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from server.calendars import steps
from server.calendars.calendar import SUNDAY, WEEKEND, Calendar, check_year
from server.calendars.closed_days import LIBRARY
from server.calendars.counting import Excluded, count_days, first_open, same_date
from server.calendars.derivation import Node, excluded_to_plain
from server.calendars.rules import DelayRule
from server.calendars.suspensions import Suspension, merged, read_suspensions

_CLOSED_WEEKDAYS = {"jour_ouvrable": SUNDAY, "jour_ouvre": WEEKEND}
_MONTHS = {"mois": 1, "an": 12}


@dataclass(frozen=True)
class DueDate:
    """The last legal day, the moment it ends (aware UTC) and the derivation that `evaluate` works out again."""

    date: date
    moment: datetime
    derivation: dict[str, Any]


@dataclass(frozen=True)
class _Reached:
    """How far a delay has been worked out: the day, the tree that leads to it, the steps told so far."""

    day: date
    node: Node
    told: tuple[steps.Step, ...] = ()


def due(rule: DelayRule, start: date | datetime, calendar: Calendar, suspensions: Iterable[Any] = ()) -> DueDate:
    """When a delay ends.

    `start` is the day of the event the clock starts from (a time gives its local day). `suspensions`: `Suspension` values, contexts
    {debut, fin, motif} or pairs, both days included. Months go from date to same date (code de procédure civile, art. 640 to 642);
    suspended days are added at the end, day for day. Raises BadInput outside 1990-2100.
    """
    first = calendar.local_date(start)
    check_year(first)
    stopped = read_suspensions(suspensions, calendar)
    stops = merged(stopped)
    reached = _Reached(first, {"op": "date", "valeur": first}, (steps.started(rule, first),))
    reached = _counted(rule, calendar, reached, stopped, stops)
    reached = _strict_or_franc(rule, reached, stops)
    reached = _shifted(rule, calendar, reached, stops)
    check_year(reached.day)
    moment = calendar.moment(reached.day) if rule.heure is None else calendar.moment(reached.day, rule.heure)
    return DueDate(reached.day, moment, _derivation(rule, calendar, first, stopped, reached))


def _step(rule: DelayRule) -> int:
    return 1 if rule.sens == "apres" else -1


def _counted(
    rule: DelayRule, calendar: Calendar, start: _Reached, stopped: tuple[Suspension, ...], stops: tuple[tuple[int, int], ...]
) -> _Reached:
    """The duration itself, counted in its unit outside the suspensions."""
    number = rule.duree * 7 if rule.unite == "semaine" else rule.duree
    cut = False
    if rule.unite in _MONTHS:
        months = number * _MONTHS[rule.unite]
        term = same_date(start.day, _step(rule) * months, counted=rule.inclus)
        cut = start.day.day > term.day and not rule.inclus
        low, high = sorted((start.day.toordinal(), term.toordinal()))
        if not any(a <= high and b >= low for a, b in stops):
            node = {"op": "mois", "nombre": Decimal(months), "inclus": rule.inclus, "sens": rule.sens, "de": start.node}
            return _Reached(term, node, (*start.told, steps.counted(rule, start.day, term, cut=cut)))
        # A suspension stops the clock: the days of the whole period are what must run outside it.
        number = high - low + (1 if rule.inclus else 0)
    weekdays = _CLOSED_WEEKDAYS.get(rule.unite)
    excluded = Excluded(weekdays, calendar.closed(weekdays), stops) if weekdays else Excluded(suspended=stops)
    origin = start.day.toordinal() - (_step(rule) if rule.inclus else 0)
    day = count_days(origin, number, excluded, _step(rule))
    plain = excluded_to_plain(excluded, start.day.toordinal(), day)
    node = {"op": "jours", "nombre": Decimal(number), "inclus": rule.inclus, "sens": rule.sens, "exclus": plain, "de": start.node}
    term = date.fromordinal(day)
    told = (
        steps.counted(rule, start.day, term, cut=cut),
        *steps.not_counted(plain, calendar),
        *steps.suspended(stopped, plain["suspensions"]),
    )
    return _Reached(term, node, (*start.told, *told))


def _strict_or_franc(rule: DelayRule, reached: _Reached, stops: tuple[tuple[int, int], ...]) -> _Reached:
    """« Moins de »: the last good day is the day before. Délai franc: the last counted day may still pass, the act is good on the day after."""
    if rule.strict:
        day = date.fromordinal(reached.day.toordinal() - _step(rule))
        back = {"apres": "avant", "avant": "apres"}[rule.sens]
        node = {"op": "jours", "nombre": Decimal(1), "inclus": False, "sens": back, "exclus": _nothing(), "de": reached.node}
        return _Reached(day, node, (*reached.told, steps.strict(rule, day)))
    if rule.franc:
        excluded = Excluded(suspended=stops)
        ordinal = count_days(reached.day.toordinal(), 1, excluded, _step(rule))
        plain = excluded_to_plain(excluded, reached.day.toordinal(), ordinal)
        node = {"op": "jours", "nombre": Decimal(1), "inclus": False, "sens": rule.sens, "exclus": plain, "de": reached.node}
        return _Reached(date.fromordinal(ordinal), node, (*reached.told, steps.franc(date.fromordinal(ordinal))))
    return reached


def _nothing() -> Node:
    return excluded_to_plain(Excluded(), 0, 0)


def _shifted(rule: DelayRule, calendar: Calendar, reached: _Reached, stops: tuple[tuple[int, int], ...]) -> _Reached:
    """A delay that ends on a closed day ends on the nearest open one, when its rule says so (code de procédure civile, art. 642)."""
    if rule.report == "aucun":
        return reached
    kind, _, way = rule.report.rpartition("_")
    weekdays = _CLOSED_WEEKDAYS[kind]
    excluded = Excluded(weekdays, calendar.closed(weekdays), stops)
    step = 1 if way == "suivant" else -1
    ordinal = first_open(reached.day.toordinal(), excluded, step)
    day = date.fromordinal(ordinal)
    plain = excluded_to_plain(excluded, reached.day.toordinal(), ordinal)
    node = {"op": "report", "sens": "apres" if step > 0 else "avant", "exclus": plain, "de": reached.node}
    return _Reached(day, node, (*reached.told, steps.shifted(rule, reached.day, day, calendar)))


def _derivation(rule: DelayRule, calendar: Calendar, first: date, stopped: tuple[Suspension, ...], reached: _Reached) -> dict[str, Any]:
    told = (*reached.told, steps.ended(rule, reached.day))
    return {
        "phrase": steps.phrase(rule, first, reached.day, reached.told),
        "etapes": [dict(step) for step in told],
        "arbre": reached.node,
        "depart": first,
        "echeance": reached.day,
        "regle": rule.to_table(),
        "article": rule.article,
        "version": rule.version_label,
        "suspensions": [{"debut": one.debut, "fin": one.fin, "motif": one.motif} for one in stopped],
        "calendrier": {
            "zone": calendar.zone,
            "region": calendar.region,
            "fermetures": sorted(calendar.extra_closed),
            "bibliotheque": LIBRARY,
        },
    }
