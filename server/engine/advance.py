"""The one function that runs a process: a state and a command in, a state and facts out; it changes nothing else and reads no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import UnionType

from server.engine.activities import CallActivity, OutsideCall, UserTask
from server.engine.commands import (
    Cancel,
    ChangeDueDate,
    ChildEnded,
    ChildFailed,
    Command,
    CompleteTask,
    DeliverMessage,
    FailCall,
    FireTimer,
    ReturnResult,
    Start,
)
from server.engine.definition import Definition
from server.engine.events import Catch
from server.engine.formulas import storable
from server.engine.instance import Instance
from server.engine.state import dump, load, prune
from server.engine.step import Context, Step
from server.engine.tokens import Token
from server.engine.waits import waits_of
from server.kernel.errors import BadInput, ModelError, Stale
from server.kernel.facts import (
    CHILD_RETURNED,
    DUE_DATE_CHANGED,
    INSTANCE_CANCELLED,
    INSTANCE_STARTED,
    MESSAGE_RECEIVED,
    MESSAGE_UNEXPECTED,
    OUTSIDE_CALL_RETURNED,
    TASK_COMPLETED,
)
from server.kernel.values import Value


def advance(definition: Definition, state: bytes | None, command: Command, context: Context, now: datetime) -> Step:
    """The step that a command makes.

    `state` is None for Start only; `now` is aware (for FireTimer, the due time of the timer). The same arguments always give the same bytes and facts.
    Raises Stale when the instance is closed or no longer waits for what the command names, ModelError or TooMuch when the model cannot go on, BadInput when
    the command makes no sense; then there is no new state.
    """
    if now.tzinfo is None:
        raise BadInput("L'heure d'une commande doit dire son fuseau.")
    moment = now.astimezone(UTC)
    if isinstance(command, Start):
        if state is not None:
            raise Stale("Cette instance est déjà commencée.")
        instance = Instance(definition, context.instance_id, context, moment)
    else:
        instance = _loaded(definition, state, context, moment)
    apply(instance, command)
    prune(instance)
    return Step(dump(instance), tuple(instance.facts), instance.ended)


def apply(instance: Instance, command: Command) -> None:
    """Do a command on an instance in memory, up to where it waits again. After an error the instance must be thrown away."""
    do: Callable[[Instance, Command], None] | None = _VERBS.get(type(command))
    if do is None:
        raise BadInput(f"Commande inconnue : « {type(command).__name__} ».")
    do(instance, command)
    if not instance.ended:
        instance.run_ready()


def _loaded(definition: Definition, state: bytes | None, context: Context, now: datetime) -> Instance:
    if state is None:
        raise Stale("Cette instance n'est pas commencée.")
    instance = load(definition, state, context, now)
    if instance.instance_id != context.instance_id:
        raise BadInput("L'état donné est celui d'une autre instance.")
    if instance.ended:
        raise Stale("Ce processus est terminé : plus rien ne peut y être fait. Rechargez la page.")
    return instance


def _values(given: Mapping[str, Value]) -> dict[str, Value]:
    # Sorted by name: the order in which a form or a database gave them must not matter.
    return {name: storable(given[name], name) for name in sorted(given)}


def _found(instance: Instance, public_id: str, kind: type | UnionType, sentence: str) -> Token:
    for token in waits_of(instance):
        if isinstance(token.task_spec, kind) and token.public_id == public_id:
            return token
    raise Stale(sentence)


def _start(instance: Instance, command: Start) -> None:
    instance.variables = _values(command.variables)
    body = {"process": instance.definition.process_id, "hash": instance.definition.hash}
    instance.record(INSTANCE_STARTED, "", body, {"variables": dict(instance.variables)})
    instance.open_scope(instance)


def _complete_task(instance: Instance, command: CompleteTask) -> None:
    token = _found(instance, command.task, UserTask, "Cette tâche n'est plus à faire : elle a été faite ou annulée. Rechargez la page.")
    answers = _values(command.answers)
    instance.record(TASK_COMPLETED, token.task_spec.element.id, {"task": command.task}, {"answers": answers})
    token.task_spec.complete_with(token, answers)


def _fire_timer(instance: Instance, command: FireTimer) -> None:
    token = _found(instance, command.timer, Catch, "Ce minuteur a déjà sonné, ou a été annulé.")
    due = token.internal_data.get("due")
    if due is None:
        raise Stale("Ce minuteur a déjà sonné, ou a été annulé.")
    if instance.now < datetime.fromisoformat(due):
        raise Stale(f"Ce minuteur n'est pas échu : il l'est le {due}.")
    token.task_spec.fire(token)


def _deliver_message(instance: Instance, command: DeliverMessage) -> None:
    variables = _values(command.variables)
    waiting = [
        t
        for t in waits_of(instance)
        if isinstance(t.task_spec, Catch)
        and t.task_spec.element.event.name == command.name
        and t.internal_data.get("key", None) in ("", command.key)
    ]
    if not waiting:
        instance.record(MESSAGE_UNEXPECTED, "", {"name": command.name}, {"variables": variables, "key": command.key})
        return
    # One wait receives it: the innermost, which is the most particular, then the oldest.
    token = max(waiting, key=lambda t: (sum(1 for _ in t.holders()), -t.id))
    body = {"subscription": token.public_id, "name": command.name}
    instance.record(MESSAGE_RECEIVED, token.task_spec.element.id, body, {"variables": variables})
    token.task_spec.write_results(token, variables)
    token.task_spec.fire(token)


def _return_result(instance: Instance, command: ReturnResult) -> None:
    token = _found(instance, command.call, OutsideCall, "Cet appel a déjà reçu sa réponse, ou a été annulé.")
    result = storable(command.result, "résultat")
    instance.record(OUTSIDE_CALL_RETURNED, token.task_spec.element.id, {"call": command.call}, {"result": result})
    results = _values(result) if isinstance(result, dict) else {} if result is None else {"resultat": result}
    token.task_spec.complete_with(token, results)


def _fail_call(instance: Instance, command: FailCall) -> None:
    token = _found(instance, command.call, OutsideCall, "Cet appel a déjà reçu sa réponse, ou a été annulé.")
    instance.record(
        OUTSIDE_CALL_RETURNED, token.task_spec.element.id, {"call": command.call, "error": command.code}, {"result": command.message}
    )
    _throw(instance, token, command.code, command.message)


def _child_ended(instance: Instance, command: ChildEnded) -> None:
    token = _found(instance, command.call, CallActivity, "Ce processus appelé a déjà rendu sa réponse, ou n'est plus attendu.")
    outputs = _values(command.outputs)
    body = {"call": command.call, "outcome": command.outcome}
    instance.record(CHILD_RETURNED, token.task_spec.element.id, body, {"outputs": outputs})
    token.task_spec.returned(token, command.outcome, outputs)


def _child_failed(instance: Instance, command: ChildFailed) -> None:
    token = _found(instance, command.call, CallActivity, "Ce processus appelé a déjà rendu sa réponse, ou n'est plus attendu.")
    body = {"call": command.call, "outcome": "", "error": command.reason}
    instance.record(CHILD_RETURNED, token.task_spec.element.id, body, {"outputs": {}})
    _throw(instance, token, command.reason, "")


def _throw(instance: Instance, token: Token, code: str, message: str) -> None:
    element = token.task_spec.element
    token.start()  # It has answered: what catches the error will not cancel the call.
    if not instance.throw(token, code):
        detail = f" ({message})" if message else ""
        raise ModelError(
            f"« {element.name or element.id} » a échoué avec l'erreur « {code} »{detail} et aucun événement d'erreur ne l'attend. Traitez la cause, puis reprenez.",
            element.id,
            "erreur-non-attendue",
        )


def _change_due_date(instance: Instance, command: ChangeDueDate) -> None:
    if not command.reason.strip():
        raise BadInput("Un changement d'échéance dit son motif. Écrivez-le.")
    if command.due.tzinfo is None:
        raise BadInput("La nouvelle échéance doit dire son fuseau.")
    token = _found(instance, command.target, UserTask | Catch, "Cette tâche ou ce minuteur n'attend plus. Rechargez la page.")
    is_task = isinstance(token.task_spec, UserTask)
    old = token.internal_data.get("due")
    if not is_task and old is None:
        raise Stale("Cette attente n'a pas d'échéance. Rechargez la page.")
    new = command.due.astimezone(UTC).isoformat()
    token.internal_data["due"] = new
    body = {"task" if is_task else "timer": command.target, "old": old, "new": new}
    instance.record(DUE_DATE_CHANGED, token.task_spec.element.id, body, {"reason": command.reason.strip()})


def _cancel(instance: Instance, command: Cancel) -> None:
    instance.cancel_tokens(instance)
    instance.ended = True
    instance.record(INSTANCE_CANCELLED, "", {}, {"reason": command.reason})


_VERBS: Mapping[type, Callable[..., None]] = {
    Start: _start,
    CompleteTask: _complete_task,
    FireTimer: _fire_timer,
    DeliverMessage: _deliver_message,
    ReturnResult: _return_result,
    FailCall: _fail_call,
    ChildEnded: _child_ended,
    ChildFailed: _child_failed,
    ChangeDueDate: _change_due_date,
    Cancel: _cancel,
}
