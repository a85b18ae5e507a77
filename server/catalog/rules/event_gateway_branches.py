"""Refuses an event-based gateway whose branches are not plain waits: the engine would wait for nothing, or for ever."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "attente-mal-suivie"
TITLE = "Une attente d'événements mène à des événements"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Une passerelle d'événements a au moins deux branches ; chacune commence par un message ou un minuteur qui n'a pas d'autre entrée."""
    for gateway in study.diagram.of_type("eventBasedGateway"):
        out = study.diagram.out(gateway.id)
        if len(out) < 2:
            yield on_node(CODE, SEVERITY, gateway, f"{gateway.label} n'a pas deux branches : une seule attente se dessine sans passerelle.")
        for flow in out:
            target = study.diagram.nodes.get(flow.target)
            if target is None:
                continue
            if target.type != "intermediateCatchEvent" or target.event not in ("message", "timer"):
                yield on_node(
                    CODE, SEVERITY, target, f"{target.label} suit une attente d'événements sans être un message ni un minuteur reçu."
                )
            elif len(study.diagram.into(target.id)) > 1:
                yield on_node(
                    CODE, SEVERITY, target, f"{target.label} suit une attente d'événements et a une autre entrée : dédoublez l'événement."
                )
