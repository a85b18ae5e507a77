"""Reads and writes dates, times and durations as ISO 8601 and FEEL want them (DMN 1.5, 10.3.2.3 and 10.3.4.1)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from server.feel.temporal import (
    MAX_MONTHS,
    MAX_NANOS,
    SECOND,
    AnyDate,
    AnyDuration,
    AnyMoment,
    AnyTime,
    FineTime,
    WideDate,
    WideMoment,
    clock_from_nanoseconds,
    clock_nanoseconds,
    fixed_zone,
    make_date,
    make_duration,
    make_moment,
    nanoseconds,
    zone_named,
    zone_of,
    zone_offset,
)
from server.kernel.values import Value, YearsMonths

_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,12})?(?:([Zz])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+/-]{1,64}))?"
)
_DAYS_TIME = re.compile(r"(-)?P(?:([0-9]{1,18})D)?(?:(T)(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18}(?:\.[0-9]{0,12})?)S)?)?")
_YEARS_MONTHS = re.compile(r"(-)?P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?")


def read_date(text: str) -> AnyDate | None:
    """`2026-11-21`, years of up to nine digits, negative ones too; None for anything else."""
    found = _DATE.fullmatch(text)
    if found is None or found[1] == "-0000":
        return None
    return make_date(int(found[1]), int(found[2]), int(found[3]))


def read_time(text: str) -> AnyTime | None:
    """`10:30:00`, `10:30:00.5Z`, `10:30:00+01:00`, `10:30:00@Europe/Paris`; None for anything else. Finer than a nanosecond is cut."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone = _zone(found)
    if zone is None and (found[6] or found[10]):
        return None
    nanos = int((found[4] or ".0")[1:10].ljust(9, "0"))
    return clock_from_nanoseconds(((hour * 60 + minute) * 60 + second) * SECOND + nanos, zone)


def _zone(found: re.Match[str]) -> tzinfo | None:
    if found[5]:
        return UTC
    if found[10]:
        return zone_named(found[10])
    if not found[6]:
        return None
    hours, minutes, seconds = int(found[7]), int(found[8]), int(found[9] or 0)
    if minutes > 59 or seconds > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return fixed_zone(-offset if found[6] == "-" else offset)


def read_moment(text: str) -> AnyMoment | None:
    """`2026-11-21T10:30:00…`, or a date alone (midnight, local); None for anything else."""
    day_text, mark, clock_text = text.partition("T")
    day = read_date(day_text)
    if day is None:
        return None
    clock = read_time(clock_text) if mark else time(0)
    return None if clock is None else make_moment(day, clock)


def read_duration(text: str) -> AnyDuration | YearsMonths | None:
    """`P1DT2H`, `-PT1.5S`, `P1Y2M`; None for anything else."""
    found = _YEARS_MONTHS.fullmatch(text)
    if found is not None:
        if found[2] is None and found[3] is None:
            return None
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months) if months <= MAX_MONTHS else None
    found = _DAYS_TIME.fullmatch(text)
    if found is None or not any(found.group(2, 4, 5, 6)) or (found[3] and not any(found.group(4, 5, 6))):
        return None
    minutes = (int(found[2] or 0) * 24 + int(found[4] or 0)) * 60 + int(found[5] or 0)
    total = minutes * 60 * SECOND + int(Decimal(found[6] or 0) * SECOND)
    return make_duration(-total if found[1] else total) if total <= MAX_NANOS else None


def at_literal(text: str) -> Value:
    """The value of `@"…"`: a date, a time, a date and time or a duration; None when it is none of them."""
    if "P" in text[:2]:
        return read_duration(text)
    for read in (read_date, read_time, read_moment):
        found = read(text)
        if found is not None:
            return found
    return None


def temporal_text(value: Value) -> str:
    """A date, time, date and time or duration as ISO 8601, with `@Zone` for a zone by name."""
    if isinstance(value, datetime):
        return f"{_date_text(value.date())}T{_time_text(value.timetz(), value.utcoffset())}"
    if isinstance(value, WideMoment):
        return f"{_date_text(value.date)}T{_time_text(value.clock, zone_offset(value))}"
    if isinstance(value, date | WideDate):
        return _date_text(value)
    if isinstance(value, time | FineTime):
        return _time_text(value, zone_offset(value))
    if isinstance(value, YearsMonths):
        return _years_months_text(value)
    return _days_time_text(value)


def _date_text(value: AnyDate) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def _time_text(value: AnyTime, offset: timedelta | None) -> str:
    seconds, nanos = divmod(clock_nanoseconds(value), SECOND)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if nanos:
        text += f".{nanos:09d}".rstrip("0")
    zone = zone_of(value)
    if offset is None:
        return text
    if isinstance(zone, ZoneInfo):
        return f"{text}@{zone.key}"
    if not offset:
        return text + "Z"
    away = abs(offset) // timedelta(seconds=1)
    text += f"{'-' if offset < timedelta(0) else '+'}{away // 3600:02d}:{away // 60 % 60:02d}"
    return text + (f":{away % 60:02d}" if away % 60 else "")


def _years_months_text(value: YearsMonths) -> str:
    years, months = divmod(abs(value.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-P" if value.months < 0 else "P") + (text or "0M")


def _days_time_text(value: AnyDuration) -> str:
    total = nanoseconds(value)
    seconds, nanos = divmod(abs(total), SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
    if second or nanos:
        clock += f"{second}{f'.{nanos:09d}'.rstrip('0') if nanos else ''}S"
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if total < 0 else "P") + (text or "T0S")
