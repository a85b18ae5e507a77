"""From the facts of one step to the rows they change; nothing is written here, everything goes into Moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from server.kernel import facts
from server.kernel.facts import Fact
from server.kernel.values import to_plain
from server.store.chain import Origin
from server.store.columns import NEVER
from server.store.history import Entry, seal_payload
from server.store.moves import Moves
from server.store.rows import Instance

REGISTER_OF_NO_CASE = "registre:seances"


def chain_of(instance: Instance) -> str:
    """The chain that an instance's facts belong to: its case's, or the register of sessions."""
    return instance.case_id or REGISTER_OF_NO_CASE


def keep_fact(moves: Moves, instance: Instance, fact: Fact, number: int | None) -> str | None:
    """Puts a fact at the end of the instance's chain; the id of its payload, None when it has none."""
    sealed = seal_payload(fact.payload)
    moves.entries.setdefault(chain_of(instance), []).append(Entry(fact, Origin(instance.id, number), sealed))
    return sealed.id if sealed else None


def _place(instance: Instance) -> dict[str, Any]:
    return {"instance_id": instance.id, "case_id": instance.case_id}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _derivation(fact: Fact) -> Any:
    return to_plain(fact.payload["derivation"]) if fact.payload and "derivation" in fact.payload else None


def _task_ready(moves: Moves, instance: Instance, fact: Fact) -> None:
    body = fact.body
    groups, why = list(body["groups"]), _derivation(fact) or {}
    moves.tasks[body["task"]] = {
        "id": body["task"],
        **_place(instance),
        "departement": instance.departement,
        "territory_id": instance.territory_id,
        "process": instance.process,
        "element": fact.element,
        "name": body["name"],
        "form": body["form"],
        "group_name": groups[0] if groups else "",
        "also_groups": f",{','.join(groups[1:])}," if groups[1:] else "",
        "status": "open",
        "holder_id": body["assignee"] or None,  # settled by `name_holders` before anything is written
        "holder_name": None,
        "held_at": None,
        "priority": body["priority"],
        "due_at": _moment(body["due"]),
        "sort_at": _moment(body["due"]) or NEVER,
        "limit_at": _moment(body["limit"]),
        "due_why": why.get("due"),
        "limit_why": why.get("limit"),
        "ready_at": fact.at,
        "done_at": None,
        "done_by": None,
        "done_by_name": None,
    }


def _close(moves: Moves, task_id: str, status: str) -> None:
    if task_id in moves.tasks:  # made and closed in the same commit
        by = {"done_at": moves.now, "done_by": moves.actor.user_id, "done_by_name": moves.actor.name}
        moves.tasks[task_id] |= {"status": status, **by}
    else:
        (moves.done_tasks if status == "done" else moves.cancelled_tasks).append(task_id)


def _task_completed(moves: Moves, _instance: Instance, fact: Fact) -> None:
    _close(moves, fact.body["task"], "done")


def _task_cancelled(moves: Moves, _instance: Instance, fact: Fact) -> None:
    _close(moves, fact.body["task"], "cancelled")


def _timer(moves: Moves, instance: Instance, fact: Fact, status: str) -> None:
    known = moves.timers.get(fact.body["timer"])
    if known is not None:
        known["status"] = status
        return
    moves.timers[fact.body["timer"]] = {
        "id": fact.body["timer"],
        **_place(instance),
        "element": fact.element,
        "due_at": _moment(fact.body.get("due")) or fact.at,
        "why": _derivation(fact),
        "status": status,
    }


def _timer_set(moves: Moves, instance: Instance, fact: Fact) -> None:
    _timer(moves, instance, fact, "waiting")


def _timer_fired(moves: Moves, instance: Instance, fact: Fact) -> None:
    _timer(moves, instance, fact, "fired")


def _timer_cancelled(moves: Moves, instance: Instance, fact: Fact) -> None:
    _timer(moves, instance, fact, "cancelled")


def _subscription(moves: Moves, instance: Instance, fact: Fact, status: str) -> None:
    known = moves.subscriptions.get(fact.body["subscription"])
    if known is not None:
        known["status"] = status
        return
    moves.subscriptions[fact.body["subscription"]] = {
        "id": fact.body["subscription"],
        **_place(instance),
        "element": fact.element,
        "name": fact.body.get("name", ""),
        "key": fact.body.get("key", ""),
        "status": status,
    }


def _message_awaited(moves: Moves, instance: Instance, fact: Fact) -> None:
    _subscription(moves, instance, fact, "waiting")


def _message_received(moves: Moves, instance: Instance, fact: Fact) -> None:
    _subscription(moves, instance, fact, "received")


def _message_no_longer_awaited(moves: Moves, instance: Instance, fact: Fact) -> None:
    _subscription(moves, instance, fact, "cancelled")


def _due_date_changed(moves: Moves, _instance: Instance, fact: Fact) -> None:
    due = _moment(fact.body["new"])
    if "task" in fact.body:
        moves.task_changes.setdefault(fact.body["task"], {}).update(due_at=due, sort_at=due or NEVER)
    else:
        moves.timer_changes.setdefault(fact.body["timer"], {})["due_at"] = due


def outbox_id(instance: Instance, call: str) -> str:
    """The id of the wish that a call made: the call's own id, already unique."""
    return call if len(call) <= 40 else f"{instance.id[:13]}{call[-26:]}"


def keep_wish(moves: Moves, instance: Instance, fact: Fact, payload_id: str | None, *, waits: bool) -> None:
    """Puts an outside call into the outbox, to be done after the commit."""
    row_id = outbox_id(instance, fact.body["call"])
    moves.outbox[row_id] = {
        "id": row_id,
        **_place(instance),
        "call_id": fact.body["call"],
        "element": fact.element,
        "type": fact.body["type"],
        "headers": to_plain(dict(fact.body["headers"])),
        "payload_id": payload_id,
        "waits": waits,
        "status": "waiting",
        "created_at": fact.at,
        "next_try_at": fact.at,
        "done_at": None,
    }


def _call_closed(moves: Moves, instance: Instance, fact: Fact, status: str) -> None:
    row_id = outbox_id(instance, fact.body["call"])
    if row_id in moves.outbox:
        moves.outbox[row_id] |= {"status": status, "done_at": fact.at}
        return
    wish = replace(fact, body={**fact.body, "type": "", "headers": {}})  # the row exists: only its status changes
    keep_wish(moves, instance, wish, None, waits=True)
    moves.outbox[row_id] |= {"status": status, "done_at": fact.at}


def _call_cancelled(moves: Moves, instance: Instance, fact: Fact) -> None:
    _call_closed(moves, instance, fact, "cancelled")


def _call_returned(moves: Moves, instance: Instance, fact: Fact) -> None:
    _call_closed(moves, instance, fact, "done")


ROWS_OF: Mapping[str, Callable[[Moves, Instance, Fact], None]] = {
    facts.TASK_READY: _task_ready,
    facts.TASK_COMPLETED: _task_completed,
    facts.TASK_CANCELLED: _task_cancelled,
    facts.TIMER_SET: _timer_set,
    facts.TIMER_FIRED: _timer_fired,
    facts.TIMER_CANCELLED: _timer_cancelled,
    facts.MESSAGE_AWAITED: _message_awaited,
    facts.MESSAGE_RECEIVED: _message_received,
    facts.MESSAGE_NO_LONGER_AWAITED: _message_no_longer_awaited,
    facts.DUE_DATE_CHANGED: _due_date_changed,
    facts.OUTSIDE_CALL_CANCELLED: _call_cancelled,
    facts.OUTSIDE_CALL_RETURNED: _call_returned,
}
