"""The arithmetic of delays on day numbers (`date.toordinal`), without a loop over days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from server.calendars.closed_days import LAST_YEAR, between
from server.kernel.errors import BadInput

_LAST = date(LAST_YEAR, 12, 31).toordinal()
_FIRST = date(1990, 1, 1).toordinal()


@dataclass(frozen=True)
class Excluded:
    """Days that do not count: weekdays (0 = Monday), dates outside those weekdays, suspended intervals (both ends included)."""

    weekdays: frozenset[int] = frozenset()
    days: tuple[int, ...] = ()
    suspended: tuple[tuple[int, int], ...] = ()

    def count(self, first: int, last: int) -> int:
        """How many days of `first` to `last`, both included, do not count."""
        total = self._closed(first, last)
        for begin, end in self.suspended:
            low, high = max(first, begin), min(last, end)
            if low <= high:
                total += high - low + 1 - self._closed(low, high)
        return total

    def has(self, day: int) -> bool:
        """Whether that day does not count."""
        return self.count(day, day) == 1

    def _closed(self, first: int, last: int) -> int:
        if last < first:
            return 0
        weeks, rest = divmod(last - first + 1, 7)
        # Ordinal 1 is a Monday, so that (ordinal - 1) % 7 is the weekday.
        on_weekdays = weeks * len(self.weekdays) + sum((first + i - 1) % 7 in self.weekdays for i in range(rest))
        return on_weekdays + len(between(self.days, first, last))


def count_days(origin: int, number: int, excluded: Excluded, step: int) -> int:
    """The day where `number` counted days are reached, going from `origin` (itself not counted) forwards (step 1) or backwards (-1)."""
    day = origin + step * number
    while True:
        bounded(day)
        skipped = excluded.count(origin + 1, day) if step > 0 else excluded.count(day, origin - 1)
        reached = origin + step * (number + skipped)
        if reached == day:
            return day
        day = reached


def first_open(day: int, excluded: Excluded, step: int) -> int:
    """That day if it counts, else the nearest one that does, forwards or backwards."""
    while excluded.has(day):
        day = bounded(day + step)
    return day


def bounded(day: int) -> int:
    """Refuses a day outside 1990-2100 (BadInput)."""
    if not _FIRST <= day <= _LAST:
        raise BadInput(
            "L'échéance tombe hors des années 1990 à 2100, où les jours fériés sont connus. Vérifiez la date de départ et la durée."
        )
    return day


def same_date(day: date, months: int, *, counted: bool) -> date:
    """The same date `months` later (earlier when negative), or the end of the month when it has no such date (code de procédure civile, art. 641).

    `counted`: the starting day is part of the delay, which then ends one day sooner, unless the month was too short already.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    bounded(date(min(max(year, 1), 9999), month + 1, 1).toordinal())
    length = monthrange(year, month + 1)[1]
    found = date(year, month + 1, min(day.day, length))
    if not counted:
        return found
    if months < 0:
        return date.fromordinal(found.toordinal() + 1)
    return found if day.day > length else date.fromordinal(found.toordinal() - 1)
