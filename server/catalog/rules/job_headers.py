"""Refuses a job that does not say what it needs: which milestone, which message, which process."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.diagram import Node
from server.catalog.findings import ERROR, Finding
from server.catalog.study import MILESTONES, Study, on_node

CODE = "en-tete-absent"
TITLE = "Un travail dit ce qu'il lui faut"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Un fait nomme l'un des jalons connus, un message porte un nom, un démarrage nomme un processus qui existe."""
    for node in study.diagram.nodes.values():
        fault = _fault(study, node, node.zeebe("taskDefinition").get("type", "").strip())
        if fault:
            yield on_node(CODE, SEVERITY, node, f"{node.label} {fault}")


def _fault(study: Study, node: Node, kind: str) -> str:
    named = node.headers.get("nom", "").strip() or node.properties.get("nom", "").strip()
    if kind == "fait" and named not in MILESTONES:
        return f"inscrit le fait « {named} », inconnu : donnez à l'en-tête « nom » l'un de {', '.join(sorted(MILESTONES))}."
    if kind == "message" and not named and study.diagram.message_of(node) is None:
        return "envoie un message sans nom : ajoutez l'en-tête « nom »."
    process = node.headers.get("processus", "").strip()
    if kind == "demarrer" and process not in study.known_processes:
        return f"démarre le processus « {process} », qui n'existe pas : corrigez l'en-tête « processus »."
    return ""
