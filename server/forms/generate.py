"""Writes a first form-js schema from the variables of a package, so that no user task waits for a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SIMPLE: dict[str, dict[str, Any]] = {
    "string": {"type": "textfield"},
    "text": {"type": "textarea"},
    "number": {"type": "number"},
    "date": {"type": "datetime", "subtype": "date"},
    "time": {"type": "datetime", "subtype": "time"},
    "date and time": {"type": "datetime", "subtype": "datetime", "timeSerializingFormat": "utc_offset"},
}
_YES_NO = [{"label": "Oui", "value": True}, {"label": "Non", "value": False}]


def generate(form_id: str, title: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """A form-js schema with one component per variable, in order. `variables`: name -> mapping or object with `type` (FEEL) and `label`.

    A boolean becomes two radio buttons (no answer stays no answer); a list of contexts or an unknown type a text area that its owner will replace.
    """
    components: list[dict[str, Any]] = [{"id": f"{form_id}_titre", "type": "text", "text": f"## {title}"}]
    for number, (name, told) in enumerate(variables.items(), 1):
        components.append({"id": f"{form_id}_{number}", "key": name, "label": _of(told, "label") or name, **_shape(_of(told, "type"))})
    return {
        "id": form_id,
        "type": "default",
        "title": title,
        "schemaVersion": 19,
        "exporter": {"name": "Jalon", "version": "1"},
        "components": components,
    }


def _of(told: Any, name: str) -> str:
    value = told.get(name) if isinstance(told, Mapping) else getattr(told, name, "")
    return str(value or "")


def _shape(kind: str) -> dict[str, Any]:
    kind = kind.strip().lower()
    if kind in ("boolean", "bool"):
        return {"type": "radio", "values": [dict(choice) for choice in _YES_NO], "validate": {"required": True}}
    return {**_SIMPLE.get(kind, {"type": "textarea"}), "validate": {"required": True}}
