"""Activities: tasks of persons, rules, scripts, outside calls, called processes, embedded sub-processes and multi-instances."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from server import decisions
from server.engine.diagram import Element
from server.engine.events import End, key_text
from server.engine.formulas import Formula, expression, storable, text_or_expression, time_expression
from server.engine.nodes import Node
from server.kernel.errors import JalonError, ModelError
from server.kernel.facts import (
    CHILD_CANCELLED,
    CHILD_WANTED,
    DECISION_TAKEN,
    OUTSIDE_CALL_CANCELLED,
    OUTSIDE_CALL_WANTED,
    TASK_CANCELLED,
    TASK_READY,
)
from server.kernel.values import Value

if TYPE_CHECKING:
    from server.engine.tokens import Token

# A wish is written down and the instance goes on; its work is the outbox's.
FIRE_AND_FORGET = frozenset({"courrier", "message", "bordereau_caf", "demarrer", "demarrer_instances", "inscrire_seance", "fait"})
MAX_INSTANCES = 50


class UserTask(Node):
    """A step that waits for a person."""

    def __init__(self, graph: Any, element: Element, name: str = "") -> None:
        super().__init__(graph, element, name)
        self.manual = True
        zeebe, place = element.zeebe, element.id
        self.groups = text_or_expression(place, "groupes", zeebe.groups)
        self.assignee = text_or_expression(place, "personne", zeebe.assignee)
        self.priority = text_or_expression(place, "priorité", zeebe.priority)
        self.due = time_expression(place, "échéance", zeebe.due) if zeebe.due else None
        limit = zeebe.properties.get("limite", "")
        self.limit = time_expression(place, "limite", limit) if limit else None

    def arrive(self, token: Token) -> bool:
        instance = token.instance
        inputs = self.read_inputs(token)
        if inputs:
            token.values["inputs"] = inputs
        dates: dict[str, str | None] = {}
        derivations: dict[str, Any] = {}
        for name, formula in (("due", self.due), ("limit", self.limit)):
            moment, derivation = instance.moment(formula, token) if formula is not None else (None, None)
            dates[name] = moment.isoformat() if moment is not None else None
            if derivation is not None:
                derivations[name] = dict(derivation)
        token.internal_data.update({name: text for name, text in dates.items() if text})
        body = {
            "task": token.public_id,
            "name": self.element.name or self.element.id,
            "form": self.element.zeebe.form,
            "groups": self._groups(token),
            "assignee": key_text(instance.evaluate(self.assignee, token)),
            **dates,
            "priority": self._priority(token),
            "lane": self.element.lane,
        }
        instance.record(TASK_READY, self.element.id, body, {"derivation": derivations} if derivations else None)
        return True

    def withdraw(self, token: Token) -> None:
        token.instance.record(TASK_CANCELLED, self.element.id, {"task": token.public_id})

    def _groups(self, token: Token) -> list[str]:
        value = token.instance.evaluate(self.groups, token)
        found = value if isinstance(value, list) else str(value or "").split(",")
        return [group for item in found if (group := str(item).strip())]

    def _priority(self, token: Token) -> int:
        value = token.instance.evaluate(self.priority, token)
        text = str(value or "").strip()
        return int(Decimal(text)) if text.lstrip("-").isdigit() else 50


class ScriptTask(Node):
    """Sets a variable from a FEEL expression."""

    def __init__(self, graph: Any, element: Element, name: str = "") -> None:
        super().__init__(graph, element, name)
        if not element.zeebe.script or not element.zeebe.result:
            raise ModelError(
                f"« {element.name or element.id} » : un script est une expression FEEL et le nom de la variable qui la reçoit.",
                element.id,
                "script",
            )
        self.script = expression(element.id, "script", element.zeebe.script)

    def run(self, token: Token) -> None:
        value = token.instance.evaluate(self.script, token, self.read_inputs(token))
        self.write_results(token, {self.element.zeebe.result: value})


class RuleTask(Node):
    """Takes a decision of the package's tables; the trace of its rules is kept."""

    def __init__(self, graph: Any, element: Element, model: decisions.Model, name: str = "") -> None:
        super().__init__(graph, element, name)
        self.model = model

    def run(self, token: Token) -> None:
        instance, name = token.instance, self.element.zeebe.decision
        try:
            outcome = self.model.decide(name, instance.visible(token, self.read_inputs(token)), instance.local_now)
        except ModelError as error:
            raise ModelError(str(error), self.element.id, error.rule) from error
        except JalonError as error:
            raise ModelError(f"{error} (décision « {name} »)", self.element.id, "decision") from error
        body = {"decision": name, "hash": self.model.hash, "rules": list(outcome.trace.get("rules") or [])}
        # The parameters are recorded with the command; the tables of the trace hold the values that were compared.
        given = {k: v for k, v in outcome.trace.get("inputs", {}).items() if k not in ("parametres", "echeance")}
        instance.record(DECISION_TAKEN, self.element.id, body, {"trace": {**outcome.trace, "inputs": given}})
        self.write_results(token, {self.element.zeebe.result or name: outcome.value})


