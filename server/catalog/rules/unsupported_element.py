"""Refuses what can be drawn but is not run here, or is run wrongly: transactions, compensation, signals, conditional events…"""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node
from server.catalog.xmlfile import BPMN

CODE = "element-non-pris-en-charge"
TITLE = "Seulement des éléments que le moteur conduit"
SEVERITY = ERROR
KINDS = {
    "transaction": "une transaction",
    "adHocSubProcess": "un sous-processus ad hoc",
    "complexGateway": "une passerelle complexe",
    "receiveTask": "une tâche de réception (utilisez un message attendu)",
    "manualTask": "une tâche manuelle (utilisez une tâche d'agent)",
    "task": "une tâche sans type (choisissez tâche d'agent, de service, de règle…)",
}
EVENTS = {
    "signal": "un signal",
    "conditional": "un événement conditionnel",
    "link": "un lien",
    "compensate": "une compensation",
    "cancel": "une annulation de transaction",
    "escalation": "une escalade",
}
# Where each kind of event may stand.
PLACES = {
    "timer": ("intermediateCatchEvent", "boundaryEvent", "startEvent"),
    "message": ("intermediateCatchEvent", "boundaryEvent", "startEvent", "intermediateThrowEvent", "endEvent"),
    "error": ("boundaryEvent", "endEvent"),
    "terminate": ("endEvent",),
    "": ("startEvent", "endEvent", "intermediateThrowEvent"),
}


def check(study: Study) -> Iterator[Finding]:
    """Transaction, compensation, ad hoc, signal, condition, lien, escalade, passerelle complexe et boucle standard ne sont pas pris en charge."""
    for node in study.diagram.nodes.values():
        what = KINDS.get(node.type) or EVENTS.get(node.event)
        if node.xml.get("isForCompensation") == "true":
            what = "une activité de compensation"
        elif node.xml.find(f"{BPMN}standardLoopCharacteristics") is not None:
            what = "une boucle standard (dessinez la boucle)"
        elif what is None and node.type.endswith("Event") and node.type not in PLACES.get(node.event, ()):
            what = "un événement à une place que le moteur ne conduit pas"
        if what:
            yield on_node(CODE, SEVERITY, node, f"{node.label} est {what} : le moteur ne le conduit pas, remplacez cet élément.")
