"""A BPMN file as rules and screens look at it: nodes, flows, lanes and messages, also when the file is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from lxml import etree

from server.catalog.xmlfile import BPMN, BPMNDI, ZEEBE, attributes, extensions, local, read_xml
from server.kernel.errors import TooMuch

EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
TASKS = {"task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"}
SCOPES = {"process", "subProcess", "transaction", "adHocSubProcess"}
ACTIVITIES = TASKS | {"callActivity", "subProcess", "transaction", "adHocSubProcess"}
MOST_ELEMENTS = 3_000
NODES = EVENTS | GATEWAYS | ACTIVITIES


@dataclass(frozen=True)
class Node:
    """One node of the diagram; `scope` is the id of the process or sub-process that holds it, `xml` its element."""

    id: str
    type: str
    name: str
    scope: str
    xml: etree._Element = field(compare=False, repr=False)

    @property
    def label(self) -> str:
        """How a sentence names it: « Signer » (signer), or its id alone."""
        return f"« {self.name} » ({self.id})" if self.name else f"« {self.id} »"

    @property
    def event(self) -> str:
        """What an event waits for or says: timer, message, error, terminate, signal…; "" for a blank one."""
        found = [local(child) for child in self.xml if local(child).endswith("EventDefinition")]
        return found[0].removesuffix("EventDefinition") if found else ""

    @property
    def interrupting(self) -> bool:
        return self.xml.get("cancelActivity", "true") != "false"

    def zeebe(self, name: str) -> Mapping[str, str]:
        """The attributes of the node's zeebe extension of that name; empty when there is none."""
        return next((attributes(e) for e in extensions(self.xml) if e.tag == f"{ZEEBE}{name}"), {})

    def zeebe_list(self, holder: str, item: str) -> list[Mapping[str, str]]:
        """The attributes of each `item` inside the zeebe extension `holder` (properties/property, taskHeaders/header, ioMapping/input…)."""
        return [attributes(i) for e in extensions(self.xml) if e.tag == f"{ZEEBE}{holder}" for i in e.iterchildren(f"{ZEEBE}{item}")]

    @property
    def properties(self) -> dict[str, str]:
        return {p.get("name", ""): p.get("value", "") for p in self.zeebe_list("properties", "property")}

    @property
    def headers(self) -> dict[str, str]:
        return {h.get("key", ""): h.get("value", "") for h in self.zeebe_list("taskHeaders", "header")}


@dataclass(frozen=True)
class Flow:
    """One sequence flow; `default` when its source names it so."""

    id: str
    name: str
    source: str
    target: str
    condition: str
    default: bool
    scope: str
    xml: etree._Element = field(compare=False, repr=False)

    @property
    def label(self) -> str:
        return f"« {self.name} » ({self.id})" if self.name else f"« {self.id} »"


@dataclass(frozen=True)
class Message:
    id: str
    name: str
    key: str


@dataclass(frozen=True)
class Lane:
    id: str
    name: str
    nodes: tuple[str, ...]


