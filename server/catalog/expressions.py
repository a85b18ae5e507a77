"""Finds every FEEL text that a diagram holds, with the element and the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from server.catalog.diagram import Diagram, Node
from server.catalog.xmlfile import BPMN, ZEEBE, extensions, local


@dataclass(frozen=True)
class Written:
    """One FEEL text (without its "="): `element` and `name` say where, `place` what it is in French, `node` the node whose names it may read ("" for a message)."""

    element: str
    name: str
    place: str
    text: str
    node: str
    child: bool = False  # reads the variables of the called process, not ours


def feel_of(text: str | None) -> str | None:
    """The FEEL text of an attribute that begins with "="; None for a plain text."""
    stripped = (text or "").strip()
    return stripped[1:].strip() if stripped.startswith("=") else None


def written_expressions(diagram: Diagram) -> Iterator[Written]:
    """Every FEEL text of the diagram, in the order of the file."""
    for node in diagram.nodes.values():
        for place, text, child in _of_node(diagram, node):
            yield Written(node.id, node.name, place, text, node.id, child)
    for flow in diagram.flows:
        if flow.condition:
            yield Written(flow.id, flow.name, "la condition", flow.condition.removeprefix("=").strip(), flow.source)
    for message in diagram.messages.values():
        if message.key:
            yield Written(message.id, message.name, "la clé du message", message.key.removeprefix("=").strip(), "")


def _of_node(diagram: Diagram, node: Node) -> Iterator[tuple[str, str, bool]]:
    called = node.type == "callActivity"
    for element in extensions(node.xml):
        yield from _of_extension(element, called=called)
    kind, text = diagram.timer_of(node)
    if kind and feel_of(text):
        yield "la date du minuteur", feel_of(text) or "", False
    loop = node.xml.find(f"{BPMN}multiInstanceLoopCharacteristics")
    for child in loop if loop is not None else ():
        body = (child.text or "").strip()
        if local(child) in ("completionCondition", "loopCardinality") and body:
            yield "la répétition", body.removeprefix("=").strip(), False
    for element in extensions(loop) if loop is not None else ():
        for attribute in ("inputCollection", "outputElement"):
            if feel_of(element.get(attribute)):
                yield "la répétition", feel_of(element.get(attribute)) or "", called and attribute == "outputElement"


PLACES = {
    "assignmentDefinition": {"assignee": "la personne désignée", "candidateGroups": "les groupes", "candidateUsers": "les personnes"},
    "taskSchedule": {"dueDate": "l'échéance", "followUpDate": "la date de suivi"},
    "priorityDefinition": {"priority": "la priorité"},
    "calledDecision": {"decisionId": "la décision"},
    "calledElement": {"processId": "le processus appelé"},
    "taskDefinition": {"type": "le type"},
    "formDefinition": {"formId": "le formulaire"},
}


def _of_extension(element: etree._Element, *, called: bool) -> Iterator[tuple[str, str, bool]]:
    kind = local(element)
    for attribute, place in PLACES.get(kind, {}).items():
        text = feel_of(element.get(attribute))
        if text is not None:
            yield place, text, False
    if kind == "script":
        yield "le script", element.get("expression", "").strip().removeprefix("=").strip(), False
    if kind == "properties":
        for item in element.iterchildren(f"{ZEEBE}property"):
            text = feel_of(item.get("value"))
            if text is not None:
                yield f"la propriété {item.get('name', '')}", text, False
    if kind == "ioMapping":
        for item in element.iterchildren(f"{ZEEBE}input", f"{ZEEBE}output"):
            text = feel_of(item.get("source"))
            if text is not None:
                yield f"la valeur de {item.get('target', '')}", text, called and local(item) == "output"
