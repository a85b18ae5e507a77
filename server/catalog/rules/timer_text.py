"""Refuses a timer that says no date: it would never fire, or fire at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "minuteur-illisible"
TITLE = "Un minuteur dit sa date"
SEVERITY = ERROR
_DURATION = r"P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)"
_FORMS = {
    "timeDate": re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?"),
    "timeDuration": re.compile(_DURATION),
    "timeCycle": re.compile(rf"R\d*/{_DURATION}"),
}


def check(study: Study) -> Iterator[Finding]:
    """Un minuteur porte une expression FEEL, ou une date ou une durée ISO 8601."""
    for node in study.diagram.nodes.values():
        if node.event != "timer":
            continue
        kind, text = study.diagram.timer_of(node)
        if not text:
            yield on_node(
                CODE, SEVERITY, node, f'{node.label} n\'a pas de date : écrivez par exemple = echeance("nom du délai", date de départ).'
            )
        elif not text.startswith("=") and not _FORMS[kind].fullmatch(text):
            yield on_node(
                CODE,
                SEVERITY,
                node,
                f"{node.label} porte « {text} », qui n'est ni du FEEL ni une date ou durée ISO 8601 : corrigez ce texte.",
            )
