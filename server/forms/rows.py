"""Adds and removes rows of repeated lists by posting back, so that lists work without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from server.forms.layout import MOST_ROWS, fixed_rows
from server.forms.model import Component, Form
from server.forms.posted import dig, rows_of, unfold

BUTTON = "_liste"
_ORDER = re.compile(r"(ajouter|retirer):([\w.\[\]]{1,200})|actualiser")
_STEP = re.compile(r"\w+|\[[0-9]{1,4}\]")


def list_change(form: Form, raw: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answers after a list button was pressed (post name `_liste`), to draw again without checking; None when none was pressed.

    « ajouter:enfants » adds an empty row, « retirer:enfants[1] » removes one, « actualiser » only draws again what answers show or hide.
    """
    order = raw.get(BUTTON)
    order = order[0] if isinstance(order, list) and order else order
    found = _ORDER.fullmatch(order) if isinstance(order, str) else None
    if not found:
        return None
    tree = _nested({name: value for name, value in unfold(raw).items() if name != BUTTON})
    if found[1]:
        steps = tuple(int(step[1:-1]) if step.startswith("[") else step for step in _STEP.findall(found[2]))
        index = steps[-1] if found[1] == "retirer" and steps and isinstance(steps[-1], int) else None
        path = steps if index is None else steps[:-1]
        if _movable(form, tuple(step for step in path if isinstance(step, str))):
            _change(tree, path, index if found[1] == "retirer" else None)
    return tree or {BUTTON: ""}


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
