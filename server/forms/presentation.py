"""Draws the components that show without asking: texts, tables, pictures, lines, buttons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

from server.feel.french import value_text
from server.forms.entries import read_number
from server.forms.model import Component, Words
from server.forms.posted import dig
from server.forms.prose import markdown, own_picture, safe_html
from server.forms.view import Field
from server.kernel.values import Value

_MOST_LINES = 1_000


def draw_presentation(component: Component, scope: Mapping[str, Value], now: datetime, dom_id: str) -> Field | None:
    """The field of a component that holds no answer, or None for what a page does not draw."""
    label = component.label.text(scope, now)
    if component.type == "text":
        return Field("prose", id=dom_id, html=markdown(_text(component, "text", scope, now)))
    if component.type == "html":
        return Field("html", id=dom_id, html=safe_html(_escaped(component.texts.get("content"), scope, now)))
    if component.type == "image":
        return Field(
            "image", id=dom_id, value=own_picture(_text(component, "source", scope, now)), label=_text(component, "alt", scope, now)
        )
    if component.type == "table":
        return _table(component, scope, now, dom_id, label)
    if component.type == "separator":
        return Field("line")
    if component.type == "spacer":
        return Field("space")
    return Field("button", id=dom_id, label=label, value="reset") if component.options.get("action") == "reset" else None


def _text(component: Component, name: str, scope: Mapping[str, Value], now: datetime) -> str:
    words = component.texts.get(name)
    return words.text(scope, now) if words else ""


def _escaped(words: Words | None, scope: Mapping[str, Value], now: datetime) -> str:
    """An HTML text whose values are escaped: only the owner writes elements."""
    if words is None or words.template is None:
        return ""
    return words.template.render(scope, now, lambda value, _: escape(value_text(value)))


def _table(component: Component, scope: Mapping[str, Value], now: datetime, dom_id: str, label: str) -> Field:
    source = component.settings.get("dataSource")
    lines = source.value(scope, now) if source else None
    if isinstance(lines, str) and source is not None and source.expression is None:
        lines = dig(scope, tuple(lines.split(".")))
    columns_setting = component.settings.get("columnsExpression")
    columns = columns_setting.value(scope, now) if columns_setting else component.options.get("columns")
    heads = [column for column in columns or [] if isinstance(column, dict) and "key" in column] if isinstance(columns, list) else []
    shown = [line for line in lines if isinstance(line, dict)][:_MOST_LINES] if isinstance(lines, list) else []
    first = read_number(component.options.get("rowCount"))
    return Field(
        "table",
        id=dom_id,
        label=label,
        heads=tuple(str(column.get("label") or column["key"]) for column in heads),
        cells=tuple(tuple(value_text(dig(line, tuple(str(column["key"]).split(".")))) for column in heads) for line in shown),
        attributes={"first": str(int(first) if first and first > 0 else len(shown))},
    )
