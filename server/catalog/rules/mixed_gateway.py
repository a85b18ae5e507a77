"""Refuses a gateway that joins and splits at once: readers and the engine may not mean the same thing."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.diagram import GATEWAYS
from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "passerelle-double"
TITLE = "Une passerelle réunit ou divise"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une passerelle qui a plusieurs entrées n'a qu'une sortie : dessinez la réunion puis la division."""
    for node in study.diagram.of_type(*GATEWAYS):
        # A wait that a loop comes back to has nothing to join: each token waits anew.
        if node.type != "eventBasedGateway" and len(study.diagram.into(node.id)) > 1 and len(study.diagram.out(node.id)) > 1:
            yield on_node(CODE, SEVERITY, node, f"{node.label} réunit et divise à la fois : dessinez deux passerelles.")
