"""The values that a choosing component proposes, and the text that stands for each in a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from server.feel.french import value_text
from server.forms.model import ChoiceSource
from server.forms.posted import dig
from server.kernel.values import Value, canonical

_MOST = 2_000


@dataclass(frozen=True)
class Proposed:
    """One proposed value: `text` stands for it in the page and in the post."""

    text: str
    label: str
    value: Value


def proposed(source: ChoiceSource, scope: Mapping[str, Value], now: datetime) -> tuple[Proposed, ...]:
    """The proposed values for this scope, each once, in order; at most 2,000."""
    if source.fixed is not None:
        items: Value = list(source.fixed)
    elif source.key:
        items = dig(scope, source.key)
    else:
        items = source.expression.evaluate(scope, now) if source.expression else None
    found: dict[str, Proposed] = {}
    for item in (items if isinstance(items, list) else [])[:_MOST]:
        one = _one(item)
        found.setdefault(one.text, one)
    return tuple(found.values())


def _one(item: Value) -> Proposed:
    if isinstance(item, Mapping) and "value" in item:
        value = item["value"]
        label = item.get("label")
        return Proposed(choice_text(value), value_text(value) if label is None else str(label), value)
    return Proposed(choice_text(item), value_text(item), item)


def choice_text(value: Value) -> str:
    """The text of a value in a post: itself for a text, its canonical writing otherwise."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        value = Decimal(str(value))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if value is None:
        return ""
    return canonical(value).decode()
