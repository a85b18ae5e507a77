"""Refuses a timer that leads to a sanction without anybody's act: a date passed opens a task, it never weighs on a person."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.sanctions import reached_unseen
from server.catalog.study import Study, on_node

CODE = "minuteur-qui-sanctionne"
TITLE = "Un minuteur ne sanctionne personne"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Entre une date passée et un bordereau à la caisse ou une sanction inscrite, il y a toujours la tâche d'un agent."""
    for event in study.diagram.nodes.values():
        if event.event == "timer":
            for node in reached_unseen(study, event.scope, [event.id]):
                message = f"{event.label} mène à {node.label} sans qu'un agent ait rien décidé : mettez une tâche entre les deux."
                yield on_node(CODE, SEVERITY, event, message)
