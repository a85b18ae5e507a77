"""The nodes of a diagram as SpiffWorkflow task specs: what happens when a token arrives, runs, leaves or is cancelled. They keep nothing of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from server.engine.diagram import Element, Flow
from server.engine.formulas import Formula, expression, storable, text_or_expression
from server.kernel.errors import ModelError
from server.kernel.facts import ELEMENT_ENTERED, ELEMENT_LEFT
from server.kernel.values import Value

if TYPE_CHECKING:
    from server.engine.tokens import Token


class Node(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow has no types.
    """Base of the nodes: a token that arrives runs at once and leaves by every outgoing flow.

    `flows` and `boundaries` are in the order of the file. A subclass says what differs. SpiffWorkflow's predictions, copies of data and callbacks on
    specs are not used: a token needs nothing of the past, so finished ones can go.
    """

    def __init__(self, graph: Any, element: Element, name: str = "") -> None:
        super().__init__(graph, name or element.id, lane=element.lane or None)
        self.element = element
        self.incoming: list[Flow] = []
        self.flows: list[Flow] = []
        self.boundaries: list[str] = []
        self.multi: str = ""
        self.inputs_map = tuple((target, text_or_expression(element.id, "entrée", source)) for target, source in element.zeebe.inputs)
        self.outputs_map = tuple((target, text_or_expression(element.id, "sortie", source)) for target, source in element.zeebe.outputs)

    # To be redefined

    def arrive(self, token: Token) -> bool:  # noqa: ARG002 - for subclasses
        """Begin; True when the token can run now."""
        return True

    def run(self, token: Token) -> None:
        """Do the work of the node."""

    def leaving(self, token: Token) -> Sequence[Flow]:  # noqa: ARG002 - for subclasses
        """The flows that the token takes."""
        return self.flows

    def withdraw(self, token: Token) -> None:
        """Record that what the token waited for is not awaited any more."""

    def cancelled(self, token: Token) -> None:
        """Cancel what hangs on the token, which is cancelled already."""
        self.drop_boundaries(token)

    def release(self, token: Token) -> bool:  # noqa: ARG002 - for subclasses
        """Called when nothing is ready; True when this token moved (an inclusive join)."""
        return False

    def joins(self) -> bool:
        """True when tokens wait here for each other; the flow by which each came is then kept."""
        return False

    def wakes(self) -> bool:
        """True when a command can move a token that waits here."""
        return not self.joins()

    def inside_ended(self, token: Token) -> None:
        """The sub-process inside this token has no token left."""

    def catches_error(self, code: str) -> bool:  # noqa: ARG002 - for subclasses
        """True for a boundary event that catches this error code."""
        return False

    def fire(self, token: Token) -> None:
        """What the token waited for has come."""

    # Shared

    def complete_with(self, token: Token, results: Mapping[str, Value]) -> None:
        """Write the results (through the output mapping when there is one) and let the token leave."""
        self.write_results(token, results)
        token.complete()

    def write_results(self, token: Token, results: Mapping[str, Value]) -> None:
        """Write results in the variables: as they are named, or as the ioMapping outputs say."""
        instance = token.instance
        if not self.outputs_map:
            for name, value in results.items():
                instance.write(token, name, value)
            return
        for target, formula in self.outputs_map:
            name, *path = target.split(".")
            value = instance.evaluate(formula, token, results)
            instance.write(token, name, _nested(instance.visible(token).get(name), path, value) if path else value)

    def read_inputs(self, token: Token) -> dict[str, Value]:
        """The ioMapping inputs, evaluated."""
        inputs: dict[str, Value] = {}
        for target, formula in self.inputs_map:
            name, *path = target.split(".")
            value = storable(token.instance.evaluate(formula, token, inputs), name, self.element.id)
            inputs[name] = _nested(inputs.get(name), path, value) if path else value
        return inputs

    def drop_boundaries(self, token: Token) -> None:
        """Cancel the boundary events that wait beside a token."""
        if self.boundaries:
            for other in list(token.workflow.tasks.values()):
                if other.live and other.internal_data.get("host") == token.id:
                    other.cancel()

    def entered(self, token: Token) -> None:
        if not self.multi:
            token.instance.record(ELEMENT_ENTERED, self.element.id, {"type": self.element.type})

    # SpiffWorkflow's protocol

    def _predict(self, *_: Any, **__: Any) -> None:
        """Nothing is predicted."""

    def _update_hook(self, token: Token) -> bool:
        self.entered(token)
        ready = self.arrive(token)
        if self.boundaries and (self.manual or not ready):
            for name in self.boundaries:
                token.instance.spawn(token.workflow, self._wf_spec.task_specs[name], token, host=token.id)
        return ready

    def _on_ready(self, token: Token) -> None:
        if not self.manual:
            token.instance.queue.append(token)

    def _run_hook(self, token: Token) -> bool:
        self.run(token)
        return True

    def _on_complete(self, token: Token) -> None:
        self.drop_boundaries(token)
        workflow, specs = token.workflow, self._wf_spec.task_specs
        if self.multi:
            specs[self.multi].instance_ended(token)
            return
        flows = self.leaving(token)
        if flows or self.element.type != "endEvent":
            token.instance.record(ELEMENT_LEFT, self.element.id, {"flows": [f.id for f in flows]})
        for flow in flows:
            target = specs[flow.target]
            token.instance.spawn(workflow, target, token, **({"via": flow.id} if target.joins() else {}))


def _nested(base: Value, path: Sequence[str], value: Value) -> Value:
    if not path:
        return value
    held = dict(base) if isinstance(base, dict) else {}
    held[path[0]] = _nested(held.get(path[0]), path[1:], value)
    return held


class ExclusiveGateway(Node):
    """Takes the first flow, in the order of the file, whose condition is true; two true ones are a fault of the model."""

    def __init__(self, graph: Any, element: Element) -> None:
        super().__init__(graph, element)
        self.conditions: list[tuple[Flow, Formula]] = []
        self.otherwise: Flow | None = None

    def add_flow(self, flow: Flow) -> None:
        """Attach an outgoing flow. Raises ModelError when its condition cannot be read."""
        self.flows.append(flow)
        if flow.id == self.element.default:
            self.otherwise = flow
        elif flow.condition:
            self.conditions.append((flow, expression(self.element.id, f"condition du flux « {flow.name or flow.id} »", flow.condition)))

    def close(self) -> None:
        """Check the flows once all are attached: with one way out no condition is needed, with several each has its own. Raises ModelError."""
        if len(self.flows) == 1 and not self.conditions:
            self.otherwise = self.flows[0]
        if len(self.flows) > len(self.conditions) + (self.otherwise is not None):
            bare = next(f for f in self.flows if not f.condition and f is not self.otherwise)
            raise ModelError(
                f"« {self.element.name or self.element.id} » : le flux « {bare.name or bare.id} » n'a pas de condition et n'est pas le flux par défaut.",
                self.element.id,
                "flux-sans-condition",
            )

    def true_flows(self, token: Token) -> list[Flow]:
        """The conditional flows that are true, in the order of the file."""
        instance, found = token.instance, []
        scope = instance.visible(token)
        for flow, condition in self.conditions:
            value = condition.value(scope, instance.local_now)
            if value is True:
                found.append(flow)
            elif value is not None and value is not False:
                message = f"La condition du flux « {flow.name or flow.id} » ne donne ni oui ni non : elle compte pour non."
                instance.fault(self.element.id, "condition-non-booleenne", message)
        return found

    def leaving(self, token: Token) -> Sequence[Flow]:
        true = self.true_flows(token)
        if len(true) > 1:
            names = ", ".join(f"« {f.name or f.id} »" for f in true)
            message = f"Plusieurs conditions sont vraies à la fois ({names}) : la première du fichier est suivie."
            token.instance.fault(self.element.id, "deux-conditions-vraies", message)
        return true[:1] or [self.default_flow()]

    def default_flow(self) -> Flow:
        """The default flow. Raises ModelError when there is none: the instance stops visibly rather than guess."""
        if self.otherwise is None:
            name = self.element.name or self.element.id
            raise ModelError(
                f"« {name} » : aucune condition n'est vraie et il n'y a pas de flux par défaut. Vérifiez les réponses, ou complétez le diagramme.",
                self.element.id,
                "aucune-condition-vraie",
            )
        return self.otherwise


class InclusiveGateway(ExclusiveGateway):
    """Takes every true flow, else the default one; as a join, waits for the tokens that can still come by an empty way in."""

    upstream: Mapping[str, frozenset[str]]  # flow id -> nodes from which it can be reached without passing here; set by the builder

    def joins(self) -> bool:
        return len(self.incoming) > 1

    def arrive(self, token: Token) -> bool:
        if not self.joins():
            return True
        token.wait()
        return False

    def release(self, token: Token) -> bool:
        if not token.waiting:
            return False
        arrived = [t for t in token.workflow.tasks.values() if t.task_spec is self and t.waiting]
        full = {t.internal_data["via"] for t in arrived}
        others = [t.task_spec.element.id for t in token.workflow.tasks.values() if t.live and t.task_spec is not self]
        for place in others:
            reaches = {flow for flow, nodes in self.upstream.items() if place in nodes}
            if reaches - full and not reaches & full:
                return False
        taken: set[str] = set()
        for other in arrived:
            if other is not token and other.internal_data["via"] not in taken | {token.internal_data["via"]}:
                taken.add(other.internal_data["via"])
                other.consume()
        token._ready()  # noqa: SLF001 - SpiffWorkflow's protocol
        return True

    def leaving(self, token: Token) -> Sequence[Flow]:
        return self.true_flows(token) or [self.default_flow()]


class ParallelGateway(Node):
    """Forks to every flow; as a join, takes one token of each way in, so that a loop around it starts afresh."""

    def joins(self) -> bool:
        return len(self.incoming) > 1

    def arrive(self, token: Token) -> bool:
        if not self.joins():
            return True
        token.wait()
        first: dict[str, Token] = {}
        for other in token.workflow.tasks.values():
            if other.task_spec is self and other.waiting:
                first.setdefault(other.internal_data["via"], other)
        if len(first) < len(self.incoming):
            return False
        for other in first.values():
            other.consume()
        token._state = TaskState.FUTURE  # noqa: SLF001 - the last to come goes on for all
        return True


class EventGateway(Node):
    """Begins all the waits that follow it; the first that is met cancels the others."""

    def _on_complete(self, token: Token) -> None:
        token.instance.record(ELEMENT_LEFT, self.element.id, {"flows": [f.id for f in self.flows]})
        for flow in self.flows:
            token.instance.spawn(token.workflow, self._wf_spec.task_specs[flow.target], token, gate=token.id)
