"""Built-in functions that make dates, times and durations, and those on the calendar (DMN 1.5, 10.3.4.1, 10.3.4.7 and 10.3.4.11)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from server.feel.registry import builtin
from server.feel.run import Run
from server.feel.temporal import (
    SECOND,
    AnyDate,
    AnyDuration,
    AnyMoment,
    AnyTime,
    WideMoment,
    clock_from_nanoseconds,
    clock_of,
    date_of,
    day_number,
    fixed_zone,
    make_date,
    make_moment,
    months_between,
)
from server.feel.temporal_text import read_date, read_duration, read_moment, read_time
from server.kernel.values import Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _read(run: Run, value: Value, text: str, name: str) -> Value:
    return run.note("{}() : « {} » ne se lit pas.", name, text[:60]) if value is None else value


@builtin("date", "from:string", cost=20)
def _date_of_text(run: Run, text: str) -> Value:
    return _read(run, read_date(text), text, "date")


@builtin("date", "from:day")
def _date_of_day(_run: Run, day: AnyDate | AnyMoment) -> Value:
    return date_of(day)


@builtin("date", "year:number, month:number, day:number")
def _date_of_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    found = make_date(int(year), int(month), int(day)) if _whole(year, month, day) else None
    return run.note("date() : {}-{}-{} n'existe pas.", year, month, day) if found is None else found


def _whole(*numbers: Decimal) -> bool:
    return all(number == number.to_integral_value() and abs(number) < 10**10 for number in numbers)


@builtin("date and time", "from:string", cost=20)
def _moment_of_text(run: Run, text: str) -> Value:
    return _read(run, read_moment(text), text, "date and time")


@builtin("date and time", "date:day, time:time")
def _moment_of_both(_run: Run, day: AnyDate | AnyMoment, clock: AnyTime) -> Value:
    return make_moment(date_of(day), clock)


@builtin("time", "from:string", cost=20)
def _time_of_text(run: Run, text: str) -> Value:
    return _read(run, read_time(text), text, "time")


@builtin("time", "from:time")
def _time_of_time(_run: Run, clock: AnyTime) -> Value:
    return clock


@builtin("time", "from:day")
def _time_of_day(_run: Run, day: AnyDate | AnyMoment) -> Value:
    return clock_of(day) if isinstance(day, datetime | WideMoment) else time(0, tzinfo=UTC)


@builtin("time", "hour:number, minute:number, second:number, offset:days and time duration?=")
def _time_of_parts(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: AnyDuration | None = None) -> Value:
    right = _whole(hour, minute) and 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60
    zone = fixed_zone(offset) if isinstance(offset, timedelta) else None
    if not right or (offset is not None and zone is None):
        return run.note("time() : {}:{}:{} n'est pas une heure.", hour, minute, second)
    return clock_from_nanoseconds((int(hour) * 60 + int(minute)) * 60 * SECOND + int(second * SECOND), zone)


@builtin("duration", "from:string", cost=20)
def _duration(run: Run, text: str) -> Value:
    return _read(run, read_duration(text), text, "duration")


@builtin("years and months duration", "from:day, to:day")
def _years_and_months(_run: Run, start: AnyDate | AnyMoment, end: AnyDate | AnyMoment) -> Value:
    return months_between(start, end)


@builtin("now")
def _now(run: Run) -> Value:
    return run.now


@builtin("today")
def _today(run: Run) -> Value:
    """The date of the given time, in its zone: the caller gives `now` in the zone of the territory."""
    return run.now.date()


@builtin("day of year", "date:day")
def _day_of_year(_run: Run, day: AnyDate | AnyMoment) -> Value:
    when = date_of(day)
    return Decimal(_as_common(when).timetuple().tm_yday)


@builtin("day of week", "date:day")
def _day_of_week(_run: Run, day: AnyDate | AnyMoment) -> Value:
    return _DAYS[(day_number(date_of(day)) + 3) % 7]


@builtin("month of year", "date:day")
def _month_of_year(_run: Run, day: AnyDate | AnyMoment) -> Value:
    return _MONTHS[date_of(day).month - 1]


@builtin("week of year", "date:day")
def _week_of_year(_run: Run, day: AnyDate | AnyMoment) -> Value:
    return Decimal(_as_common(date_of(day)).isocalendar().week)


def _as_common(day: AnyDate) -> date:
    """The same day in a year Python knows: the calendar comes back every 400 years."""
    return day if isinstance(day, date) else date(2000 + day.year % 400, day.month, day.day)
