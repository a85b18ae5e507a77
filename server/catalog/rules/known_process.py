"""Refuses a call to a process that nothing publishes."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "processus-introuvable"
TITLE = "Chaque processus appelé existe"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une activité d'appel nomme un processus publié, ou publié en même temps."""
    for node in study.diagram.of_type("callActivity"):
        called = (node.zeebe("calledElement").get("processId") or node.xml.get("calledElement") or "").strip()
        if not called:
            yield on_node(CODE, SEVERITY, node, f"{node.label} n'appelle aucun processus : choisissez-en un.")
        elif not called.startswith("=") and called not in study.known_processes:
            yield on_node(
                CODE, SEVERITY, node, f"{node.label} appelle le processus « {called} », qui n'existe pas : corrigez le nom ou publiez-le."
            )
