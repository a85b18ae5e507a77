"""Refuses a script in another language than FEEL: an owner's diagram must never run code on the server."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node
from server.catalog.xmlfile import BPMN

CODE = "script-etranger"
TITLE = "Un script est une expression FEEL"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une tâche de script porte une expression FEEL et le nom de la variable qui la reçoit ; aucun autre langage n'est exécuté."""
    for node in study.diagram.of_type("scriptTask"):
        script = node.zeebe("script")
        language = node.xml.get("scriptFormat", "").strip().lower()
        if node.xml.find(f"{BPMN}script") is not None or language not in ("", "feel"):
            yield on_node(
                CODE, SEVERITY, node, f"{node.label} porte un script en « {language or 'langage inconnu'} » : réécrivez-le en FEEL."
            )
        elif not script.get("expression", "").strip() or not script.get("resultVariable", "").strip():
            yield on_node(CODE, SEVERITY, node, f"{node.label} n'a pas d'expression FEEL ou pas de variable de résultat : complétez-la.")
