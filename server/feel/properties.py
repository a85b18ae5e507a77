"""What `.key` gives on dates, times, durations and ranges (DMN 1.5, 10.3.2.15, table 56)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from server.feel.comparing import kind_of
from server.feel.temporal import (
    SECOND,
    AnyDate,
    AnyDuration,
    AnyMoment,
    AnyTime,
    WideMoment,
    clock_nanoseconds,
    clock_of,
    date_of,
    day_number,
    local_clock,
    nanoseconds,
    zone_of,
    zone_offset,
)
from server.kernel.values import Value


def _weekday(value: AnyDate | AnyMoment) -> Decimal:
    # 1970-01-01 was a Thursday; FEEL counts Monday as 1.
    return Decimal((day_number(date_of(value)) + 3) % 7 + 1)


def _timezone(value: AnyMoment | AnyTime) -> str | None:
    zone = zone_of(value)
    return zone.key if isinstance(zone, ZoneInfo) else None


def _part(position: int) -> Callable[[AnyDuration], Decimal]:
    def part(value: AnyDuration) -> Decimal:
        total = nanoseconds(value)
        seconds = abs(total) // SECOND
        parts = (Decimal(seconds // 86_400), Decimal(seconds // 3600 % 24), Decimal(seconds // 60 % 60), _seconds(abs(total)))
        return -parts[position] if total < 0 else parts[position]

    return part


def _seconds(nanos: int) -> Decimal:
    """The seconds of a minute, with their decimals if any (table 66)."""
    whole, rest = divmod(nanos, SECOND)
    return Decimal(whole % 60) + (Decimal(rest) / SECOND).normalize() if rest else Decimal(whole % 60)


def _truncated(count: int, by: int) -> tuple[int, int]:
    whole, rest = divmod(abs(count), by)
    return (-whole, -rest) if count < 0 else (whole, rest)


_DATE: dict[str, Callable[..., Value]] = {
    "year": lambda v: Decimal(date_of(v).year),
    "month": lambda v: Decimal(date_of(v).month),
    "day": lambda v: Decimal(date_of(v).day),
    "weekday": _weekday,
}
_CLOCK: dict[str, Callable[..., Value]] = {
    "hour": lambda v: Decimal(_clock(v).hour),
    "minute": lambda v: Decimal(_clock(v).minute),
    "second": lambda v: _seconds(clock_nanoseconds(clock_of(v) if isinstance(v, datetime | WideMoment) else v)),
    "time offset": zone_offset,
    "timezone": _timezone,
}
_PROPERTIES: dict[str, dict[str, Callable[..., Value]]] = {
    "date": _DATE,
    "time": _CLOCK,
    "date and time": _DATE | _CLOCK,
    "days and time duration": {"days": _part(0), "hours": _part(1), "minutes": _part(2), "seconds": _part(3)},
    "years and months duration": {
        "years": lambda v: Decimal(_truncated(v.months, 12)[0]),
        "months": lambda v: Decimal(_truncated(v.months, 12)[1]),
    },
    "range": {
        "start": lambda v: v.low,
        "end": lambda v: v.high,
        "start included": lambda v: v.low_in,
        "end included": lambda v: v.high_in,
    },
}
PROPERTY_NAMES = frozenset(name for table in _PROPERTIES.values() for name in table)


def _clock(value: AnyMoment | AnyTime) -> time:
    return local_clock(clock_of(value) if isinstance(value, datetime | WideMoment) else value)


def property_of(value: Value, key: str) -> tuple[bool, Value]:
    """(True, the property) when this kind of value has one of that name, else (False, None)."""
    read = _PROPERTIES.get(kind_of(value), {}).get(key)
    return (True, read(value)) if read is not None else (False, None)
