"""When a timer or a task is due: values and ISO 8601 texts to an aware UTC time, by the calendar of the instance's zone."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.kernel.errors import BadInput
from server.kernel.values import Value, YearsMonths

LAST_SECOND = time(23, 59, 59)
MAX_REPETITIONS = 1_000
_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_ISO = re.compile(r"-?P[\dT]|R\d*/|\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Period:
    """A calendar duration: months and days are counted on the wall clock, seconds on the running clock."""

    months: int = 0
    days: int = 0
    seconds: Decimal = Decimal(0)


@dataclass(frozen=True)
class Cycle:
    """A repetition: `left` occurrences (-1 without end), the first one at `start` or one period from now."""

    left: int
    period: Period
    start: datetime | None = None


def is_iso(text: str) -> bool:
    """True when the text looks like an unquoted ISO 8601 date, duration or repetition, which needs no FEEL."""
    return _ISO.match(text) is not None


def parse_period(text: str) -> Period:
    """The period of an ISO 8601 duration such as P15D, P1M, PT2H. Raises BadInput."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found[part] for part in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")):
        raise BadInput(f"« {text} » n'est pas une durée ISO 8601. Écrivez par exemple P15D (15 jours) ou P1M (un mois).")
    number = {part: Decimal(found[part] or 0) for part in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")}
    sign = -1 if found["sign"] else 1
    return Period(
        months=sign * int(number["years"] * 12 + number["months"]),
        days=sign * int(number["weeks"] * 7 + number["days"]),
        seconds=sign * (number["hours"] * 3600 + number["minutes"] * 60 + number["seconds"]),
    )


def add(start: datetime, period: Period, zone: str) -> datetime:
    """`start` moved by the period, in UTC. A month that has no such day ends on its last one (31 January + P1M = 28 February). Raises BadInput."""
    local = start.astimezone(zone_of(zone))
    try:
        month = local.month - 1 + period.months
        year, month = local.year + month // 12, month % 12 + 1
        day = min(local.day, calendar.monthrange(year, month)[1])
        moved = local.replace(year=year, month=month, day=day) + timedelta(days=period.days)
        return moved.astimezone(UTC) + timedelta(microseconds=int(period.seconds * 1_000_000))
    except (ValueError, OverflowError) as error:
        raise BadInput("Cette durée mène hors du calendrier (années 1 à 9999). Vérifiez-la.") from error


def moment_of(value: Value, now: datetime, zone: str) -> datetime:
    """The aware UTC time that a value means: a date is its last second, a local date-time is of the zone, a duration counts from `now`. Raises BadInput."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=zone_of(zone))
        try:
            return aware.astimezone(UTC)
        except OverflowError as error:
            raise BadInput("Cette date sort du calendrier (années 1 à 9999). Vérifiez-la.") from error
    if isinstance(value, date):
        # A day that is due, or a term, is the whole day: what it opens must not come on the last good day.
        return moment_of(datetime.combine(value, LAST_SECOND), now, zone)
    if isinstance(value, timedelta):
        seconds = Decimal(value.seconds) + Decimal(value.microseconds) / 1_000_000
        return add(now, Period(days=value.days, seconds=seconds), zone)
    if isinstance(value, YearsMonths):
        return add(now, Period(months=value.months), zone)
    if isinstance(value, str):
        return (
            moment_of(_from_text(value.strip()), now, zone)
            if not value.strip().lstrip("-").startswith("P")
            else add(now, parse_period(value), zone)
        )
    raise BadInput("Une date, une date-heure ou une durée est attendue ici.")


def cycle_of(value: Value, zone: str) -> Cycle:
    """The repetition of an ISO 8601 text such as R3/P3D, R/P1M or R3/2026-12-01T09:00:00Z/P1D, or of a plain duration (without end). Raises BadInput."""
    if isinstance(value, timedelta):
        return _sound(Cycle(-1, Period(days=value.days, seconds=Decimal(value.seconds))))
    if isinstance(value, YearsMonths):
        return _sound(Cycle(-1, Period(months=value.months)))
    if not isinstance(value, str):
        raise BadInput("Une répétition est attendue ici, par exemple R3/P3D.")
    head, *rest = value.strip().split("/")
    if re.fullmatch(r"R\d*", head) is None or not rest or len(rest) > 2:
        raise BadInput(f"« {value} » n'est pas une répétition ISO 8601. Écrivez par exemple R3/P3D (trois fois, tous les trois jours).")
    left = int(head[1:]) if len(head) > 1 else -1
    start = moment_of(_from_text(rest[0]), datetime(1, 1, 1, tzinfo=UTC), zone) if len(rest) == 2 else None
    return _sound(Cycle(left, parse_period(rest[-1]), start))


def _sound(cycle: Cycle) -> Cycle:
    if cycle.period.months < 0 or cycle.period.days < 0 or cycle.period.seconds < 0 or cycle.period == Period():
        raise BadInput("La durée d'une répétition doit être positive.")
    if cycle.left > MAX_REPETITIONS:
        raise BadInput(f"Une répétition ne dépasse pas {MAX_REPETITIONS} fois.")
    return cycle


def _from_text(text: str) -> date | datetime:
    try:
        return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"« {text} » n'est pas une date ISO 8601. Écrivez par exemple 2026-12-01 ou 2026-12-01T09:00:00.") from error


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name. Raises BadInput when it is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"Le fuseau horaire « {name} » est inconnu. Vérifiez les paramètres du territoire.") from error


def period_to_text(period: Period) -> str:
    """The period as ISO 8601, read back by `parse_period`: it stays in the state of a repeating timer."""
    time_part = f"T{period.seconds.normalize():f}S" if period.seconds else ""
    return f"P{period.months}M{period.days}D{time_part}"
