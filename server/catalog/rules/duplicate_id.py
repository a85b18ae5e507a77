"""Refuses two elements with one id, or an element without one: history and screens point at ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from server.catalog.diagram import NODES
from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study
from server.catalog.xmlfile import BPMN, local

CODE = "identifiant-double"
TITLE = "Chaque élément a son identifiant"
SEVERITY = ERROR
_PLAIN = re.compile(r"[A-Za-z_][\w.\-]{0,119}")


def check(study: Study) -> Iterator[Finding]:
    """Chaque élément porte un identifiant à lui, fait de lettres, de chiffres, de tirets et de points, de 120 signes au plus."""
    elements = [e for e in study.diagram.root.iter() if isinstance(e.tag, str) and e.tag.startswith(BPMN)]
    counted = Counter(e.get("id", "") for e in elements if e.get("id"))
    for element_id in sorted(i for i, times in counted.items() if times > 1):
        yield Finding(
            CODE, element_id, "", f"L'identifiant « {element_id} » est porté par plusieurs éléments : donnez-en un à chacun.", SEVERITY
        )
    for element in elements:
        if local(element) not in NODES:
            continue
        element_id = element.get("id", "")
        if not _PLAIN.fullmatch(element_id):
            name = element.get("name", "")
            message = f"L'élément « {name or element_id} » n'a pas d'identifiant lisible : utilisez lettres, chiffres, tirets et points."
            yield Finding(CODE, element_id, name, message, SEVERITY)
