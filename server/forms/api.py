"""A marshmallow schema per form, so that the API's OpenAPI page shows each task's answers with their types."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from server.forms.model import Component, Form

_DATETIMES: dict[str, type[fields.Field[Any]]] = {"date": fields.Date, "time": fields.Time, "datetime": fields.DateTime}


def api_schema(form: Form) -> type[Schema]:
    """The schema class of a form's answers, for documentation and outer typing; `check` keeps the rules, which depend on other answers.

    Answers are nested as `check` gives them. Unknown names are dropped. Every field may be null: a required one may be hidden.
    """
    return _schema(form.components, "Formulaire" + "".join(part.capitalize() for part in re.split(r"\W+", form.id)))


def _schema(components: tuple[Component, ...], name: str) -> type[Schema]:
    tree: dict[str, Any] = {}
    _gather(components, tree, name)
    return _class(tree, name)


def _class(tree: dict[str, Any], name: str) -> type[Schema]:
    made: dict[str, Any] = {}
    for key, node in tree.items():
        made[key] = fields.Nested(_class(node, name + key.capitalize()), allow_none=True) if isinstance(node, dict) else node
    meta = type("Meta", (), {"unknown": EXCLUDE})
    return type(name, (Schema,), {**made, "Meta": meta})


def _gather(components: tuple[Component, ...], tree: dict[str, Any], name: str) -> None:
    for component in components:
        inner = tree
        for step in component.path[:-1]:
            following = inner.setdefault(step, {})
            inner = following if isinstance(following, dict) else inner
        if component.type == "group":
            target = inner.setdefault(component.path[-1], {}) if component.path else tree
            _gather(component.children, target if isinstance(target, dict) else tree, name)
        elif component.type == "dynamiclist":
            last = component.path[-1]
            inner[last] = fields.List(fields.Nested(_schema(component.children, name + last.capitalize())), allow_none=True)
        elif component.keyed:
            inner[component.path[-1]] = _field(component)


def _field(component: Component) -> fields.Field[Any]:
    kind = component.type
    told = {"title": _constant(component.label), "description": _constant(component.hint), "required": component.rules.required}
    common: dict[str, Any] = {"allow_none": True, "metadata": {k: v for k, v in told.items() if v}}
    if kind == "expression" or component.readonly.constant is True:
        common["dump_only"] = True
    if kind == "number":
        return fields.String(**common) if component.options.get("serializeToString") else fields.Decimal(**common)
    if kind == "checkbox":
        return fields.Boolean(**common)
    if kind == "datetime":
        return _DATETIMES.get(str(component.options.get("subtype") or "date"), fields.Date)(**common)
    if kind in ("checklist", "taglist"):
        return fields.List(fields.Raw(), **common)
    if kind == "filepicker":
        return fields.List(fields.Dict(), **common)
    if kind in ("radio", "select") and component.choices and component.choices.fixed:
        values = [choice["value"] for choice in component.choices.fixed]
        return fields.Raw(validate=validate.OneOf([*values, None]), **common)
    return fields.Raw(**common) if kind in ("radio", "select", "expression") else fields.String(**common)


def _constant(words: Any) -> str:
    return str(words.template.text) if words.template is not None and words.template.constant else ""
