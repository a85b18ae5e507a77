"""Refuses a branch of a choice that says neither when it is taken nor that it is the default."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_flow

CODE = "condition-absente"
TITLE = "Chaque branche d'un choix a sa condition"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Chaque flux qui sort d'un choix porte une condition, sauf celui par défaut."""
    for gateway in study.diagram.of_type("exclusiveGateway", "inclusiveGateway"):
        out = study.diagram.out(gateway.id)
        for flow in out if len(out) > 1 else ():
            if not flow.condition and not flow.default:
                message = (
                    f"Le flux {flow.label}, qui sort de {gateway.label}, n'a pas de condition : écrivez-la ou faites-en le flux par défaut."
                )
                yield on_flow(CODE, SEVERITY, flow, message)
