"""Where a delay is counted: a time zone, a region with its holidays, and the days a département closes by its own decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.calendars.closed_days import FIRST_YEAR, LAST_YEAR, closed_ordinals, holidays_of, region_of
from server.kernel.errors import BadInput

SUNDAY = frozenset({6})
WEEKEND = frozenset({5, 6})
LAST_INSTANT = time(23, 59, 59)


@dataclass(frozen=True)
class Calendar:
    """A time zone (IANA name), a region of `closed_days.REGIONS` and dates closed besides its holidays."""

    zone: str = "Europe/Paris"
    region: str = "metropole"
    extra_closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        region_of(self.region)
        _zone(self.zone)

    def local_date(self, moment: date | datetime) -> date:
        """The legal day of a moment: its local date. A date, or a time without zone, is already local."""
        if not isinstance(moment, datetime):
            return moment
        return moment.date() if moment.tzinfo is None else self.local(moment).date()

    def local(self, moment: datetime) -> datetime:
        """An aware moment on the clocks of this place."""
        return moment.astimezone(_zone(self.zone))

    def moment(self, day: date, at: time = LAST_INSTANT) -> datetime:
        """The aware UTC moment of a local time; by default the last second of the legal day. Raises BadInput outside 1990-2100."""
        check_year(day)
        return datetime.combine(day, at, _zone(self.zone)).astimezone(UTC)

    def is_ouvrable(self, day: date) -> bool:
        """Monday to Saturday, not a holiday, not closed by the département."""
        return self._is_open(day, SUNDAY)

    def is_ouvre(self, day: date) -> bool:
        """Monday to Friday, not a holiday, not closed by the département."""
        return self._is_open(day, WEEKEND)

    def closed_name(self, day: date) -> str:
        """Why a day is closed, in French: the holiday's name, « fermeture », or nothing."""
        return holidays_of(self.region).get(day, "fermeture" if day in self.extra_closed else "")

    def closed(self, weekdays: frozenset[int]) -> tuple[int, ...]:
        """Ordinals of the closed days that fall on none of `weekdays`."""
        return closed_ordinals(self.region, self.extra_closed, weekdays)

    def _is_open(self, day: date, weekdays: frozenset[int]) -> bool:
        check_year(day)
        return day.weekday() not in weekdays and not self.closed_name(day)


def calendar_of(region: str, extra_closed: frozenset[date] = frozenset()) -> Calendar:
    """The calendar of a region with its own time zone."""
    return Calendar(region_of(region).zone, region, extra_closed)


def check_year(day: date) -> None:
    """Refuses a day whose holidays are not known (BadInput)."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(
            f"La date du {day.isoformat()} est hors des années {FIRST_YEAR} à {LAST_YEAR}, où les délais sont calculés. Vérifiez-la."
        )


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"Le fuseau horaire « {name} » n'existe pas. Donnez un nom comme Europe/Paris.") from error
