"""Refuses a boundary event that is not on an activity: on a wait or a gateway the engine would never hear it."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.diagram import ACTIVITIES
from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "bord-d-une-attente"
TITLE = "Un événement de bord est sur une activité"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Un événement de bord s'attache à une tâche ou à un sous-processus ; pour interrompre une attente, mettez-la dans un sous-processus."""
    for node in study.diagram.of_type("boundaryEvent"):
        host = study.diagram.nodes.get(node.xml.get("attachedToRef", ""))
        if host is None:
            yield on_node(CODE, SEVERITY, node, f"{node.label} n'est attaché à rien : posez-le sur le bord d'une activité.")
        elif host.type not in ACTIVITIES:
            message = f"{node.label} est attaché à {host.label}, qui n'est pas une activité : mettez cette attente dans un sous-processus."
            yield on_node(CODE, SEVERITY, node, message)
