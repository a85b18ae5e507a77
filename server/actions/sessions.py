"""Cases before an EP session are rows: asked for, listed, advised, withdrawn; one instance holds the session itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from server.actions.planning import keep_fact, outbox_id
from server.kernel import facts
from server.kernel.errors import ModelError
from server.kernel.facts import Fact
from server.kernel.values import Value, canonical, to_plain
from server.store.chain import Origin, seal
from server.store.history import Entry, payload_row
from server.store.passages import passage_before
from server.store.rows import Instance

if TYPE_CHECKING:
    from server.actions.advancing import Plan

POSTPONED = "ajourne"


def ask_passage(plan: Plan, instance: Instance, asked: Fact, number: int, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """`inscrire_seance`: the case waits for a session of the EP of its territory."""
    if instance.case_id is None:
        raise ModelError("L'inscription à une séance parle d'un dossier, et cette démarche n'en a pas.", asked.element, "sans-dossier")
    case = plan.case(instance.case_id)
    row_id = outbox_id(instance, asked.body["call"])
    plan.moves.passages[row_id] = {
        "id": row_id,
        "session_id": None,
        "case_id": case.id,
        "instance_id": instance.id,
        "territory_id": case.territory_id,
        "status": "waiting",
        "asked_at": plan.now,
        "subject": to_plain(dict(inputs)),
        "outbox_id": row_id,
    }
    keep_fact(plan.moves, instance, Fact(facts.PASSAGE_ASKED, plan.now, asked.element, {"passage": row_id}), number)
    return {"passage": row_id}


def note_opinion(plan: Plan, session: Instance, case_id: str, opinion: Mapping[str, Value]) -> None:
    """Keeps the opinion of a session on the case's row, and tells it in the case's history; its reasons are a payload, which can be erased."""
    session_id = (session.subject or {}).get("seance")
    found = passage_before(plan.work, str(session_id), case_id) if session_id else None
    if found is None:
        return
    sense = str(opinion.get("avis_sens") or "")
    sealed = seal(canonical({"opinion": dict(opinion)}))
    plan.moves.payloads.append(payload_row(case_id, sealed))
    status = "postponed" if sense == POSTPONED else "advised"
    plan.moves.passage_changes[found] = {"status": status, "opinion": sense[:40], "payload_id": sealed.id, "advised_at": plan.now}
    body = {"passage": found, "session": str(session_id)}
    plan.case(case_id)
    fact = Fact(facts.OPINION_GIVEN, plan.now, "", body, {"opinion": dict(opinion)})
    plan.moves.entries.setdefault(case_id, []).append(Entry(fact, Origin(session.id)))


def close_session(plan: Plan, instance: Instance) -> None:
    """The session's process has ended: so has the session."""
    if session_id := (instance.subject or {}).get("seance"):
        plan.moves.session_changes[str(session_id)] = {"status": "closed"}
