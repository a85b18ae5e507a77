"""Refuses months and years counted by the engine: the law's months are those of the calendar, with holidays and shifts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "duree-en-mois"
TITLE = "Les mois se comptent par le calendrier"
SEVERITY = ERROR
_MONTHS = re.compile(r"(?<!\w)-?P(?=[\dYMWD]*\d[MY])[\dYMWD]+(?:T[\dHMS.]+)?(?!\w)|years and months duration")


def check(study: Study) -> Iterator[Finding]:
    """Un délai en mois ou en années vient de « echeance(…) », qui suit le droit ; le moteur ne compte que des jours et des heures."""
    for node in study.diagram.nodes.values():
        _, text = study.diagram.timer_of(node)
        due = node.zeebe("taskSchedule").get("dueDate", "")
        for written in (text, due, node.properties.get("limite", "")):
            if _MONTHS.search(written):
                message = f'{node.label} compte en mois ou en années (« {written} ») : utilisez = echeance("nom du délai", date de départ).'
                yield on_node(CODE, SEVERITY, node, message)
