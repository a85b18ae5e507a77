"""Somebody tells that something happened to a case: whoever waits for it in the case's processes receives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.actions.advancing import Plan, act
from server.actions.following import deliver
from server.kernel.actor import Actor
from server.kernel.errors import BadInput
from server.kernel.facts import MESSAGE_UNEXPECTED, Fact
from server.kernel.values import Value
from server.store.history import Entry
from server.store.posted import find_posted

VERB = "send_message"


@dataclass(frozen=True)
class Delivered:
    """Whether a process was waiting for the message, and the sentence that says so."""

    received: bool
    text: str


def send_message(
    jalon: Jalon, actor: Actor, case_id: str, name: str, variables: Mapping[str, Value], now: datetime, key: str = ""
) -> Delivered:
    """Delivers a message correlated on the case's id; when nobody waits for it, it is kept in the history and answered so.

    `key`: the idempotency key of the posted form, when it has one: the same key twice gives the same answer and delivers nothing the second time.
    Raises NotFound, Forbidden, BadInput, ModelError.
    """
    if actor.user_id:
        require(actor, Permission.EVENTS_RECORD)
    if not name.strip():
        raise BadInput("Dites quel évènement est arrivé.")
    return act(jalon, actor, now, lambda plan: _once(plan, actor, case_id, name.strip(), variables, key))


def _once(plan: Plan, actor: Actor, case_id: str, name: str, variables: Mapping[str, Value], key: str) -> Delivered:
    before = find_posted(plan.work, key) if key else None
    if before is not None:
        if (before.user_id, before.verb, before.answer["case_id"]) != (actor.user_id, VERB, case_id):
            raise BadInput("Ce formulaire a déjà servi pour autre chose. Rechargez la page, puis recommencez.")
        return Delivered(received=bool(before.answer["received"]), text=str(before.answer["text"]))
    told = _send(plan, actor, case_id, name, variables)
    if key:
        answer = {"case_id": case_id, "received": told.received, "text": told.text}
        plan.moves.posted.append({"key": key, "user_id": actor.user_id, "verb": VERB, "answer": answer, "at": plan.now})
    return told


def _send(plan: Plan, actor: Actor, case_id: str, name: str, variables: Mapping[str, Value]) -> Delivered:
    case = case_to_read(plan.work, actor, case_id) if actor.user_id else plan.case(case_id)
    plan.take_case(case)
    reached = deliver(plan, name, case_id, variables, None, case_id=case_id)
    if reached:
        return Delivered(received=True, text="L'évènement est enregistré et le parcours en tient compte.")
    fact = Fact(MESSAGE_UNEXPECTED, plan.now, "", {"name": name}, {"key": case_id, "variables": dict(variables)})
    plan.moves.entries.setdefault(case_id, []).append(Entry(fact))
    return Delivered(
        received=False, text="L'évènement est noté dans l'historique. Aucune étape en cours ne l'attendait : le parcours ne change pas."
    )
