"""Refuses a user task that is offered to nobody."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "groupe-absent"
TITLE = "Chaque tâche a un groupe"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une tâche d'agent dit à quel groupe elle est proposée ; sans groupe, personne ne la verrait."""
    for node in study.diagram.of_type("userTask"):
        if not node.zeebe("assignmentDefinition").get("candidateGroups", "").strip():
            yield on_node(CODE, SEVERITY, node, f"{node.label} n'est proposée à aucun groupe : indiquez le groupe qui la fait.")
