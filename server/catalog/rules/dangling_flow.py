"""Refuses a sequence flow that does not join two nodes of one scope: the token would vanish."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_flow

CODE = "flux-sans-but"
TITLE = "Un flux joint deux éléments"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Un flux part d'un élément et arrive à un autre du même niveau ; il n'entre pas dans un sous-processus et n'en sort pas."""
    nodes = study.diagram.nodes
    for flow in study.diagram.flows:
        ends = (nodes.get(flow.source), nodes.get(flow.target))
        if ends[0] is None or ends[1] is None:
            missing = "départ" if ends[0] is None else "arrivée"
            yield on_flow(CODE, SEVERITY, flow, f"Le flux {flow.label} n'a pas d'élément de {missing} : reliez-le ou retirez-le.")
        elif {ends[0].scope, ends[1].scope} != {flow.scope}:
            yield on_flow(
                CODE, SEVERITY, flow, f"Le flux {flow.label} traverse le bord d'un sous-processus : reliez des éléments du même niveau."
            )
        elif ends[0].type == "endEvent" or ends[1].type in ("startEvent", "boundaryEvent"):
            yield on_flow(CODE, SEVERITY, flow, f"Le flux {flow.label} sort d'une fin ou entre dans un début : corrigez ses bouts.")
