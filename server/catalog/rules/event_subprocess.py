"""Refuses event sub-processes: the engine neither interrupts for them nor ends them as BPMN says."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "sous-processus-evenementiel"
TITLE = "Pas de sous-processus événementiel"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Ce qui peut arriver à tout moment est un message sur le bord de la partie du parcours qu'il interrompt."""
    for node in study.diagram.of_type("subProcess"):
        if node.xml.get("triggeredByEvent") == "true":
            message = f"{node.label} est un sous-processus événementiel : dessinez l'événement sur le bord de la partie qu'il interrompt."
            yield on_node(CODE, SEVERITY, node, message)
