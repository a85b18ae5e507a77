"""Builds SpiffWorkflow specs from a diagram: in the order of the file, without recursion, never from where shapes are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs import WorkflowSpec

from server import decisions
from server.engine.activities import CallActivity, MessageEnd, MultiInstance, OutsideCall, RuleTask, ScriptTask, SubProcess, UserTask
from server.engine.diagram import ACTIVITIES, Diagram, Element
from server.engine.events import Boundary, Catch, End
from server.engine.nodes import EventGateway, ExclusiveGateway, InclusiveGateway, Node, ParallelGateway
from server.kernel.errors import ModelError


class Graph(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow has no types.
    """The spec of a process or of an embedded sub-process. `first` is its start event."""

    def __init__(self, name: str) -> None:
        # BpmnProcessSpec.__init__ is not called: it adds nodes named Start and End, which are good ids for an owner's events.
        WorkflowSpec.__init__(self, name=name)
        self.io_specification = None
        self.data_objects: dict[str, Any] = {}
        self.data_stores: dict[str, Any] = {}
        self.correlation_keys: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.start = BpmnTaskSpec(self, ".")
        self.first: Node = self.start


def build_graphs(diagram: Diagram, models: Mapping[str, decisions.Model]) -> dict[str, Graph]:
    """The specs by id of process or sub-process. Raises ModelError when the diagram cannot be run."""
    graphs = {diagram.process_id: Graph(diagram.process_id)}
    for element in diagram.elements.values():
        if element.type == "subProcess":
            graphs[element.id] = Graph(element.id)
    for element in diagram.elements.values():
        _add_node(graphs[element.scope], element, models)
    _attach_boundaries(diagram, graphs)
    _attach_flows(diagram, graphs)
    for name, graph in graphs.items():
        _choose_start(diagram, graph, name)
    for graph in graphs.values():
        for node in graph.task_specs.values():
            if isinstance(node, ExclusiveGateway):
                node.close()
            if isinstance(node, InclusiveGateway):
                node.upstream = _upstream(graph, node)
    return graphs


def _add_node(graph: Graph, element: Element, models: Mapping[str, decisions.Model]) -> None:
    if element.loop is None:
        _node(graph, element, models, "")
        return
    inner = _node(graph, replace(element, loop=None), models, f"{element.id}[]")
    MultiInstance(graph, element, inner)


def _node(graph: Graph, element: Element, models: Mapping[str, decisions.Model], name: str) -> Node:
    build = _SIMPLE.get(element.type)
    if build is not None:
        return build(graph, element, name)
    if element.type == "businessRuleTask":
        return _rule_task(graph, element, models, name)
    if element.type in ("intermediateThrowEvent", "endEvent"):
        return _throw(graph, element, name)
    if element.type in ("serviceTask", "sendTask"):
        return OutsideCall(graph, element, name)
    if element.type == "boundaryEvent" and element.event.kind not in ("timer", "message", "error"):
        raise ModelError(
            f"« {element.name or element.id} » : un événement de bord attend une date, un message ou une erreur.", element.id, "evenement"
        )
    return Boundary(graph, element, name) if element.type == "boundaryEvent" else Node(graph, element, name)


_SIMPLE: Mapping[str, Callable[[Graph, Element, str], Node]] = {
    "userTask": UserTask,
    "scriptTask": ScriptTask,
    "receiveTask": Catch,
    "intermediateCatchEvent": Catch,
    "callActivity": CallActivity,
    "subProcess": SubProcess,
    "exclusiveGateway": lambda graph, element, _: ExclusiveGateway(graph, element),
    "inclusiveGateway": lambda graph, element, _: InclusiveGateway(graph, element),
    "parallelGateway": lambda graph, element, _: ParallelGateway(graph, element),
    "eventBasedGateway": lambda graph, element, _: EventGateway(graph, element),
}


def _throw(graph: Graph, element: Element, name: str) -> Node:
    sends = element.event.kind == "message" or bool(element.zeebe.job_type)
    if element.type == "endEvent":
        return MessageEnd(graph, element, name) if sends else End(graph, element, name)
    return OutsideCall(graph, element, name) if sends else Node(graph, element, name)


def _rule_task(graph: Graph, element: Element, models: Mapping[str, decisions.Model], name: str) -> Node:
    decision = element.zeebe.decision
    if not decision and element.zeebe.job_type:
        return OutsideCall(graph, element, name)
    if decision not in models:
        raise ModelError(
            f"« {element.name or element.id} » appelle la décision « {decision} », qui n'est dans aucune table du paquet. Ajoutez la table ou corrigez le nom.",
            element.id,
            "decision-inconnue",
        )
    return RuleTask(graph, element, models[decision], name)


def _attach_boundaries(diagram: Diagram, graphs: Mapping[str, Graph]) -> None:
    for element in diagram.elements.values():
        if element.type != "boundaryEvent":
            continue
        host = diagram.elements.get(element.host)
        if host is None or host.type not in ACTIVITIES or host.scope != element.scope:
            raise ModelError(f"« {element.name or element.id} » n'est au bord d'aucune activité.", element.id, "evenement-de-bord")
        graphs[element.scope].task_specs[host.id].boundaries.append(element.id)


def _attach_flows(diagram: Diagram, graphs: Mapping[str, Graph]) -> None:
    for flow in diagram.flows:
        nodes = graphs[flow.scope].task_specs
        if flow.source not in nodes or flow.target not in nodes:
            missing = flow.source if flow.source not in nodes else flow.target
            raise ModelError(
                f"Le flux « {flow.name or flow.id} » part d'un élément absent ou y mène : « {missing} ».", flow.id, "flux-pendant"
            )
        source, target = nodes[flow.source], nodes[flow.target]
        if isinstance(source, ExclusiveGateway):
            source.add_flow(flow)
        else:
            source.flows.append(flow)
        target.incoming.append(flow)
        source.connect(target)
        if len(source.flows) > 1 and not isinstance(source, ExclusiveGateway | ParallelGateway | EventGateway):
            raise ModelError(
                f"« {source.element.name or source.element.id} » a plusieurs flux sortants : dessinez une passerelle qui dit s'ils sont suivis ensemble ou au choix.",
                source.element.id,
                "decoupage-implicite",
            )


def _choose_start(diagram: Diagram, graph: Graph, name: str) -> None:
    starts = [e for e in diagram.elements.values() if e.scope == name and e.type == "startEvent"]
    blank = [e for e in starts if e.event.kind == "none"]
    chosen = blank or starts
    if len(chosen) != 1:
        place = f"Le sous-processus « {name} »" if name != diagram.process_id else "Le processus"
        raise ModelError(f"{place} doit avoir un seul événement de début simple ; {len(chosen)} trouvé(s).", name, "debut")
    graph.first = graph.task_specs[chosen[0].id]


def _upstream(graph: Graph, join: InclusiveGateway) -> dict[str, frozenset[str]]:
    """For each flow into a join, the nodes from which a token can reach it without passing the join."""
    before: dict[str, set[str]] = {}
    for node in graph.task_specs.values():
        if isinstance(node, Node):
            for flow in node.flows:
                before.setdefault(flow.target, set()).add(flow.source)
            for boundary in node.boundaries:
                before.setdefault(boundary, set()).add(node.element.id)
    found: dict[str, frozenset[str]] = {}
    for flow in join.incoming:
        seen, ahead = {flow.source}, [flow.source]
        while ahead:
            fresh = before.get(ahead.pop(), set()) - seen - {join.element.id}
            seen |= fresh
            ahead += fresh
        found[flow.id] = frozenset(seen - {join.element.id})
    return found
