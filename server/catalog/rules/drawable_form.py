"""Refuses a form that cannot be drawn or checked: its task could never be completed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from server.catalog.findings import ERROR, Finding
from server.forms import read_form
from server.kernel.errors import JalonError

CODE = "formulaire-illisible"
TITLE = "Chaque formulaire peut être dessiné et contrôlé"
SEVERITY = ERROR


def check_files(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Chaque composant d'un formulaire est d'un type connu, a une clé à lui, et ses expressions et ses motifs se lisent."""
    for name in sorted(name for name in files if name.endswith(".form")):
        try:
            schema = json.loads(files[name])
        except (ValueError, RecursionError):
            continue  # said by « paquet-illisible »
        if not isinstance(schema, dict):
            continue
        try:
            read_form(schema)
        except JalonError as error:
            yield Finding(CODE, getattr(error, "element", ""), "", f"Le formulaire {name} ne peut pas servir. {error}", SEVERITY, name)
