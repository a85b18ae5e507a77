"""The diagram in words, for those who read it without sight, without mouse or without script: one line per element, in the order of the paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.catalog import Package
from server.catalog.diagram import Diagram, Node
from server.kernel.errors import JalonError

_KINDS = {
    "startEvent": "Début",
    "endEvent": "Fin",
    "intermediateCatchEvent": "Attente",
    "intermediateThrowEvent": "Évènement émis",
    "boundaryEvent": "Évènement de bord",
    "exclusiveGateway": "Choix",
    "parallelGateway": "Chemins en parallèle",
    "inclusiveGateway": "Choix multiple",
    "eventBasedGateway": "Attente du premier évènement",
    "userTask": "Tâche d'une personne",
    "serviceTask": "Service",
    "sendTask": "Envoi",
    "receiveTask": "Attente d'un message",
    "scriptTask": "Calcul",
    "businessRuleTask": "Table de décision",
    "callActivity": "Appel d'un processus",
    "subProcess": "Sous-processus",
}
_EVENTS = {
    "timer": "minuteur",
    "message": "message",
    "error": "erreur",
    "signal": "signal",
    "terminate": "arrête tout",
    "escalation": "signalement",
}


@dataclass(frozen=True)
class OutlineLine:
    """One element: its words, what is said of it, and where it leads. `depth` counts the sub-processes around it."""

    id: str
    name: str
    kind: str
    facts: tuple[str, ...]
    then: tuple[str, ...]
    depth: int


def outline(package: Package) -> tuple[OutlineLine, ...]:
    """The lines of a diagram; nothing when it cannot be read (the findings say why)."""
    try:
        drawing = package.diagram
    except JalonError:
        return ()
    names = {node.id: node.name or _kind(drawing, node) for node in drawing.nodes.values()}
    return tuple(_line(drawing, node, names) for node in _in_order(drawing))


def _in_order(drawing: Diagram) -> list[Node]:
    """Along the flows from each start, the main path first; what nothing reaches comes last."""
    after: dict[str, list[str]] = {}
    for flow in drawing.flows:
        after.setdefault(flow.source, []).append(flow.target)
    for node in drawing.nodes.values():
        if node.type == "boundaryEvent":
            after.setdefault(node.xml.get("attachedToRef", ""), []).append(node.id)
        elif node.type == "startEvent" and node.scope in drawing.nodes:
            after.setdefault(node.scope, []).insert(0, node.id)
    waiting = [node.id for node in reversed(list(drawing.nodes.values()))]
    waiting += [node.id for node in reversed(list(drawing.nodes.values())) if node.type == "startEvent" and node.scope not in drawing.nodes]
    seen: dict[str, Node] = {}
    while waiting:
        element = waiting.pop()
        if element in seen or element not in drawing.nodes:
            continue
        seen[element] = drawing.nodes[element]
        waiting += reversed(after.get(element, []))
    return list(seen.values())


def _line(drawing: Diagram, node: Node, names: Mapping[str, str]) -> OutlineLine:
    then = tuple(
        (f"{flow.name or flow.condition or 'sinon'} : " if flow.condition or (flow.default and flow.name) else "")
        + names.get(flow.target, flow.target)
        for flow in drawing.flows
        if flow.source == node.id
    )
    return OutlineLine(
        node.id, node.name or "Sans nom", _kind(drawing, node), tuple(_facts(drawing, node, names)), then, _depth(drawing, node)
    )


def _kind(drawing: Diagram, node: Node) -> str:
    if node.type.endswith("Gateway") and sum(1 for flow in drawing.flows if flow.source == node.id) < 2:
        return "Réunion des chemins"
    event = _EVENTS.get(node.event, node.event)
    interrupts = "" if node.type != "boundaryEvent" else ", interrompt" if node.interrupting else ", sans interrompre"
    return _KINDS.get(node.type, node.type) + (f" ({event}{interrupts})" if event or interrupts else "")


def _facts(drawing: Diagram, node: Node, names: Mapping[str, str]) -> list[str]:
    """What is set on an element, in words."""
    assigned, form = node.zeebe("assignmentDefinition"), node.zeebe("formDefinition")
    schedule, job = node.zeebe("taskSchedule"), node.zeebe("taskDefinition")
    message = drawing.message_of(node)
    told = [
        ("Sur", names.get(node.xml.get("attachedToRef", ""), "")),
        ("Groupe", assigned.get("candidateGroups", "")),
        ("Formulaire", form.get("formId", "")),
        ("Échéance", schedule.get("dueDate", "")),
        ("Limite", node.properties.get("limite", "")),
        ("Minuteur", drawing.timer_of(node)[1]),
        ("Message", message.name if message else ""),
        ("Décision", node.zeebe("calledDecision").get("decisionId", "")),
        ("Processus", node.zeebe("calledElement").get("processId", "")),
        ("Travail", job.get("type", "")),
        ("Issue", node.properties.get("issue", "")),
    ]
    return [f"{word} : {value}" for word, value in told if value]


def _depth(drawing: Diagram, node: Node) -> int:
    depth, scope = 0, node.scope
    while scope in drawing.nodes:
        depth, scope = depth + 1, drawing.nodes[scope].scope
    return depth
