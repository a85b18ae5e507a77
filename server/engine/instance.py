"""A loaded instance: SpiffWorkflow's workflow with one set of variables, a queue instead of tree walks, and the facts of the step."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from server.engine.definition import Definition
from server.engine.formulas import DueDates, Formula, storable
from server.engine.nodes import Node
from server.engine.step import Context
from server.engine.timing import moment_of
from server.engine.tokens import ROOT, Token
from server.kernel.errors import BadInput, ModelError, TooMuch
from server.kernel.facts import INSTANCE_ENDED, MODEL_FAULT, Fact
from server.kernel.values import Value

MAX_RUNS = 5_000


class NoScripts:
    """Stands where SpiffWorkflow keeps a Python evaluator: no Python of a diagram is ever run."""

    def evaluate(self, *_: object, **__: object) -> Value:
        raise ModelError("Seul FEEL est exécuté dans un diagramme.", rule="script")

    execute = evaluate


def given_date(moment: datetime | None, text: str, zone: str) -> Mapping[str, Any] | None:
    """The explanation of a date that no delay gives: the answer or the text of the diagram it was read from."""
    if moment is None:
        return None
    day = moment.astimezone(ZoneInfo(zone)).date()
    phrase = f"Date du dossier : {day:%d/%m/%Y}, sans délai à compter."
    return {"phrase": phrase, "etapes": [{"libelle": phrase, "date": day, "source": f"diagramme : {text.lstrip('= ')}"}]}


class Scope(BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types.
    """The inside of one running embedded sub-process; `host` is the token that waits for its end."""

    def __init__(self, graph: Any, host: Token) -> None:
        super().__init__(graph, host.id, host.instance, deserializing=True)
        self.host = host


class Instance(BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types.
    """One instance in memory for one command: state in, state and facts out."""

    def __init__(self, definition: Definition, instance_id: str, context: Context, now: datetime) -> None:
        super().__init__(definition.graph, definition.graphs, script_engine=NoScripts(), deserializing=True)
        self.definition = definition
        self.instance_id = instance_id
        self.number = 0
        self.variables: dict[str, Value] = {}
        self.outcome = ""
        self.error = ""
        self.ended = False
        self.queue: deque[Token] = deque()
        self.begin_command(context, now)

    def begin_command(self, context: Context, now: datetime) -> None:
        """Set the clock, what may be read and an empty list of facts for one command."""
        self.context = context
        self.now = now
        # FEEL's today() is the date of the time it is given, in its zone: the law counts days of the territory, not of UTC.
        self.local_now = now.astimezone(ZoneInfo(context.zone))
        self.facts: list[Fact] = []
        self.due_dates = DueDates(context.parameters, context.zone)
        self._constants = {"dossier": context.case, "parametres": context.parameters, "echeance": self.due_dates.function}

    def next_number(self) -> int:
        self.number += 1
        return self.number

    # Facts

    def record(self, kind: str, element: str = "", body: Mapping[str, Any] | None = None, payload: Mapping[str, Any] | None = None) -> None:
        """Write a fact at the command's time."""
        self.facts.append(Fact(kind, self.now, element, body or {}, payload))

    def fault(self, element: str, rule: str, message: str) -> None:
        """Record a fault of the model that does not stop the instance."""
        self.record(MODEL_FAULT, element, {"rule": rule, "message": message})

    # Variables

    def visible(self, token: Token | None, extra: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """What an expression reads at a token: process variables, then inner ones, then `extra`, then dossier, parametres and echeance."""
        scope = dict(self.variables)
        if token is not None:
            for holder in reversed(list(token.holders())):
                scope.update(holder.values.get("item", ()))
                scope.update(holder.values.get("inputs", ()))
        if extra:
            scope.update(extra)
        scope.update(self._constants)
        return scope

    def evaluate(self, formula: Formula, token: Token, extra: Mapping[str, Value] | None = None) -> Value:
        """The value of a text of the diagram at a token."""
        return formula.value(self.visible(token, extra), self.local_now)

    def moment(self, formula: Formula, token: Token) -> tuple[datetime | None, Mapping[str, Any] | None]:
        """The due time that a text means, None for null, with its derivation. Raises ModelError when the value is no time."""
        value, derivation = self.due_dates.explained(lambda: self.evaluate(formula, token))
        if value is None:
            return None, None
        try:
            moment = moment_of(value, self.now, self.context.zone)
            return moment, derivation or given_date(moment, formula.text, self.context.zone)
        except BadInput as error:
            raise ModelError(f"{error} ({formula.where()})", formula.element, "date") from error

    def write(self, token: Token, name: str, value: Value) -> None:
        """Set a variable where it belongs: the instance of a multi-instance around the token, an input of a sub-process around it, else the process."""
        stored = storable(value, name, token.task_spec.element.id)
        for holder in token.holders():
            if holder is not token and name in holder.values.get("inputs", ()):
                holder.values["inputs"][name] = stored
                return
            if "item" in holder.values:
                holder.values["item"][name] = stored
                return
        self.variables[name] = stored

    # Running

    def spawn(self, workflow: Any, node: Node, parent: Token | None, **internal: Any) -> Token:
        """A new token that arrives on a node."""
        token = Token(workflow, node, parent)
        token.internal_data.update(internal)
        node._update(token)  # noqa: SLF001 - SpiffWorkflow's protocol
        return token

    def spawn_item(self, host: Token, node: Node, index: int, item: dict[str, Value]) -> None:
        """A token for one instance of a multi-instance, with its own variables."""
        token = Token(host.workflow, node, host)
        token.internal_data.update(multi=host.id, index=index)
        token.values["item"] = item
        node._update(token)  # noqa: SLF001 - SpiffWorkflow's protocol

    def open_inside(self, host: Token, graph: Any) -> None:
        """Begin the inside of a sub-process."""
        scope = Scope(graph, host)
        self.subprocesses[host.id] = scope
        self.open_scope(scope)

    def open_scope(self, workflow: Any) -> None:
        """Put the first token of a process or of a sub-process on its start event."""
        root = Token(workflow, workflow.spec.start, state=TaskState.COMPLETED, number=ROOT)
        workflow.task_tree = root
        self.spawn(workflow, workflow.spec.first, root)

    def run_ready(self) -> None:
        """Run until only persons, times, messages and calls can move the instance. Raises TooMuch on an endless loop, ModelError when nothing ever can."""
        runs = 0
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token.ready:
                    runs += 1
                    if runs > MAX_RUNS:
                        raise TooMuch(
                            f"Le processus « {self.definition.name} » tourne sans s'arrêter ({MAX_RUNS} étapes). Corrigez la boucle du diagramme."
                        )
                    token.run()
            if not self._settle():
                return

    def live_tokens(self) -> Iterator[Token]:
        """Every unfinished token, the process first, then its sub-processes."""
        for workflow in (self, *self.subprocesses.values()):
            for token in list(workflow.tasks.values()):
                if token.live:
                    yield token

    def _settle(self) -> bool:
        """What follows when no token is ready: a join that may fire, a sub-process or an instance that has nothing left. True when a token moved."""
        for scope in list(self.subprocesses.values()):
            live = [t for t in scope.tasks.values() if t.live]
            if not live and scope.host.live:
                scope.host.task_spec.inside_ended(scope.host)
                return True
            if any(t.task_spec.release(t) for t in live):
                return True
        live = [t for t in self.tasks.values() if t.live]
        if any(t.task_spec.release(t) for t in live):
            return True
        if not live:
            self._end()
        elif not any(t.task_spec.wakes() and (t.waiting or t.ready) for t in self.live_tokens()):
            place = live[0].task_spec.element
            raise ModelError(
                f"« {place.name or place.id} » attend une branche qui ne viendra jamais. Corrigez la jonction du diagramme.",
                place.id,
                "jonction-bloquee",
            )
        return False

    def cancel_tokens(self, workflow: Any, besides: Token | None = None) -> None:
        """Cancel every token of a process or sub-process."""
        for token in list(workflow.tasks.values()):
            if token is not besides:
                token.cancel()

    def close_scope(self, host: Token) -> None:
        """Forget the inside of a sub-process."""
        self.subprocesses.pop(host.id, None)

    def throw(self, source: Token, code: str) -> bool:
        """Give an error to the nearest boundary event that catches it, from the token outwards; True when one did."""
        for holder in source.holders():
            hosts = [holder.id, holder.internal_data["multi"]] if "multi" in holder.internal_data else [holder.id]
            for host in hosts:
                caught = [
                    t
                    for t in holder.workflow.tasks.values()
                    if t.waiting and t.internal_data.get("host") == host and t.task_spec.catches_error(code)
                ]
                if caught:
                    exact = [t for t in caught if t.task_spec.element.event.code == code]
                    (exact or caught)[0].task_spec.fire((exact or caught)[0])
                    return True
        return False

    def fail(self, code: str) -> None:
        """Close the instance on an error that nobody caught."""
        self.error = code
        self.cancel_tokens(self)

    def _end(self) -> None:
        if not self.ended:
            self.ended = self.completed = True
            self.record(INSTANCE_ENDED, "", {"outcome": self.outcome, "error": self.error}, {"variables": dict(self.variables)})
