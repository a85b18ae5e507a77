"""Adds and removes rows of repeated lists by posting back, so that lists work without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from server.forms.layout import MOST_ROWS, fixed_rows
from server.forms.model import Component, Form
from server.forms.posted import dig, rows_of, unfold

_ORDER = re.compile(r"ajouter:([\w.\[\]]{1,200})|retirer:([\w.\[\]]{1,200}):([0-9]{1,4})|actualiser")
_STEP = re.compile(r"\w+|\[[0-9]{1,4}\]")


def list_change(form: Form, raw: Mapping[str, Any], order: str) -> dict[str, Any]:
    """The answers after a list button was pressed (its value is `order`), to draw again without checking.

    « ajouter:enfants » adds an empty row, « retirer:enfants:1 » removes the second, « actualiser » only draws again what answers show or hide;
    any other order changes nothing.
    """
    tree: dict[str, Any] = _nested(unfold(raw))
    found = _ORDER.fullmatch(order)
    target = (found[1] or found[2]) if found else None
    if found and target:
        path: tuple[str | int, ...] = tuple(int(step[1:-1]) if step.startswith("[") else step for step in _STEP.findall(target))
        if path and _movable(form, tuple(step for step in path if isinstance(step, str))):
            _change(tree, path, int(found[3]) if found[3] else None)
    # Never empty: an empty tree would be filled again from the case.
    return tree or {"_": ""}


def _movable(form: Form, path: tuple[str, ...]) -> bool:
    return any(not fixed_rows(component) for component in _lists(form.components, (), path))


def _lists(components: tuple[Component, ...], base: tuple[str, ...], wanted: tuple[str, ...]) -> list[Component]:
    found: list[Component] = []
    for component in components:
        path = base + component.path
        if component.type == "dynamiclist" and path == wanted:
            found.append(component)
        found += _lists(component.children, path, wanted)
    return found


def _nested(node: Any) -> Any:
    """Rows as lists again."""
    if isinstance(node, dict):
        if node and all(isinstance(key, int) for key in node):
            return [_nested(row) for row in rows_of(node).values()]
        return {key: _nested(value) for key, value in node.items()}
    return node


def _change(tree: dict[str, Any], path: tuple[str | int, ...], index: int | None) -> None:
    rows = dig(tree, path)
    rows = rows if isinstance(rows, list) else []
    rows = ([*rows, {}] if len(rows) < MOST_ROWS else rows) if index is None else rows[:index] + rows[index + 1 :]
    here: Any = tree
    for step in path[:-1]:
        if isinstance(step, str):
            here = here.setdefault(step, {})
        elif isinstance(here, list) and step < len(here):
            here = here[step]
        if not isinstance(here, dict | list):
            return
    if isinstance(here, dict) and isinstance(path[-1], str):
        here[path[-1]] = rows
