"""Writes any value as FEEL's string() does (DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

from decimal import Decimal

from server.feel.comparing import Range, kind_of
from server.feel.numbers import number_text
from server.feel.run import Function, Run
from server.feel.temporal_text import temporal_text
from server.kernel.values import Value

_MAX_DEPTH = 60


def text_of(value: Value, run: Run | None = None) -> str:
    """The text of a value; inside lists, contexts and ranges, texts are quoted."""
    return value if type(value) is str else _written(value, run, 0)


def _written(value: Value, run: Run | None, depth: int) -> str:
    if run is not None:
        run.spend(2)
    if value is None or depth > _MAX_DEPTH:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if isinstance(value, Decimal | int):
        return number_text(value)
    if type(value) is str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if type(value) is list:
        return "[" + ", ".join(_written(item, run, depth + 1) for item in value) + "]"
    if type(value) is dict:
        return "{" + ", ".join(f"{_key(key)}: {_written(item, run, depth + 1)}" for key, item in value.items()) + "}"
    if type(value) is Range:
        return _range_text(value, run, depth)
    if type(value) is Function:
        return f"function({', '.join(value.parameters)})"
    return temporal_text(value) if kind_of(value) != "unknown" else "null"


def _key(key: str) -> str:
    return key if all(part.isidentifier() for part in key.split(" ")) else f'"{key}"'


def _range_text(value: Range, run: Run | None, depth: int) -> str:
    low = "" if value.low is None else _written(value.low, run, depth + 1)
    high = "" if value.high is None else _written(value.high, run, depth + 1)
    return f"{'[' if value.low_in else '('}{low}..{high}{']' if value.high_in else ')'}"
