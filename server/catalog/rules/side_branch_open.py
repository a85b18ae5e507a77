"""Refuses a side branch that can outlive the ordinary path: a plain end would leave the case open behind it."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.graph import reachable, without
from server.catalog.study import Study, on_node
from server.catalog.waits import is_wait

CODE = "branche-annexe-sans-terme"
TITLE = "Une branche annexe se ferme avec le chemin ordinaire"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Quand un événement non interruptif ouvre une branche qui attend, chaque fin du chemin ordinaire est une fin qui termine tout."""
    for event in study.diagram.of_type("boundaryEvent"):
        host = study.diagram.nodes.get(event.xml.get("attachedToRef", ""))
        if event.interrupting or host is None:
            continue
        graph = study.graph(event.scope)
        branch = reachable(graph, [event.id])
        if not any(is_wait(study.diagram.nodes[n]) for n in branch if n != event.id):
            continue
        ordinary = reachable(without(graph, [event.id]), [f.target for f in study.diagram.out(host.id)]) - branch
        for end in sorted(ordinary):
            node = study.diagram.nodes.get(end)
            if node is not None and node.type == "endEvent" and node.event not in ("terminate", "error"):
                message = f"{node.label} peut laisser ouverte la branche de {event.label} : faites-en une fin qui termine tout."
                yield on_node(CODE, SEVERITY, node, message)
