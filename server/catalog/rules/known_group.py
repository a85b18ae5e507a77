"""Refuses a group that no lane and no département knows: its tasks would be seen by nobody."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "groupe-inconnu"
TITLE = "Un groupe connu"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Le groupe d'une tâche est l'un de ceux des départements, ou de ceux que package.toml donne aux couloirs."""
    for node in study.diagram.of_type("userTask"):
        text = node.zeebe("assignmentDefinition").get("candidateGroups", "").strip()
        if text.startswith("="):
            continue
        for group in filter(None, (g.strip() for g in text.split(","))):
            if group not in study.known_groups:
                known = ", ".join(sorted(study.known_groups))
                yield on_node(CODE, SEVERITY, node, f"{node.label} est proposée au groupe « {group} », inconnu : choisissez parmi {known}.")
