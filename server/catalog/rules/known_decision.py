"""Refuses a business rule task whose decision is in no table of the package, or whose result has no name."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "decision-introuvable"
TITLE = "Chaque décision a sa table"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une tâche de règle nomme une décision que le paquet contient, et la variable qui reçoit son résultat."""
    for node in study.diagram.of_type("businessRuleTask"):
        called = node.zeebe("calledDecision")
        decision = called.get("decisionId", "").strip()
        if not decision:
            yield on_node(CODE, SEVERITY, node, f"{node.label} n'appelle aucune décision : choisissez une table.")
        elif not decision.startswith("=") and decision not in study.known_decisions:
            yield on_node(
                CODE,
                SEVERITY,
                node,
                f"{node.label} appelle la décision « {decision} », qui n'est dans aucune table du paquet : ajoutez-la.",
            )
        if not called.get("resultVariable", "").strip():
            yield on_node(CODE, SEVERITY, node, f"{node.label} ne dit pas quelle variable reçoit le résultat : nommez-la.")
