"""Refuses a multi-instance over cases or over a list of unknown size: the state of one instance would hold them all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.catalog.expressions import feel_of
from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node
from server.catalog.xmlfile import BPMN, extensions

CODE = "repetition-sur-dossiers"
TITLE = "Pas de répétition sur des dossiers"
SEVERITY = ERROR
MOST = 5
_CASES = re.compile(r"dossiers?|personnes?|b[ée]n[ée]ficiaires?|allocataires?|entrants?|inscrits?|cible", re.IGNORECASE)
_LIST = re.compile(r"\[([^\[\]]*)\]")


def check(study: Study) -> Iterator[Finding]:
    """Une répétition porte sur cinq éléments au plus, dits par une liste écrite ou par la propriété « maximum » ; chaque dossier a sa propre instance."""
    for node in study.diagram.nodes.values():
        loop = node.xml.find(f"{BPMN}multiInstanceLoopCharacteristics")
        if loop is None:
            continue
        collection = next((feel_of(e.get("inputCollection")) or "" for e in extensions(loop) if e.get("inputCollection")), "")
        maximum = node.properties.get("maximum", "")
        if _CASES.search(collection):
            message = f"{node.label} se répète sur « {collection} » : démarrez une instance par dossier au lieu de les tenir toutes ici."
            yield on_node(CODE, SEVERITY, node, message)
        elif not _small(collection) and not (maximum.isdigit() and int(maximum) <= MOST):
            message = f"{node.label} se répète sans borne connue : écrivez la liste, ou la propriété « maximum » ({MOST} au plus)."
            yield on_node(CODE, SEVERITY, node, message)


def _small(collection: str) -> bool:
    written = _LIST.fullmatch(collection.strip())
    return written is not None and len(written.group(1).split(",")) <= MOST
