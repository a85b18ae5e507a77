"""Values that processes, tables and forms exchange, and their one JSON writing.

A value is None, bool, Decimal, str, date, time, datetime, timedelta (days and time duration), YearsMonths, a list or a dict with text keys.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson

Value = Any


@dataclass(frozen=True, order=True)
class YearsMonths:
    """A years and months duration (DMN 1.5, 10.3.2.3.8), in months; negative when it goes back."""

    months: int


def _read_clock(text: str) -> time | datetime:
    """A time, or a date and time, as ISO 8601; a zone by name comes after @."""
    text, mark, zone = text.partition("@")
    value = datetime.fromisoformat(text) if "T" in text or len(text) == 10 else time.fromisoformat(text)
    return value.replace(tzinfo=ZoneInfo(zone)) if mark else value


_TAGS = {"$d": date.fromisoformat, "$t": _read_clock, "$dt": _read_clock}
_ESCAPE = "$"
_BARE = frozenset({type(None), bool, str, int})  # JSON says them as they are; asked first, they are most values
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))  # made once: it costs more than a short line


def to_plain(value: Value) -> Any:
    """A value as plain JSON types; what JSON cannot say is tagged.

    {"$n": "1.10"} is a number, {"$d": "2026-11-21"} a date, {"$t": …} a time, {"$dt": "2026-11-21T10:00:00@Europe/Paris"} a date and time,
    {"$p": [days, seconds, microseconds]} a days and time duration, {"$ym": months} a years and months duration, {"$": {…}} a context that looks
    like one of these. Raises TypeError for anything that is not a value.
    """
    kind = type(value)
    if kind in _BARE:
        return value
    if kind is dict:
        return _plain_context(value)
    if isinstance(value, bool | str | int):
        return value
    if isinstance(value, Decimal):
        whole = value.is_finite() and value.as_tuple().exponent == 0 and value.adjusted() < 15
        return int(value) if whole else {"$n": str(value)}
    if isinstance(value, datetime):
        return {"$dt": _clock_text(value)}
    if isinstance(value, date):
        return {"$d": value.isoformat()}
    if isinstance(value, time):
        return {"$t": _clock_text(value)}
    if isinstance(value, timedelta):
        return {"$p": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, YearsMonths):
        return {"$ym": value.months}
    if isinstance(value, dict):
        return _plain_context(value)
    if isinstance(value, list | tuple):
        return [to_plain(v) for v in value]
    raise TypeError(f"no JSON writing for {type(value).__name__}")


def _plain_context(value: dict[Any, Value]) -> dict[str, Any]:
    plain = {str(k): v if type(v) in _BARE else to_plain(v) for k, v in value.items()}
    return {_ESCAPE: plain} if len(plain) == 1 and next(iter(plain)).startswith(_ESCAPE) else plain


def _clock_text(value: time | datetime) -> str:
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{value.replace(tzinfo=None).isoformat()}@{value.tzinfo.key}"
    return value.isoformat()


def from_plain(plain: Any) -> Value:
    """The value that `to_plain` wrote; whole numbers come back as Decimal."""
    if isinstance(plain, bool) or plain is None or isinstance(plain, str):
        return plain
    if isinstance(plain, int | float | Decimal):
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
        if tag == _ESCAPE:
            return {k: from_plain(v) for k, v in text.items()}
    return {k: from_plain(v) for k, v in plain.items()}


def canonical(value: Value) -> bytes:
    """The one byte writing of a value: UTF-8 JSON, keys sorted, no spaces. Hashes and states are taken over it."""
    plain = to_plain(value)
    try:
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a whole number beyond 64 bits: the same bytes, the slow way
        return _ENCODER.encode(plain).encode()


def read_canonical(data: bytes) -> Value:
    """The value that `canonical` wrote."""
    return from_plain(json.loads(data, parse_float=Decimal))
