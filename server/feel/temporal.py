"""Dates, times and durations: Python's own types where they are exact, wide ones beyond (years to ±999,999,999, nanoseconds)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from server.kernel.values import YearsMonths

MAX_YEAR = 999_999_999
MAX_NANOS = 10**27
MAX_MONTHS = 10**12
_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, order=True, slots=True)
class WideDate:
    """A date whose year Python cannot hold (proleptic Gregorian calendar, with a year 0)."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time finer than a microsecond: `nanos` (1 to 999) come after those of `clock`, which carries the zone."""

    clock: time
    nanos: int


@dataclass(frozen=True, slots=True)
class WideMoment:
    """A date and time whose date or time Python cannot hold; the time carries the zone."""

    date: date | WideDate
    clock: time | FineTime


@dataclass(frozen=True, order=True, slots=True)
class WideDuration:
    """A days and time duration in nanoseconds, finer or longer than Python can hold."""

    nanos: int


AnyDate = date | WideDate
AnyTime = time | FineTime
AnyMoment = datetime | WideMoment
AnyDuration = timedelta | WideDuration


def is_date(value: object) -> bool:
    """True for a date without time."""
    kind = type(value)
    return kind is date or kind is WideDate


def is_moment(value: object) -> bool:
    """True for a date and time."""
    return isinstance(value, datetime | WideMoment)


def is_leap(year: int) -> bool:
    """True for a leap year of the Gregorian calendar."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def make_date(year: int, month: int, day: int) -> AnyDate | None:
    """The date, or None when there is no such day."""
    if not (1 <= month <= 12 and -MAX_YEAR <= year <= MAX_YEAR and 1 <= day <= days_in_month(year, month)):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def make_moment(day: AnyDate, clock: AnyTime) -> AnyMoment:
    """The date at that time."""
    return datetime.combine(day, clock) if isinstance(day, date) and isinstance(clock, time) else WideMoment(day, clock)


def date_of(value: AnyDate | AnyMoment) -> AnyDate:
    """The date part."""
    if isinstance(value, datetime):
        return value.date()
    return value.date if isinstance(value, WideMoment) else value


def clock_of(value: AnyMoment) -> AnyTime:
    """The time part, with its zone."""
    return value.timetz() if isinstance(value, datetime) else value.clock


def zone_of(value: AnyMoment | AnyTime) -> tzinfo | None:
    """The zone or offset; None for a local value."""
    if isinstance(value, WideMoment):
        value = value.clock
    return value.clock.tzinfo if isinstance(value, FineTime) else value.tzinfo


def local_clock(value: AnyTime) -> time:
    """A time cut to microseconds, with its zone."""
    return value.clock if isinstance(value, FineTime) else value


def day_number(value: AnyDate) -> int:
    """Days since 1970-01-01."""
    if isinstance(value, date):
        return value.toordinal() - _EPOCH
    before = value.year - 1
    leap_day = 1 if value.month > 2 and is_leap(value.year) else 0
    ordinal = before * 365 + before // 4 - before // 100 + before // 400 + _DAYS_BEFORE[value.month - 1] + leap_day + value.day
    return ordinal - _EPOCH


def date_from_number(number: int) -> AnyDate | None:
    """The date that many days after 1970-01-01; None beyond the years FEEL knows."""
    ordinal = number + _EPOCH
    if 1 <= ordinal <= 3_652_059:
        return date.fromordinal(ordinal)
    cycles, rest = divmod(ordinal - 1, 146_097)
    inside = date.fromordinal(rest + 1)
    return make_date(inside.year + 400 * cycles, inside.month, inside.day)


def clock_nanoseconds(value: AnyTime) -> int:
    """Nanoseconds since midnight, zone aside."""
    clock = local_clock(value)
    micro = ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond
    return micro * 1000 + (value.nanos if isinstance(value, FineTime) else 0)


def clock_from_nanoseconds(count: int, zone: tzinfo | None) -> AnyTime:
    """The time that many nanoseconds after midnight (0 to 24 h excluded)."""
    seconds, nanos = divmod(count, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    clock = time(hour, minute, second, nanos // 1000, tzinfo=zone)
    return FineTime(clock, nanos % 1000) if nanos % 1000 else clock


def nanoseconds(duration: AnyDuration) -> int:
    """A days and time duration in nanoseconds."""
    return duration.nanos if isinstance(duration, WideDuration) else duration // _MICROSECOND * 1000


def make_duration(nanos: int) -> AnyDuration:
    """The duration of that many nanoseconds. Raises OverflowError beyond 30 billion years."""
    if abs(nanos) > MAX_NANOS:
        raise OverflowError
    if nanos % 1000 == 0:
        try:
            return timedelta(microseconds=nanos // 1000)
        except OverflowError:
            pass
    return WideDuration(nanos)


def zone_offset(value: AnyMoment | AnyTime) -> timedelta | None:
    """The offset from UTC; None for a local value. A time in a zone has the zone's standard offset, having no date."""
    if isinstance(value, datetime):
        return value.utcoffset()
    zone = zone_of(value)
    if zone is None:
        return None
    if isinstance(value, WideMoment):
        clock = local_clock(value.clock)
        year = min(max(value.date.year, 1), 9999)
        return zone.utcoffset(datetime(year, value.date.month, min(value.date.day, 28), clock.hour, clock.minute, tzinfo=zone))
    new_year = datetime(2000, 1, 1, tzinfo=zone)
    return (new_year.utcoffset() or timedelta()) - (new_year.dst() or timedelta())


