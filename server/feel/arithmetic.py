"""Addition to exponentiation on numbers, texts, dates, times and durations (DMN 1.5, 10.3.2.14, table 55)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, DecimalException

from server.feel.comparing import french_kind, kind_of
from server.feel.numbers import CONTEXT
from server.feel.run import Run
from server.feel.temporal import (
    DAY,
    MAX_MONTHS,
    AnyDate,
    AnyDuration,
    AnyMoment,
    AnyTime,
    WideMoment,
    add_months,
    at_midnight_utc,
    clock_from_nanoseconds,
    clock_instant,
    clock_nanoseconds,
    clock_of,
    date_from_number,
    date_of,
    day_number,
    instant,
    make_duration,
    make_moment,
    moment_at,
    nanoseconds,
    zone_of,
)
from server.kernel.values import Value, YearsMonths

_ND, _DT, _T, _DTD, _YMD = "number", "date and time", "time", "days and time duration", "years and months duration"


def arithmetic(sign: str, left: Value, right: Value, run: Run) -> Value:
    """left `sign` right; null with a reason when FEEL does not define it."""
    if left is None or right is None:
        return run.note("L'opération « {} » porte sur une valeur absente (null).", sign)
    operation = _OPERATIONS.get((sign, kind_of(left), kind_of(right)))
    if operation is None:
        return run.note("L'opération « {} » n'existe pas entre {} et {}.", sign, french_kind(left), french_kind(right))
    if sign == "**":
        run.spend(10 if right == right.to_integral_value() else 250)
    elif type(left) is not Decimal:
        run.spend(15)
    try:
        result = operation(left, right)
    except DecimalException:
        return run.note("L'opération « {} » n'a pas de résultat : division par zéro ou nombre trop grand.", sign)
    except (OverflowError, ZeroDivisionError):
        return run.note("L'opération « {} » dépasse les dates ou durées que FEEL connaît.", sign)
    if result is None or (type(result) is YearsMonths and abs(result.months) > MAX_MONTHS):
        return run.note("L'opération « {} » n'a pas de résultat entre {} et {}.", sign, french_kind(left), french_kind(right))
    if type(result) is str:
        run.check_text(len(result))
    return result


def negate(value: Value, run: Run) -> Value:
    """-value, for a number or a duration."""
    kind = kind_of(value)
    if kind == _ND:
        return CONTEXT.minus(Decimal(value))
    if kind == _DTD:
        return make_duration(-nanoseconds(value))
    if kind == _YMD:
        return YearsMonths(-value.months)
    return run.note("Le signe moins ne s'applique pas à {}.", french_kind(value))


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    return CONTEXT.power(base, exponent)


def _moment(value: AnyDate | AnyMoment) -> AnyMoment:
    return value if isinstance(value, datetime | WideMoment) else at_midnight_utc(value)


def _moment_minus_moment(left: AnyDate | AnyMoment, right: AnyDate | AnyMoment) -> AnyDuration | None:
    first, second = _moment(left), _moment(right)
    if (zone_of(first) is None) != (zone_of(second) is None):
        return None
    return make_duration(instant(first) - instant(second))


def _moment_plus_days(left: AnyMoment, right: AnyDuration, turn: int = 1) -> AnyMoment | None:
    return moment_at(instant(left) + turn * nanoseconds(right), zone_of(left))


def _date_plus_days(left: AnyDate, right: AnyDuration, turn: int = 1) -> AnyDate | None:
    return date_from_number(day_number(left) + turn * nanoseconds(right) // DAY)


def _moment_plus_months(left: AnyMoment, right: YearsMonths, turn: int = 1) -> AnyMoment | None:
    day = add_months(date_of(left), turn * right.months)
    return None if day is None else make_moment(day, clock_of(left))


def _time_plus(left: AnyTime, right: AnyDuration, turn: int = 1) -> AnyTime:
    return clock_from_nanoseconds((clock_nanoseconds(left) + turn * nanoseconds(right)) % DAY, zone_of(left))


def _time_minus_time(left: AnyTime, right: AnyTime) -> AnyDuration | None:
    if (zone_of(left) is None) != (zone_of(right) is None):
        return None
    return make_duration(clock_instant(left) - clock_instant(right))


def _sum_of(left: AnyDuration, right: AnyDuration, turn: int = 1) -> AnyDuration:
    return make_duration(nanoseconds(left) + turn * nanoseconds(right))


def _scaled(duration: AnyDuration, factor: Decimal) -> AnyDuration:
    return make_duration(int(CONTEXT.multiply(Decimal(nanoseconds(duration)), factor)))


def _shared(duration: AnyDuration, divisor: Decimal) -> AnyDuration:
    return make_duration(int(CONTEXT.divide(Decimal(nanoseconds(duration)), divisor)))


def _months_scaled(duration: YearsMonths, factor: Decimal) -> YearsMonths:
    return YearsMonths(int(CONTEXT.multiply(Decimal(duration.months), factor)))


def _months_shared(duration: YearsMonths, divisor: Decimal) -> YearsMonths:
    return YearsMonths(int(CONTEXT.divide(Decimal(duration.months), divisor)))


Operation = Callable[..., Value]
_OPERATIONS: dict[tuple[str, str, str], Operation] = {
    ("+", _ND, _ND): CONTEXT.add,
    ("-", _ND, _ND): CONTEXT.subtract,
    ("*", _ND, _ND): CONTEXT.multiply,
    ("/", _ND, _ND): CONTEXT.divide,
    ("**", _ND, _ND): _power,
    ("+", "string", "string"): lambda a, b: a + b,
    ("-", _DT, _DT): _moment_minus_moment,
    ("-", "date", "date"): _moment_minus_moment,
    ("-", _DT, "date"): _moment_minus_moment,
    ("-", "date", _DT): _moment_minus_moment,
    ("-", _T, _T): _time_minus_time,
    ("+", _DTD, _DTD): _sum_of,
    ("-", _DTD, _DTD): lambda a, b: _sum_of(a, b, -1),
    ("+", _YMD, _YMD): lambda a, b: YearsMonths(a.months + b.months),
    ("-", _YMD, _YMD): lambda a, b: YearsMonths(a.months - b.months),
    ("+", _DT, _YMD): _moment_plus_months,
    ("+", _YMD, _DT): lambda a, b: _moment_plus_months(b, a),
    ("-", _DT, _YMD): lambda a, b: _moment_plus_months(a, b, -1),
    ("+", "date", _YMD): lambda a, b: add_months(a, b.months),
    ("+", _YMD, "date"): lambda a, b: add_months(b, a.months),
    ("-", "date", _YMD): lambda a, b: add_months(a, -b.months),
    ("+", _DT, _DTD): _moment_plus_days,
    ("+", _DTD, _DT): lambda a, b: _moment_plus_days(b, a),
    ("-", _DT, _DTD): lambda a, b: _moment_plus_days(a, b, -1),
    ("+", "date", _DTD): _date_plus_days,
    ("+", _DTD, "date"): lambda a, b: _date_plus_days(b, a),
    ("-", "date", _DTD): lambda a, b: _date_plus_days(a, b, -1),
    ("+", _T, _DTD): _time_plus,
    ("+", _DTD, _T): lambda a, b: _time_plus(b, a),
    ("-", _T, _DTD): lambda a, b: _time_plus(a, b, -1),
    ("*", _DTD, _ND): _scaled,
    ("*", _ND, _DTD): lambda a, b: _scaled(b, a),
    ("/", _DTD, _ND): _shared,
    ("/", _DTD, _DTD): lambda a, b: CONTEXT.divide(Decimal(nanoseconds(a)), Decimal(nanoseconds(b))),
    ("*", _YMD, _ND): _months_scaled,
    ("*", _ND, _YMD): lambda a, b: _months_scaled(b, a),
    ("/", _YMD, _ND): _months_shared,
    ("/", _YMD, _YMD): lambda a, b: CONTEXT.divide(Decimal(a.months), Decimal(b.months)),
}
