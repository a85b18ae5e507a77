"""Refuses several flows out of a task or an event: splits are gateways, so that what happens is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.diagram import GATEWAYS
from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "division-implicite"
TITLE = "Une division est une passerelle"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une étape ou un événement n'a qu'un flux sortant, sans condition ; plusieurs chemins partent d'une passerelle."""
    for node in study.diagram.nodes.values():
        if node.type in GATEWAYS:
            continue
        out = study.diagram.out(node.id)
        if len(out) > 1:
            yield on_node(CODE, SEVERITY, node, f"{node.label} a {len(out)} flux sortants : mettez une passerelle après cet élément.")
        elif out and out[0].condition:
            yield on_node(CODE, SEVERITY, node, f"Le flux qui sort de {node.label} porte une condition : mettez une passerelle avant elle.")
