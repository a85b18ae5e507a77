"""Values that processes, tables and forms exchange, and their one JSON writing.

A value is None, bool, Decimal, str, date, time, datetime, timedelta (days and time duration), YearsMonths, a list or a dict with text keys.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

Value = Any


@dataclass(frozen=True, order=True)
class YearsMonths:
    """A years and months duration (DMN 1.5, 10.3.2.3.8), in months; negative when it goes back."""

    months: int


_TAGS = {"$d": date.fromisoformat, "$t": time.fromisoformat, "$dt": datetime.fromisoformat}


def to_plain(value: Value) -> Any:
    """A value as plain JSON types; what JSON cannot say is tagged: {"$n": "1.10"}, {"$d": "2026-11-21"}, {"$p": seconds}, {"$ym": months}."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return (
            int(value)
            if value == value.to_integral_value() and value.adjusted() < 15 and value.as_tuple().exponent == 0
            else {"$n": str(value)}
        )
    if isinstance(value, datetime):
        return {"$dt": value.isoformat()}
    if isinstance(value, date):
        return {"$d": value.isoformat()}
    if isinstance(value, time):
        return {"$t": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$p": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, YearsMonths):
        return {"$ym": value.months}
    if isinstance(value, dict):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(v) for v in value]
    raise TypeError(f"no JSON writing for {type(value).__name__}")


def from_plain(plain: Any) -> Value:
    """The value that `to_plain` wrote; integers come back as Decimal."""
    if isinstance(plain, bool) or plain is None or isinstance(plain, str):
        return plain
    if isinstance(plain, int | float):
        return Decimal(str(plain))
    if isinstance(plain, list):
        return [from_plain(p) for p in plain]
    if len(plain) == 1:
        (tag, text), *_ = plain.items()
        if tag == "$n":
            return Decimal(text)
        if tag in _TAGS:
            return _TAGS[tag](text)
        if tag == "$p":
            return timedelta(*text)
        if tag == "$ym":
            return YearsMonths(text)
    return {k: from_plain(v) for k, v in plain.items()}


def canonical(value: Value) -> bytes:
    """The one byte writing of a value: UTF-8 JSON, keys sorted, no spaces. Hashes and states are taken over it."""
    return json.dumps(to_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_canonical(data: bytes) -> Value:
    """The value that `canonical` wrote."""
    return from_plain(json.loads(data))
