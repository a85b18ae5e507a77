"""Refuses a parallel or inclusive gateway inside a loop: its join counts what an earlier turn left behind."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.graph import loops
from server.catalog.study import Study, on_node

CODE = "parallele-en-boucle"
TITLE = "Pas de passerelle parallèle dans une boucle"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Ce qui se fait en parallèle à chaque tour est un processus appelé par la boucle : sa réunion est neuve à chaque tour."""
    for scope in study.diagram.scopes:
        for loop in loops(study.graph(scope)):
            for node in (study.diagram.nodes[n] for n in sorted(loop)):
                if node.type in ("parallelGateway", "inclusiveGateway"):
                    yield on_node(
                        CODE,
                        SEVERITY,
                        node,
                        f"{node.label} est dans une boucle : mettez la division et sa réunion dans un processus appelé.",
                    )
