"""Refuses a default flow that leads to a sanction: what is taken when nothing is known must be harmless."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.sanctions import reached_unseen
from server.catalog.study import Study, on_flow

CODE = "defaut-qui-sanctionne"
TITLE = "Un flux par défaut ne sanctionne personne"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Le flux par défaut d'un choix ne mène pas à une sanction : la branche qui pèse sur la personne porte sa condition, écrite."""
    for flow in study.diagram.flows:
        # Where two ways meet again, the sanction does not come from the default.
        if not flow.default:
            continue
        others = {n.id for f in study.diagram.out(flow.source) if f is not flow for n in reached_unseen(study, flow.scope, [f.target])}
        for node in reached_unseen(study, flow.scope, [flow.target]):
            if node.id not in others:
                message = f"Le flux par défaut {flow.label} mène à {node.label} : écrivez la condition de cette branche, et faites d'une autre le défaut."
                yield on_flow(CODE, SEVERITY, flow, message)
