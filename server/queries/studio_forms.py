"""Forms and letters of a package in the studio: the server's own drawing of each, and first forms for the tasks that have none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.catalog import Package
from server.forms import Field, draw, generate, read_form
from server.kernel.errors import JalonError, NotFound
from server.kernel.values import Value
from server.letters import Rendered, preview


def drawn_schema(schema: Mapping[str, Any], package: Package, now: datetime) -> list[Field]:
    """The fields of a schema, filled with nothing but its defaults. Raises ModelError naming the component."""
    context: dict[str, Value] = dict.fromkeys(_variables(package))
    return draw(read_form(schema), None, context, None, now)


def missing_forms(package: Package) -> tuple[tuple[str, str], ...]:
    """(form id, task name) of the user tasks whose form is not in the package, in the order of the diagram."""
    known = set(package.form_ids)
    try:
        tasks = package.diagram.nodes.values()
    except JalonError:
        return ()
    wanted = [(_form_id(node), node.name or node.id) for node in tasks if node.type == "userTask"]
    return tuple((form_id, name) for form_id, name in wanted if form_id and form_id not in known)


def _form_id(node: Any) -> str:
    for definition in node.xml.iter("{*}formDefinition"):
        return str(definition.get("formId") or "")
    return ""


def first_form(package: Package, form_id: str) -> dict[str, Any]:
    """A first schema for a task of the diagram that names this form. Raises NotFound when none does."""
    named = dict(missing_forms(package))
    if form_id not in named:
        raise NotFound(f"Aucune tâche du diagramme n'attend le formulaire « {form_id} ». Enregistrez d'abord le diagramme.")
    return generate(form_id, named[form_id], _variables(package))


def _variables(package: Package) -> Mapping[str, Any]:
    try:
        return package.variables
    except JalonError:
        return {}


def letter_preview(text: str) -> Rendered | None:
    """A letter with its places named, or None when it cannot be read (the findings say why)."""
    try:
        return preview(text)
    except JalonError:
        return None
