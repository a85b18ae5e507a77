"""Refuses a message caught without a name or a key: it would wake the case of somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "message-sans-cle"
TITLE = "Un message attendu a un nom et une clé"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Un message attendu nomme un message, et sa clé dit de quel dossier il parle (par exemple « = dossier.id »)."""
    for node in study.diagram.of_type("intermediateCatchEvent", "boundaryEvent"):
        if node.event != "message":
            continue
        message = study.diagram.message_of(node)
        if message is None or not message.name:
            yield on_node(CODE, SEVERITY, node, f"{node.label} attend un message sans nom : choisissez le message attendu.")
        elif not message.key:
            yield on_node(CODE, SEVERITY, node, f"{node.label} attend « {message.name} » sans clé : ajoutez par exemple « = dossier.id ».")
