"""The EP secretary plans a session: the waiting cases of its territory are listed, and the process of the session starts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.access.seeing import covers
from server.actions.advancing import Plan, act
from server.actions.planning import REGISTER_OF_NO_CASE
from server.actions.starting import start_session
from server.kernel.actor import Actor
from server.kernel.errors import BadInput, NotFound
from server.kernel.facts import SESSION_HELD, Fact
from server.kernel.ids import new_id
from server.kernel.values import Value, from_plain
from server.store.chain import Origin
from server.store.history import Entry
from server.store.passages import session_exists, session_row, waiting_passages

PROCESS = "seance_ep"


def hold_session(jalon: Jalon, actor: Actor, territory_id: str, held_on: date, body: str, now: datetime) -> str:
    """The id of the new session of a territory. Raises Forbidden, NotFound (territory), BadInput (past date, or already one that day), ModelError."""
    require(actor, Permission.EP_PREPARE)
    known = {place for place, _ in jalon.library.place_names(actor.departement)[1]}
    if territory_id not in known or not covers(actor, actor.departement, territory_id):
        raise NotFound("Ce territoire n'existe pas, ou ne vous est pas ouvert.")
    if held_on < jalon.today(actor.departement, territory_id, now):
        raise BadInput("Cette date est passée. Une séance se prévoit pour aujourd'hui ou plus tard.")
    return act(jalon, actor, now, lambda plan: _plan(plan, actor, territory_id, held_on, body.strip() or "EP"))


def _plan(plan: Plan, actor: Actor, territory_id: str, held_on: date, body: str) -> str:
    if session_exists(plan.work, territory_id, held_on):
        raise BadInput("Une séance est déjà prévue ce jour-là sur ce territoire. Choisissez une autre date.")
    session_id = new_id()
    listed = waiting_passages(plan.work, territory_id)
    variables = {"seance": {"id": session_id, "date": held_on, "ep": body}, "passages": [_passage(row) for row in listed]}
    instance_id = start_session(plan, PROCESS, actor.departement, territory_id, session_id, variables)
    plan.moves.sessions[session_id] = session_row(session_id, actor.departement, territory_id, body, held_on, instance_id)
    plan.moves.listed[session_id] = [row.id for row in listed]
    told = {"session": session_id, "territory": territory_id, "held_on": held_on.isoformat(), "passages": [row.id for row in listed]}
    plan.moves.entries.setdefault(REGISTER_OF_NO_CASE, []).append(Entry(Fact(SESSION_HELD, plan.now, body=told), Origin(instance_id)))
    return session_id


def _passage(row: Any) -> dict[str, Value]:
    subject = from_plain(row.subject)
    return {**subject, "passage": row.id, "dossier": row.case_id, "numero": row.number}
