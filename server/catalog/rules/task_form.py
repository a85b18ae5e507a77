"""Refuses a user task without a form that the package holds: an agent would have nothing to fill in."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "formulaire-absent"
TITLE = "Chaque tâche a son formulaire"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une tâche d'agent nomme un formulaire, et le paquet le contient ; le studio peut en écrire un premier."""
    for node in study.diagram.of_type("userTask"):
        form = node.zeebe("formDefinition").get("formId", "").strip()
        if not form:
            yield on_node(CODE, SEVERITY, node, f"{node.label} n'a pas de formulaire : choisissez-en un ou faites-le écrire par le studio.")
        elif f"forms/{form}.form" not in study.files:
            yield on_node(
                CODE, SEVERITY, node, f"{node.label} nomme le formulaire « {form} », que le paquet ne contient pas : ajoutez {form}.form."
            )
