"""What an instance waits for, read from a state alone: rows of tasks, timers, waits and calls are checked against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from server.engine.activities import CallActivity, OutsideCall, UserTask
from server.engine.definition import Definition
from server.engine.events import Catch
from server.engine.instance import Instance
from server.engine.state import load, read_plain
from server.engine.step import Context, Waiting, WaitingCall, WaitingMessage, WaitingTask, WaitingTimer
from server.engine.tokens import Token


def waits_of(instance: Instance) -> Iterator[Token]:
    """The tokens that a command can name: open tasks, timers and messages awaited, calls not returned; the oldest first."""
    named = [
        t
        for t in instance.live_tokens()
        if isinstance(t.task_spec, UserTask | Catch | OutsideCall | CallActivity) and (t.waiting or t.ready)
    ]
    return iter(sorted(named, key=lambda t: t.id))


def read_waiting(definition: Definition, state: bytes) -> Waiting:
    """Everything that the instance of this state waits for. Raises ModelError when the state is of another format or diagram."""
    context = Context(read_plain(state)["i"])
    instance = load(definition, state, context, datetime.min.replace(tzinfo=UTC))
    tasks: list[WaitingTask] = []
    timers: list[WaitingTimer] = []
    subscriptions: list[WaitingMessage] = []
    calls: list[WaitingCall] = []
    for token in waits_of(instance):
        node, element, internal = token.task_spec, token.task_spec.element, token.internal_data
        if isinstance(node, UserTask):
            tasks.append(WaitingTask(token.public_id, element.id, _time(internal.get("due")), _time(internal.get("limit"))))
        elif isinstance(node, CallActivity):
            calls.append(WaitingCall(token.public_id, element.id, "child", internal["process"]))
        elif isinstance(node, OutsideCall):
            calls.append(WaitingCall(token.public_id, element.id, "outside", node.job_type))
        elif "due" in internal:
            timers.append(WaitingTimer(token.public_id, element.id, datetime.fromisoformat(internal["due"])))
        elif "key" in internal:
            subscriptions.append(WaitingMessage(token.public_id, element.id, element.event.name, internal["key"]))
    return Waiting(tuple(tasks), tuple(timers), tuple(subscriptions), tuple(calls), instance.ended)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
