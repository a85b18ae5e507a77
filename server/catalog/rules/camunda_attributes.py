"""Refuses attributes of the camunda namespace: they are read when a file is imported, and never run."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study
from server.catalog.xmlfile import CAMUNDA, attributes

CODE = "attribut-camunda"
TITLE = "Pas d'attribut camunda"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Les attributs « camunda: » d'un fichier importé ne sont pas conduits : le studio les remplace par ceux de « zeebe: »."""
    for element in study.diagram.root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag.startswith(CAMUNDA) or any(key.startswith(CAMUNDA) for key in attributes(element)):
            owner = next((e for e in (element, *element.iterancestors()) if e.get("id")), element)
            name = owner.get("name", "")
            message = f"« {name or owner.get('id', '')} » porte un attribut camunda, qui n'a aucun effet : remplacez-le dans le panneau des propriétés."
            yield Finding(CODE, owner.get("id", ""), name, message, SEVERITY)
