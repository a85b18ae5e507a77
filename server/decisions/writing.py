"""Writes values outside: as values that history can keep, and as JSON whose numbers keep all their digits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from server import feel
from server.kernel.errors import TooMuch
from server.kernel.values import Value, YearsMonths

MAX_DEPTH = 200
MAX_ITEMS = 2_000_000
_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)
_KEPT = (bool, Decimal, int, str, datetime, date, time, timedelta, YearsMonths)


def as_text(value: Value) -> str | None:
    """A value as FEEL writes it (`string`): ISO 8601 for dates, times and durations; None when it has no writing."""
    if isinstance(value, feel.Function):
        return f"fonction {value.name}({', '.join(value.parameters)})"
    written = feel.compile("string(valeur)").evaluate({"valeur": value}, _NO_TIME)
    return written if isinstance(written, str) else None


def kept(value: Value, depth: int = 0) -> Value:
    """The value with only what kernel.values can write: functions, ranges, far years and nanoseconds become texts."""
    if depth > MAX_DEPTH:
        raise TooMuch(f"Valeur trop imbriquée : plus de {MAX_DEPTH} niveaux.")
    if value is None or isinstance(value, _KEPT):
        return value
    if isinstance(value, list | tuple):
        return [kept(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(key): kept(item, depth + 1) for key, item in value.items()}
    return as_text(value)


def to_json(value: Value) -> str:
    """A value as JSON text on one line: numbers with all their digits, temporal values as ISO 8601 text. Raises TooMuch when it is too deep or too long."""
    parts: list[str] = []
    _write(value, parts, 0)
    return "".join(parts)


def _write(value: Value, parts: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise TooMuch(f"Valeur trop imbriquée : plus de {MAX_DEPTH} niveaux.")
    if len(parts) > MAX_ITEMS:
        raise TooMuch(f"Résultat trop long : plus de {MAX_ITEMS} éléments.")
    if value is None or isinstance(value, bool | str):
        parts.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, Decimal | int):
        parts.append(_number(Decimal(value)))
    elif isinstance(value, dict):
        parts.append("{")
        _separated(((f"{json.dumps(str(k), ensure_ascii=False)}: ", v) for k, v in value.items()), parts, depth)
        parts.append("}")
    elif isinstance(value, list | tuple):
        parts.append("[")
        _separated((("", v) for v in value), parts, depth)
        parts.append("]")
    else:
        parts.append(json.dumps(as_text(value), ensure_ascii=False))


def _separated(pairs: Iterable[tuple[str, Value]], parts: list[str], depth: int) -> None:
    for position, (before, value) in enumerate(pairs):
        parts.append(", " + before if position else before)
        _write(value, parts, depth + 1)


def _number(number: Decimal) -> str:
    """Digits as they are; an exponent only where zeros would not fit in a line."""
    if not number.is_finite():
        return "null"
    return format(number, "f") if -60 < number.adjusted() < 60 else str(number)
