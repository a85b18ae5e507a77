"""Intervals during which a delay does not run, as a diagram, a test or a caller may write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.calendars.calendar import Calendar, check_year
from server.kernel.errors import BadInput, TooMuch

MOST = 1_000


@dataclass(frozen=True, order=True)
class Suspension:
    """A delay stopped from `debut` to `fin`, both days included, and why."""

    debut: date
    fin: date
    motif: str = ""


def read_suspensions(given: Iterable[Any] | None, calendar: Calendar) -> tuple[Suspension, ...]:
    """Suspensions in order, from `Suspension` values, contexts {debut, fin, motif} or pairs; times become local days.

    Raises BadInput when one has no end, ends before it begins or is not dates, TooMuch over 1,000.
    """
    read: list[Suspension] = []
    for item in given or ():
        if len(read) == MOST:
            raise TooMuch(f"Un délai porte plus de {MOST} suspensions. Vérifiez l'historique du dossier.")
        read.append(_read(item, calendar))
    return tuple(sorted(read))


def _read(item: Any, calendar: Calendar) -> Suspension:
    debut: Any
    fin: Any
    if isinstance(item, Suspension):
        debut, fin, motif = item.debut, item.fin, item.motif
    elif isinstance(item, Mapping):
        debut, fin, motif = item.get("debut"), item.get("fin"), item.get("motif") or ""
    elif isinstance(item, tuple | list) and len(item) == 2:
        (debut, fin), motif = item, ""
    else:
        raise BadInput("Une suspension se donne par son début et sa fin. Corrigez le diagramme.")
    if fin is None:
        raise BadInput("Une suspension n'a pas encore de fin : l'échéance n'est pas calculable. Attendez la reprise.")
    if not isinstance(debut, date | datetime) or not isinstance(fin, date | datetime):
        raise BadInput("Le début et la fin d'une suspension sont des dates. Corrigez le diagramme.")
    first, last = calendar.local_date(debut), calendar.local_date(fin)
    check_year(first)
    check_year(last)
    if last < first:
        raise BadInput(f"Une suspension finit le {last.isoformat()}, avant son début le {first.isoformat()}. Corrigez les dates.")
    return Suspension(first, last, str(motif))


def merged(suspensions: Iterable[Suspension]) -> tuple[tuple[int, int], ...]:
    """The suspended days as separate intervals of ordinals, both ends included: a day suspended twice is one day."""
    intervals: list[tuple[int, int]] = []
    for one in sorted(suspensions):
        first, last = one.debut.toordinal(), one.fin.toordinal()
        if intervals and first <= intervals[-1][1] + 1:
            intervals[-1] = (intervals[-1][0], max(last, intervals[-1][1]))
        else:
            intervals.append((first, last))
    return tuple(intervals)
