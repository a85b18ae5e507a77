"""Refuses a side branch that comes back into the ordinary path: what follows would be done twice."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.graph import reachable, without
from server.catalog.study import Study, on_node

CODE = "branche-annexe-qui-revient"
TITLE = "Une branche annexe a sa propre fin"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """La branche d'un événement non interruptif ne rejoint pas le chemin ordinaire : ce qui suit se ferait deux fois."""
    for event in study.diagram.of_type("boundaryEvent"):
        host = study.diagram.nodes.get(event.xml.get("attachedToRef", ""))
        if event.interrupting or host is None:
            continue
        graph = study.graph(event.scope)
        branch = reachable(graph, [event.id])
        # A loop that comes back to the host meets the event again: that is not its branch coming back.
        ordinary = reachable(without(graph, [event.id]), [host.id])
        shared = [study.diagram.nodes[n] for n in sorted(branch & ordinary) if n in study.diagram.nodes]
        if any(node.type != "endEvent" for node in shared):
            yield on_node(CODE, SEVERITY, event, f"La branche de {event.label} rejoint le chemin ordinaire : donnez-lui sa propre fin.")
