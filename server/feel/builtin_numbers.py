"""Built-in functions on numbers, and number(), not() and is() (DMN 1.5, 10.3.4.1, 10.3.4.2, 10.3.4.5 and 10.3.4.8)."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException

from server.feel.comparing import equals, kind_of
from server.feel.numbers import CEILING, CONTEXT, DOWN, EXACT, FLOOR, HALF_DOWN, HALF_EVEN, HALF_UP, MAX_SCALE, MIN_SCALE, UP, rounded
from server.feel.registry import builtin
from server.feel.run import Run
from server.feel.temporal import (
    AnyDuration,
    clock_nanoseconds,
    clock_of,
    date_of,
    is_moment,
    make_duration,
    nanoseconds,
    zone_offset,
)
from server.kernel.values import Value, YearsMonths

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")


@builtin("number", "from:number")
def _number_of_number(_run: Run, value: Decimal) -> Value:
    return value


@builtin("number", "from:string, grouping separator:string?=, decimal separator:string?=", cost=5)
def _number(run: Run, text: str, grouping: str | None = None, point: str | None = None) -> Value:
    if grouping not in {None, " ", ".", ","} or point not in {None, ".", ","} or (grouping is not None and grouping == point):
        return run.note("number() : les séparateurs {} et {} ne conviennent pas.", grouping, point)
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if len(plain) > 12_000 or not _NUMBER.fullmatch(plain):
        return run.note("number() : « {} » n'est pas un nombre.", text[:40])
    try:
        return CONTEXT.create_decimal(plain)
    except DecimalException:
        return run.note("number() : « {} » est trop grand.", text[:40])


def _to_scale(run: Run, number: Decimal, scale: Decimal, mode: str, name: str) -> Value:
    if not MIN_SCALE <= scale <= MAX_SCALE:
        return run.note("{}() : le nombre de décimales {} est hors de {}..{}.", name, scale, MIN_SCALE, MAX_SCALE)
    try:
        return rounded(number, int(scale), mode)
    except DecimalException:
        return run.note("{}() : le résultat dépasse 34 chiffres.", name)


@builtin("decimal", "n:number, scale:number", cost=10)
def _decimal(run: Run, number: Decimal, scale: Decimal) -> Value:
    return _to_scale(run, number, scale, HALF_EVEN, "decimal")


@builtin("floor", "n:number, scale:number=", cost=10)
def _floor(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    return _to_scale(run, number, Decimal(0) if scale is None else scale, FLOOR, "floor")


@builtin("ceiling", "n:number, scale:number=", cost=10)
def _ceiling(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    return _to_scale(run, number, Decimal(0) if scale is None else scale, CEILING, "ceiling")


@builtin("round up", "n:number, scale:number", cost=10)
def _round_up(run: Run, number: Decimal, scale: Decimal) -> Value:
    return _to_scale(run, number, scale, UP, "round up")


@builtin("round down", "n:number, scale:number", cost=10)
def _round_down(run: Run, number: Decimal, scale: Decimal) -> Value:
    return _to_scale(run, number, scale, DOWN, "round down")


@builtin("round half up", "n:number, scale:number", cost=10)
def _round_half_up(run: Run, number: Decimal, scale: Decimal) -> Value:
    return _to_scale(run, number, scale, HALF_UP, "round half up")


@builtin("round half down", "n:number, scale:number", cost=10)
def _round_half_down(run: Run, number: Decimal, scale: Decimal) -> Value:
    return _to_scale(run, number, scale, HALF_DOWN, "round half down")


@builtin("abs", "n:number")
def _abs(_run: Run, number: Decimal) -> Value:
    return CONTEXT.abs(number)


@builtin("abs", "n:duration")
def _abs_duration(_run: Run, duration: AnyDuration | YearsMonths) -> Value:
    return YearsMonths(abs(duration.months)) if isinstance(duration, YearsMonths) else make_duration(abs(nanoseconds(duration)))


@builtin("modulo", "dividend:number, divisor:number", cost=10)
def _modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    if divisor == 0:
        return run.note("modulo() : division par zéro.")
    if abs(dividend.adjusted() - divisor.adjusted()) > 6_000:
        return run.note("modulo() : les deux nombres sont trop éloignés l'un de l'autre.")
    rest = EXACT.remainder(dividend, divisor)
    # FEEL's modulo has the sign of the divisor, Python's remainder that of the dividend.
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else CONTEXT.plus(rest)


@builtin("sqrt", "number:number", cost=10)
def _sqrt(run: Run, number: Decimal) -> Value:
    return run.note("sqrt() : le nombre {} est négatif.", number) if number < 0 else CONTEXT.sqrt(number)


@builtin("log", "number:number", cost=80)
def _log(run: Run, number: Decimal) -> Value:
    return run.note("log() : le nombre {} n'est pas positif.", number) if number <= 0 else CONTEXT.ln(number)


@builtin("exp", "number:number", cost=50)
def _exp(run: Run, number: Decimal) -> Value:
    try:
        return CONTEXT.exp(number)
    except DecimalException:
        return run.note("exp() : le résultat est trop grand.")


@builtin("odd", "number:number")
def _odd(_run: Run, number: Decimal) -> Value:
    return number == number.to_integral_value() and EXACT.remainder(number, Decimal(2)) != 0


@builtin("even", "number:number")
def _even(_run: Run, number: Decimal) -> Value:
    return number == number.to_integral_value() and EXACT.remainder(number, Decimal(2)) == 0


@builtin("not", "negand:any")
def _not(run: Run, value: Value) -> Value:
    if type(value) is list and len(value) == 1:
        value = value[0]
    return not value if type(value) is bool else run.note("not() attend un booléen.")


@builtin("is", "value1:any, value2:any")
def _is(_run: Run, left: Value, right: Value) -> Value:
    """The same element of the FEEL domain: the same clock at the same offset, whether a zone or a number says it (10.3.4.8)."""
    if kind_of(left) != kind_of(right):
        return False
    if is_moment(left):
        return date_of(left) == date_of(right) and _clock_identity(left) == _clock_identity(right)
    if kind_of(left) == "time":
        return _clock_identity(left) == _clock_identity(right)
    return equals(left, right) is True


def _clock_identity(value: Value) -> tuple[object, object]:
    return clock_nanoseconds(clock_of(value) if is_moment(value) else value), zone_offset(value)
