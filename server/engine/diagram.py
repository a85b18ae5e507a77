"""Reads a BPMN file drawn with bpmn-js (zeebe properties) into plain frozen elements: safe XML only, file order kept, nothing of the drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from server.kernel.errors import ModelError, TooMuch

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
MAX_BYTES = 2_000_000
MAX_ELEMENTS = 3_000
ACTIVITIES = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "callActivity",
        "subProcess",
    }
)
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
UNSUPPORTED = frozenset({"complexGateway", "transaction", "adHocSubProcess"})
EVENT_KINDS = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "errorEventDefinition": "error",
    "terminateEventDefinition": "terminate",
}


@dataclass(frozen=True)
class EventText:
    """What an event waits for or throws. `form` is date, duration or cycle for a timer; `code` is an error code, empty for any error."""

    kind: str = "none"
    form: str = ""
    text: str = ""
    name: str = ""
    key: str = ""
    code: str = ""


@dataclass(frozen=True)
class Loop:
    """A multi-instance marker: collection or cardinality texts as written."""

    sequential: bool
    collection: str = ""
    item: str = ""
    output: str = ""
    output_item: str = ""
    cardinality: str = ""
    until: str = ""


@dataclass(frozen=True)
class Extensions:
    """The zeebe properties of an element, as written."""

    form: str = ""
    groups: str = ""
    assignee: str = ""
    due: str = ""
    priority: str = ""
    job_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    decision: str = ""
    result: str = ""
    script: str = ""
    called: str = ""
    binding: str = "latest"
    all_outputs: bool = False
    all_inputs: bool = True


@dataclass(frozen=True)
class Element:
    """A flow node. `scope` is the id of the process or sub-process that holds it."""

    id: str
    type: str
    name: str
    scope: str
    lane: str = ""
    default: str = ""
    host: str = ""
    interrupting: bool = True
    event: EventText = EventText()
    loop: Loop | None = None
    zeebe: Extensions = Extensions()


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is empty when there is none."""

    id: str
    source: str
    target: str
    name: str
    condition: str
    scope: str


@dataclass(frozen=True)
class Diagram:
    """One process of a file, its nodes and flows in the order of the file, sub-processes flattened (see `Element.scope`)."""

    process_id: str
    name: str
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]


