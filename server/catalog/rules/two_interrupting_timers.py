"""Refuses two interrupting timers on one activity: after a late start both are due, and both would be taken."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.diagram import ACTIVITIES
from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "deux-minuteurs-interruptifs"
TITLE = "Un seul minuteur interruptif par activité"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une cible puis une limite sont deux minuteurs non interruptifs ; un seul minuteur peut interrompre une activité."""
    for host in study.diagram.of_type(*ACTIVITIES):
        timers = [b for b in study.diagram.boundaries(host.id) if b.event == "timer" and b.interrupting]
        for extra in timers[1:]:
            yield on_node(
                CODE, SEVERITY, extra, f"{extra.label} est le deuxième minuteur interruptif de {host.label} : rendez-le non interruptif."
            )
