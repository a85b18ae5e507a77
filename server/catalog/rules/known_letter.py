"""Refuses a letter that the package does not hold: the outbox would try for ever."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "courrier-introuvable"
TITLE = "Chaque courrier a son modèle"
SEVERITY = ERROR
CHANNELS = ("lettre", "mail", "sms")


def check(study: Study) -> Iterator[Finding]:
    """Une étape « courrier » nomme un modèle du paquet et l'un des canaux lettre, mail ou sms."""
    for node in study.diagram.nodes.values():
        if node.zeebe("taskDefinition").get("type") != "courrier":
            continue
        model, channel = node.headers.get("modele", "").strip(), node.headers.get("canal", "lettre").strip()
        if not model:
            yield on_node(CODE, SEVERITY, node, f"{node.label} ne dit pas quel courrier envoyer : ajoutez l'en-tête « modele ».")
        elif not model.startswith("=") and f"letters/{model}.md" not in study.files:
            yield on_node(
                CODE,
                SEVERITY,
                node,
                f"{node.label} envoie « {model} », dont le modèle n'est pas dans le paquet : ajoutez letters/{model}.md.",
            )
        if channel not in CHANNELS and not channel.startswith("="):
            yield on_node(CODE, SEVERITY, node, f"{node.label} envoie par « {channel} » : choisissez lettre, mail ou sms.")
