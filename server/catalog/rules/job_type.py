"""Refuses a service task, a send task or a thrown message that asks for a work nobody does."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "type-de-travail-inconnu"
TITLE = "Un type de travail connu"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une tâche de service, d'envoi, ou un message envoyé nomme l'un des travaux que le produit sait faire."""
    for node in study.diagram.nodes.values():
        thrown = node.type in ("intermediateThrowEvent", "endEvent") and node.event == "message"
        if node.type not in ("serviceTask", "sendTask") and not thrown:
            continue
        kind = node.zeebe("taskDefinition").get("type", "").strip() or ("message" if thrown else "")
        if not kind:
            yield on_node(CODE, SEVERITY, node, f"{node.label} ne dit pas quel travail faire : choisissez son type.")
        elif kind not in study.job_types:
            known = ", ".join(sorted(study.job_types))
            yield on_node(CODE, SEVERITY, node, f"{node.label} demande « {kind} », que rien ne fait : choisissez parmi {known}.")