class OutsideCall(Node):
    """A service task, a send task or a thrown message: a wish goes on at once, any other call waits for its result."""

    def __init__(self, graph: Any, element: Element, name: str = "") -> None:
        super().__init__(graph, element, name)
        zeebe, message = element.zeebe, element.event
        self.job_type = zeebe.job_type or ("message" if message.kind == "message" else "")
        if not self.job_type:
            raise ModelError(
                f"« {element.name or element.id} » : le type de travail n'est pas dit (taskDefinition).", element.id, "type-de-travail"
            )
        self.headers = {**zeebe.headers, **{k: v for k, v in zeebe.properties.items() if k not in ("attendre", "issue")}}
        self.message_key = None
        if message.kind == "message":
            self.headers.setdefault("nom", message.name)
            self.message_key = text_or_expression(element.id, "clé du message", message.key) if message.key else None
        self.waits = self.job_type not in FIRE_AND_FORGET or zeebe.properties.get("attendre") == "oui"

    def arrive(self, token: Token) -> bool:
        self.ask(token)
        if self.waits:
            token.wait()
        return not self.waits

    def ask(self, token: Token) -> None:
        """Record the wish, with its inputs (all the variables when none is named)."""
        instance = token.instance
        inputs = self.read_inputs(token) if self.inputs_map else all_variables(token)
        if self.message_key is not None and "cle" not in inputs:
            inputs["cle"] = key_text(instance.evaluate(self.message_key, token, inputs))
        body = {"call": token.public_id, "type": self.job_type, "headers": dict(self.headers)}
        instance.record(OUTSIDE_CALL_WANTED, self.element.id, body, {"inputs": inputs})

    def withdraw(self, token: Token) -> None:
        token.instance.record(OUTSIDE_CALL_CANCELLED, self.element.id, {"call": token.public_id})


def all_variables(token: Token) -> dict[str, Value]:
    """The variables that a token sees, without what the context adds."""
    scope = dict(token.instance.variables)
    for holder in reversed(list(token.holders())):
        scope.update(holder.values.get("item", ()))
        scope.update(holder.values.get("inputs", ()))
    return scope


class MessageEnd(OutsideCall, End):
    """An end event that sends a message (or asks for any wish) as it ends."""

    def arrive(self, token: Token) -> bool:
        self.ask(token)
        return True


class CallActivity(Node):
    """Asks for a child instance and waits for its end."""

    def __init__(self, graph: Any, element: Element, name: str = "") -> None:
        super().__init__(graph, element, name)
        if not element.zeebe.called:
            raise ModelError(
                f"« {element.name or element.id} » : le processus appelé n'est pas dit (calledElement).", element.id, "processus-appele"
            )
        self.called = text_or_expression(element.id, "processus appelé", element.zeebe.called)

    def arrive(self, token: Token) -> bool:
        zeebe = self.element.zeebe
        inputs = self.read_inputs(token)
        if not self.inputs_map and zeebe.all_inputs:
            inputs = all_variables(token)
        token.wait()
        called = key_text(token.instance.evaluate(self.called, token))
        token.internal_data["process"] = called
        binding = "deployment" if zeebe.binding == "deployment" else "latest"
        body = {"call": token.public_id, "process": called, "binding": binding}
        token.instance.record(CHILD_WANTED, self.element.id, body, {"inputs": inputs})
        return False

    def returned(self, token: Token, outcome: str, outputs: Mapping[str, Value]) -> None:
        """Take the outcome in `issue`, and of the outputs what the output mapping says (all of them with propagateAllChildVariables)."""
        instance = token.instance
        if self.outputs_map:
            self.write_results(token, {**outputs, "issue": outcome})
        elif self.element.zeebe.all_outputs:
            for name, value in outputs.items():
                instance.write(token, name, value)
        instance.write(token, "issue", outcome)
        token.complete()

    def withdraw(self, token: Token) -> None:
        token.instance.record(CHILD_CANCELLED, self.element.id, {"call": token.public_id})