def local_instant(value: AnyMoment) -> int:
    """Nanoseconds since 1970-01-01T00:00:00 as the clock reads, zone aside."""
    return day_number(date_of(value)) * DAY + clock_nanoseconds(clock_of(value))


def instant(value: AnyMoment) -> int:
    """Nanoseconds since 1970-01-01T00:00:00 UTC; a local date and time counts as UTC."""
    offset = zone_offset(value)
    return local_instant(value) if offset is None else local_instant(value) - nanoseconds(offset)


def moment_at(count: int, zone: tzinfo | None) -> AnyMoment | None:
    """The date and time in a zone at that many nanoseconds since 1970; None beyond the years FEEL knows."""
    shift = 0
    if zone is not None:
        try:
            near = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=count // SECOND)
        except OverflowError:
            near = datetime(9999 if count > 0 else 1, 1, 2, tzinfo=UTC)
        shift = nanoseconds(near.astimezone(zone).utcoffset() or timedelta())
    days, rest = divmod(count + shift, DAY)
    day = date_from_number(days)
    if day is None:
        return None
    moment = make_moment(day, clock_from_nanoseconds(rest, zone))
    if isinstance(moment, datetime) and instant(moment) != count:
        # The hour that comes twice when summer time ends: this is the second one.
        return moment.replace(fold=1)
    return moment


def clock_instant(clock: AnyTime) -> int:
    """Nanoseconds since midnight UTC of a time; a local time counts as UTC."""
    offset = zone_offset(clock)
    return clock_nanoseconds(clock) - (0 if offset is None else nanoseconds(offset))


def add_months(day: AnyDate, months: int) -> AnyDate | None:
    """The same day of another month, or its last day when it has no such day; None beyond the years FEEL knows."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not -MAX_YEAR <= year <= MAX_YEAR:
        return None
    return make_date(year, month0 + 1, min(day.day, days_in_month(year, month0 + 1)))


def months_between(start: AnyDate | AnyMoment, end: AnyDate | AnyMoment) -> YearsMonths:
    """Whole months from start to end (DMN 1.5, years and months duration(from, to)); negative when end comes first."""
    first, last = date_of(start), date_of(end)
    count = (last.year - first.year) * 12 + last.month - first.month
    if count > 0 and last.day < first.day:
        count -= 1
    elif count < 0 and last.day > first.day:
        count += 1
    return YearsMonths(count)


def at_midnight_utc(value: AnyDate) -> AnyMoment:
    """A date as the date and time it stands for (DMN 1.5, 10.3.2.3.4: midnight UTC)."""
    return make_moment(value, time(0, tzinfo=UTC))


@lru_cache(maxsize=512)
def zone_named(name: str) -> tzinfo | None:
    """The IANA zone of that name, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def fixed_zone(offset: timedelta) -> tzinfo | None:
    """The zone with a fixed offset, None beyond 18 hours."""
    if abs(offset) > timedelta(hours=18):
        return None
    return UTC if not offset else timezone(offset)