class Diagram:
    """The file read once; every list is in the order of the file."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.processes = list(root.iterchildren(f"{BPMN}process"))
        self.nodes: dict[str, Node] = {}
        self.flows: list[Flow] = []
        for process in self.processes:
            self._read(process, process.get("id", ""))
        if len(self.nodes) + len(self.flows) > MOST_ELEMENTS:
            raise TooMuch(f"Le diagramme a plus de {MOST_ELEMENTS} éléments : découpez-le en processus appelés.")

    def _read(self, scope: etree._Element, scope_id: str) -> None:
        defaults: dict[str, set[str]] = {}
        for element in scope:
            if element.get("default"):
                defaults.setdefault(element.get("id", ""), set()).add(element.get("default", ""))
        for child in scope.iterchildren(f"{BPMN}*"):
            kind = local(child)
            if kind in NODES:
                node = Node(child.get("id", ""), kind, (child.get("name") or "").strip(), scope_id, child)
                self.nodes.setdefault(node.id, node)
                if kind in SCOPES:
                    self._read(child, node.id)
            elif kind == "sequenceFlow":
                self.flows.append(_flow(child, defaults, scope_id))

    @property
    def process_id(self) -> str:
        """The id of the executable process, or of the first one."""
        executable = [p for p in self.processes if p.get("isExecutable") == "true"]
        return (executable or self.processes or [etree.Element("none")])[0].get("id", "")

    @property
    def name(self) -> str:
        return next((p.get("name", "") for p in self.processes if p.get("id") == self.process_id), "")

    @cached_property
    def messages(self) -> dict[str, Message]:
        found = {}
        for element in self.root.iterchildren(f"{BPMN}message"):
            key = next((e.get("correlationKey", "") for e in extensions(element) if e.tag == f"{ZEEBE}subscription"), "")
            found[element.get("id", "")] = Message(element.get("id", ""), (element.get("name") or "").strip(), key)
        return found

    @cached_property
    def lanes(self) -> list[Lane]:
        return [
            Lane(
                e.get("id", ""), (e.get("name") or "").strip(), tuple((r.text or "").strip() for r in e.iterchildren(f"{BPMN}flowNodeRef"))
            )
            for e in self.root.iter(f"{BPMN}lane")
        ]

    @cached_property
    def drawn(self) -> frozenset[str]:
        """The ids that have a shape or an edge."""
        return frozenset(e.get("bpmnElement", "") for tag in ("BPMNShape", "BPMNEdge") for e in self.root.iter(f"{BPMNDI}{tag}"))

    @cached_property
    def scopes(self) -> list[str]:
        """Ids of the processes and sub-processes."""
        return [p.get("id", "") for p in self.processes] + [n.id for n in self.nodes.values() if n.type in SCOPES]

    @cached_property
    def _out(self) -> dict[str, list[Flow]]:
        return _by(self.flows, "source")

    @cached_property
    def _by_scope(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            found.setdefault(node.scope, []).append(node)
        return found

    @cached_property
    def _by_host(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.of_type("boundaryEvent"):
            found.setdefault(node.xml.get("attachedToRef", ""), []).append(node)
        return found

    @cached_property
    def bounds(self) -> dict[str, tuple[str, ...]]:
        """Element id -> x, y, width and height of its shape, as written."""
        found = {}
        for shape in self.root.iter(f"{BPMNDI}BPMNShape"):
            box = shape.find("{*}Bounds")
            if box is not None:
                found[shape.get("bpmnElement", "")] = tuple(box.get(key, "") for key in ("x", "y", "width", "height"))
        return found

    @cached_property
    def _into(self) -> dict[str, list[Flow]]:
        return _by(self.flows, "target")

    def out(self, node_id: str) -> list[Flow]:
        """The flows that leave the node."""
        return self._out.get(node_id, [])

    def into(self, node_id: str) -> list[Flow]:
        """The flows that reach the node."""
        return self._into.get(node_id, [])

    def inside(self, scope: str) -> list[Node]:
        """The nodes that this scope holds itself."""
        return self._by_scope.get(scope, [])

    def with_holders(self, node_id: str) -> Iterator[Node]:
        """The node, then the sub-processes that hold it, the nearest first; each once, also when a damaged file makes them hold each other."""
        seen: set[str] = set()
        node = self.nodes.get(node_id)
        while node is not None and node.id not in seen:
            seen.add(node.id)
            yield node
            node = self.nodes.get(node.scope)

    def boundaries(self, host: str) -> list[Node]:
        """The events on the edge of that activity."""
        return self._by_host.get(host, [])

    def of_type(self, *types: str) -> Iterator[Node]:
        """The nodes of these BPMN types."""
        return (n for n in self.nodes.values() if n.type in types)

    def message_of(self, node: Node) -> Message | None:
        """The message that an event names, or None."""
        definition = node.xml.find(f"{BPMN}messageEventDefinition")
        reference = definition.get("messageRef", "") if definition is not None else node.xml.get("messageRef", "")
        return self.messages.get(reference)

    def timer_of(self, node: Node) -> tuple[str, str]:
        """The kind (timeDate, timeDuration, timeCycle or "") and the text of a timer event."""
        definition = node.xml.find(f"{BPMN}timerEventDefinition")
        for child in definition if definition is not None else ():
            if local(child) in ("timeDate", "timeDuration", "timeCycle"):
                return local(child), (child.text or "").strip()
        return "", ""


def _flow(element: etree._Element, defaults: Mapping[str, set[str]], scope_id: str) -> Flow:
    source, target = element.get("sourceRef", ""), element.get("targetRef", "")
    condition = element.find(f"{BPMN}conditionExpression")
    # A flow without an id is legal in BPMN 2.0: it gets one from its ends.
    flow_id = element.get("id") or f"Flux_{source}_{target}"
    default = flow_id in defaults.get(source, ())
    text = "" if condition is None else (condition.text or "").strip()
    return Flow(flow_id, (element.get("name") or "").strip(), source, target, text, default, scope_id, element)


def _by(flows: list[Flow], end: str) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for flow in flows:
        found.setdefault(getattr(flow, end), []).append(flow)
    return found


@lru_cache(maxsize=256)
def read_diagram(content: bytes, file: str = "process.bpmn") -> Diagram:
    """The diagram of a BPMN file. Raises ModelError or TooMuch when the file cannot be read as XML."""
    return Diagram(read_xml(content, file))
