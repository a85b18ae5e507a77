"""Warns of a diagram that no screen shows whole: beyond 25 nodes, a part becomes a called process."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import WARNING, Finding
from server.catalog.study import Study

CODE = "trop-d-elements"
TITLE = "Vingt-cinq éléments au plus"
SEVERITY = WARNING
MOST = 25


def check(study: Study) -> Iterator[Finding]:
    """Un diagramme de plus de vingt-cinq éléments ne se lit plus d'un coup d'œil : mettez une partie dans un processus appelé."""
    count = len(study.diagram.nodes)
    if count > MOST:
        message = f"Le diagramme a {count} éléments, {MOST} au plus se lisent d'un coup d'œil : mettez une partie dans un processus appelé."
        yield Finding(CODE, study.diagram.process_id, study.diagram.name, message, SEVERITY)
