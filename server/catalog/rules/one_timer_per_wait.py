"""Refuses two timers behind one event-based gateway: the engine keeps a single term for the gateway."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "deux-minuteurs-une-attente"
TITLE = "Un seul minuteur derrière une attente d'événements"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Derrière une passerelle d'événements, un seul minuteur : le second ne partirait jamais."""
    for gateway in study.diagram.of_type("eventBasedGateway"):
        targets = [study.diagram.nodes.get(f.target) for f in study.diagram.out(gateway.id)]
        timers = [t for t in targets if t is not None and t.event == "timer"]
        if len(timers) > 1:
            names = ", ".join(t.label for t in timers)
            yield on_node(
                CODE,
                SEVERITY,
                gateway,
                f"{gateway.label} attend plusieurs minuteurs ({names}) : gardez le premier, le second suit en séquence.",
            )