class SubProcess(Node):
    """An embedded sub-process: it runs inside its token and ends when nothing is left in it."""

    def arrive(self, token: Token) -> bool:
        instance = token.instance
        inputs = self.read_inputs(token)
        if inputs:
            token.values["inputs"] = inputs
        token.start()
        instance.open_inside(token, instance.definition.graphs[self.element.id])
        return False

    def inside_ended(self, token: Token) -> None:
        if self.outputs_map:
            self.write_results(token, {})
        token.instance.close_scope(token)
        token.complete()

    def cancelled(self, token: Token) -> None:
        scope = token.instance.subprocesses.get(token.id)
        if scope is not None:
            token.instance.cancel_tokens(scope)
            token.instance.close_scope(token)
        super().cancelled(token)


class MultiInstance(Node):
    """Runs an activity once per item of a small list, in parallel or in turn, and collects one output per item, in the order of the list."""

    def __init__(self, graph: Any, element: Element, inner: Node) -> None:
        super().__init__(graph, element)
        if element.loop is None:
            raise ModelError(f"« {element.id} » n'est pas une instance multiple.", element.id, "instance-multiple")
        self.loop, self.inner = element.loop, inner
        inner.multi = self.name
        self.inputs_map = self.outputs_map = ()  # They belong to each instance.
        self.collection = expression(element.id, "liste", self.loop.collection) if self.loop.collection else None
        self.cardinality = expression(element.id, "nombre", self.loop.cardinality) if self.loop.cardinality else None
        self.output_item = expression(element.id, "élément de sortie", self.loop.output_item) if self.loop.output_item else None
        self.until: Formula | None = expression(element.id, "condition de fin", self.loop.until) if self.loop.until else None

    def arrive(self, token: Token) -> bool:
        items = self._items(token)
        token.values.update(items=items, out=[None] * len(items))
        token.internal_data.update(next=0, done=0)
        if not items:
            return True
        token.start()
        for _ in items[:1] if self.loop.sequential else items:
            self._begin_next(token)
        return False

    def run(self, token: Token) -> None:
        if self.loop.output:
            token.instance.write(token, self.loop.output, token.values["out"])

    def instance_ended(self, token: Token) -> None:
        """One instance is done: collect, then begin the next, go on, or wait."""
        host = token.workflow.tasks[token.internal_data["multi"]]
        instance, results = token.instance, token.values["item"]
        if self.output_item is not None:
            found = instance.evaluate(self.output_item, token)
            host.values["out"][token.internal_data["index"]] = storable(found, self.loop.output, self.element.id)
        elif not self.loop.output:
            for name, value in results.items():
                if name not in (self.loop.item, "loopCounter"):
                    instance.write(host, name, value)
        host.internal_data["done"] += 1
        over = self.until is not None and instance.evaluate(self.until, token) is True
        if over or host.internal_data["done"] == len(host.values["items"]):
            self._cancel_instances(host)
            host._ready()  # noqa: SLF001 - SpiffWorkflow's protocol
        elif self.loop.sequential:
            self._begin_next(host)

    def cancelled(self, token: Token) -> None:
        self._cancel_instances(token)
        super().cancelled(token)

    def _items(self, token: Token) -> list[Value]:
        instance, place = token.instance, self.element
        if self.collection is not None:
            found = instance.evaluate(self.collection, token)
            items = [] if found is None else found
        else:
            number = instance.evaluate(self.cardinality, token) if self.cardinality is not None else None
            items = [None] * int(number) if isinstance(number, int | Decimal) else None
        if not isinstance(items, list):
            raise ModelError(
                f"« {place.name or place.id} » : une liste (ou un nombre) est attendue pour l'instance multiple.",
                place.id,
                "instance-multiple",
            )
        if len(items) > MAX_INSTANCES:
            raise ModelError(
                f"« {place.name or place.id} » : {len(items)} instances dépassent {MAX_INSTANCES}. Démarrez une instance par dossier.",
                place.id,
                "instance-multiple",
            )
        return [storable(item, self.loop.item, place.id) for item in items]

    def _begin_next(self, host: Token) -> None:
        index = host.internal_data["next"]
        host.internal_data["next"] = index + 1
        item = {"loopCounter": Decimal(index + 1)}
        if self.loop.item:
            item[self.loop.item] = host.values["items"][index]
        host.instance.spawn_item(host, self.inner, index, item)

    def _cancel_instances(self, host: Token) -> None:
        for other in list(host.workflow.tasks.values()):
            if other.internal_data.get("multi") == host.id:
                other.cancel()