def parse_xml(data: bytes, place: str = "process.bpmn") -> etree._Element:
    """The root of an XML text: no document type, no entity, no network. Raises TooMuch over 2 MB and ModelError when it is not such XML."""
    if len(data) > MAX_BYTES:
        raise TooMuch(f"Le fichier {place} dépasse {MAX_BYTES // 1_000_000} Mo. Découpez le processus en processus appelés.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ModelError(
            f"Le fichier {place} n'est pas un XML lisible (ligne {error.lineno}). Réenregistrez-le depuis le studio.", rule="xml"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ModelError(f"Le fichier {place} déclare un type de document (DOCTYPE) : c'est refusé. Retirez cette déclaration.", rule="xml")
    return root


def read_diagram(data: bytes, process_id: str | None = None) -> Diagram:
    """The diagram of one executable process of a BPMN file. Raises ModelError when the process cannot be found or holds what the engine does not run."""
    root = parse_xml(data)
    if root.tag != f"{BPMN}definitions":
        raise ModelError("Le fichier process.bpmn n'est pas un diagramme BPMN 2.0.", rule="xml")
    process = _process(root, process_id)
    reader = _Reader(root)
    reader.read_scope(process)
    return Diagram(process.get("id", ""), process.get("name") or process.get("id") or "", reader.elements, tuple(reader.flows))


def _process(root: etree._Element, process_id: str | None) -> etree._Element:
    processes = [p for p in root.iter(f"{BPMN}process") if p.get("isExecutable", "true") == "true"]
    if process_id is not None:
        processes = [p for p in processes if p.get("id") == process_id]
    if len(processes) != 1:
        wanted = f"le processus « {process_id} »" if process_id else "un seul processus exécutable"
        raise ModelError(f"Le fichier process.bpmn doit contenir {wanted} ; {len(processes)} trouvé(s).", rule="processus")
    return processes[0]


class _Reader:
    """Collects the nodes and flows of a process, scope by scope."""

    def __init__(self, root: etree._Element) -> None:
        self.elements: dict[str, Element] = {}
        self.flows: list[Flow] = []
        self._flow_ids: set[str] = {f.get("id", "") for f in root.iter(f"{BPMN}sequenceFlow")}
        self._messages = {m.get("id", ""): m for m in root.iter(f"{BPMN}message")}
        self._errors = {e.get("id", ""): e.get("errorCode") or "" for e in root.iter(f"{BPMN}error")}
        self._lanes = {
            (r.text or "").strip(): lane.get("name", "") for lane in root.iter(f"{BPMN}lane") for r in lane.iterfind(f"{BPMN}flowNodeRef")
        }

    def read_scope(self, scope: etree._Element) -> None:
        for node in scope:
            kind = _local(node)
            if kind == "sequenceFlow":
                self._add_flow(node, scope.get("id", ""))
            elif kind in UNSUPPORTED or (kind == "subProcess" and node.get("triggeredByEvent") == "true"):
                raise ModelError(
                    f"{_label(node)} : ce type d'élément n'est pas exécuté. Redessinez-le autrement.",
                    node.get("id", ""),
                    "type-non-execute",
                )
            elif kind in ACTIVITIES or kind in GATEWAYS or kind in EVENTS:
                self._add_element(node, kind, scope.get("id", ""))
                if kind == "subProcess":
                    self.read_scope(node)

    def _add_flow(self, node: etree._Element, scope: str) -> None:
        condition = node.find(f"{BPMN}conditionExpression")
        source, target = node.get("sourceRef", ""), node.get("targetRef", "")
        flow_id = node.get("id") or self._derived_flow_id(source, target)
        text = _text(condition)
        self.flows.append(Flow(flow_id, source, target, node.get("name", ""), text, scope))

    def _derived_flow_id(self, source: str, target: str) -> str:
        # An id is optional on a sequence flow; the same file always gives the same derived one.
        flow_id, number = f"flux_{source}_{target}", 1
        while flow_id in self._flow_ids:
            number += 1
            flow_id = f"flux_{source}_{target}_{number}"
        self._flow_ids.add(flow_id)
        return flow_id

    def _add_element(self, node: etree._Element, kind: str, scope: str) -> None:
        element_id = node.get("id", "")
        if not element_id or element_id in self.elements:
            raise ModelError(f"{_label(node)} : l'identifiant manque ou sert deux fois.", element_id, "identifiant")
        if len(self.elements) >= MAX_ELEMENTS:
            raise TooMuch(f"Le diagramme dépasse {MAX_ELEMENTS} éléments. Découpez-le en processus appelés.")
        if node.find(f"{BPMN}standardLoopCharacteristics") is not None:
            raise ModelError(
                f"{_label(node)} : la boucle standard n'est pas exécutée. Dessinez la boucle avec une passerelle.",
                element_id,
                "boucle-standard",
            )
        self.elements[element_id] = Element(
            id=element_id,
            type=kind,
            name=" ".join((node.get("name") or "").split()),
            scope=scope,
            lane=self._lanes.get(element_id, ""),
            default=node.get("default", ""),
            host=node.get("attachedToRef", ""),
            interrupting=node.get("cancelActivity", "true") != "false",
            event=self._event(node, kind),
            loop=_loop(node),
            zeebe=_extensions(node),
        )

    def _event(self, node: etree._Element, kind: str) -> EventText:
        if kind == "receiveTask" or (kind == "sendTask" and node.get("messageRef")):
            return self._message(node, node.get("messageRef", ""))
        if kind not in EVENTS:
            return EventText()
        definitions = [c for c in node if _local(c).endswith("EventDefinition")]
        if not definitions:
            return EventText()
        found = EVENT_KINDS.get(_local(definitions[0]), "")
        if len(definitions) > 1 or not found:
            raise ModelError(
                f"{_label(node)} : ce type d'événement n'est pas exécuté. Utilisez une date, un message ou une erreur.",
                node.get("id", ""),
                "evenement",
            )
        if found == "timer":
            return _timer(node, definitions[0])
        if found == "message":
            return self._message(node, definitions[0].get("messageRef", ""))
        return EventText(kind=found, code=self._errors.get(definitions[0].get("errorRef", ""), ""))

    def _message(self, node: etree._Element, reference: str) -> EventText:
        message = self._messages.get(reference)
        name = message.get("name") if message is not None else None
        if message is None or not name:
            raise ModelError(
                f"{_label(node)} : aucun message nommé n'est choisi. Choisissez-en un dans le studio.", node.get("id", ""), "message"
            )
        subscription = message.find(f"{BPMN}extensionElements/{ZEEBE}subscription")
        return EventText(kind="message", name=name, key=subscription.get("correlationKey", "") if subscription is not None else "")


def _local(node: etree._Element) -> str:
    tag = node.tag
    return tag[len(BPMN) :] if isinstance(tag, str) and tag.startswith(BPMN) else ""


def _text(node: etree._Element | None) -> str:
    return "".join(str(part) for part in node.itertext()).strip() if node is not None else ""


def _label(node: etree._Element) -> str:
    return f"« {node.get('name') or node.get('id') or _local(node)} »"


def _timer(node: etree._Element, definition: etree._Element) -> EventText:
    for tag, form in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        found = definition.find(f"{BPMN}{tag}")
        text = _text(found)
        if text:
            return EventText(kind="timer", form=form, text=text)
    raise ModelError(f"{_label(node)} : le minuteur n'a ni date, ni durée, ni cycle.", node.get("id", ""), "minuteur")


def _loop(node: etree._Element) -> Loop | None:
    marker = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if marker is None:
        return None
    zeebe = marker.find(f"{BPMN}extensionElements/{ZEEBE}loopCharacteristics")
    texts = {tag: _text(marker.find(f"{BPMN}{tag}")) for tag in ("loopCardinality", "completionCondition")}
    loop = Loop(
        sequential=marker.get("isSequential") == "true",
        collection=zeebe.get("inputCollection", "") if zeebe is not None else "",
        item=zeebe.get("inputElement", "") if zeebe is not None else "",
        output=zeebe.get("outputCollection", "") if zeebe is not None else "",
        output_item=zeebe.get("outputElement", "") if zeebe is not None else "",
        cardinality=texts["loopCardinality"],
        until=texts["completionCondition"],
    )
    if not loop.collection and not loop.cardinality:
        raise ModelError(f"{_label(node)} : l'instance multiple n'a ni liste ni nombre.", node.get("id", ""), "instance-multiple")
    return loop


def _extensions(node: etree._Element) -> Extensions:
    holder = node.find(f"{BPMN}extensionElements")
    if holder is None:
        return Extensions()

    def of(tag: str, attribute: str, default: str = "") -> str:
        found = holder.find(f"{ZEEBE}{tag}")
        return str(found.get(attribute, default)).strip() if found is not None else default

    return Extensions(
        form=of("formDefinition", "formId"),
        groups=of("assignmentDefinition", "candidateGroups"),
        assignee=of("assignmentDefinition", "assignee"),
        due=of("taskSchedule", "dueDate"),
        priority=of("priorityDefinition", "priority"),
        job_type=of("taskDefinition", "type"),
        headers=dict(_pairs(holder, "taskHeaders/", "header", "key", "value")),
        properties=dict(_pairs(holder, "properties/", "property", "name", "value")),
        inputs=tuple(_pairs(holder, "ioMapping/", "input", "target", "source")),
        outputs=tuple(_pairs(holder, "ioMapping/", "output", "target", "source")),
        decision=of("calledDecision", "decisionId"),
        result=of("calledDecision", "resultVariable") or of("script", "resultVariable"),
        script=of("script", "expression"),
        called=of("calledElement", "processId"),
        binding=of("calledElement", "bindingType") or "latest",
        all_outputs=of("calledElement", "propagateAllChildVariables") == "true",
        all_inputs=of("calledElement", "propagateAllParentVariables") != "false",
    )


def _pairs(holder: etree._Element, outer: str, inner: str, key: str, value: str) -> Iterator[tuple[str, str]]:
    for found in holder.iterfind(f"{ZEEBE}{outer}{ZEEBE}{inner}"):
        yield found.get(key, ""), found.get(value, "")
