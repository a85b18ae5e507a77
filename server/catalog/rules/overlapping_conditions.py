"""Refuses two branches of an exclusive choice with one condition, or a condition on the default: both would be true at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_flow

CODE = "conditions-qui-se-recouvrent"
TITLE = "Les branches d'un choix s'excluent"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Deux branches d'un choix exclusif n'ont pas la même condition, aucune n'est toujours vraie, et la branche par défaut n'en porte pas."""
    for gateway in study.diagram.of_type("exclusiveGateway"):
        seen: dict[str, str] = {}
        out = study.diagram.out(gateway.id)
        for flow in out if len(out) > 1 else ():
            text = re.sub(r"\s+", "", flow.condition.removeprefix("="))
            if flow.default and text:
                yield on_flow(
                    CODE, SEVERITY, flow, f"Le flux {flow.label} est celui par défaut et porte une condition : retirez l'une ou l'autre."
                )
            elif text == "true":
                yield on_flow(CODE, SEVERITY, flow, f"La condition du flux {flow.label} est toujours vraie : faites-en le flux par défaut.")
            elif text in seen:
                yield on_flow(
                    CODE, SEVERITY, flow, f"Le flux {flow.label} a la même condition que « {seen[text]} » : rendez-les exclusives."
                )
            elif text:
                seen[text] = flow.name or flow.id
