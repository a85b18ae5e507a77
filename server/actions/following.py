"""What follows from a fact inside Jalon, in the same commit: children, ends, milestones, sessions, messages, other processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from server.actions.planning import keep_fact, keep_wish
from server.actions.sessions import ask_passage, close_session, note_opinion
from server.actions.starting import start_instance
from server.engine import FIRE_AND_FORGET, Cancel, ChildEnded, ChildFailed, DeliverMessage, ReturnResult
from server.kernel import facts
from server.kernel.errors import ModelError
from server.kernel.facts import Fact
from server.kernel.values import Value, to_plain
from server.store.accounts import find_names
from server.store.cases import find_instances
from server.store.places import structure_exists
from server.store.rows import Case, Instance
from server.store.sql import and_
from server.store.tables import instance as instance_table
from server.store.waits import waiting_for

if TYPE_CHECKING:
    from server.actions.advancing import Plan

MILESTONES = {
    "oriente": "oriented_on",
    "premier_rdv": "first_meeting_on",
    "contrat_signe": "contract_signed_on",
    "contrat_fin": "contract_ends_on",
    "manquement": None,
    "ep": "ep_on",
    "sanction": "sanctioned_on",
    "retabli": "reinstated_on",
    "sortie": None,
}
# What the figures judge is counted from the opening of the right: a later orientation, meeting or contract does not move the first one's date.
FIRST_TIME = frozenset({"oriente", "premier_rdv", "contrat_signe"})


@dataclass(frozen=True)
class Followed:
    """A fact that was just kept: of which instance, by which command, with which payload."""

    fact: Fact
    instance: Instance
    number: int
    payload_id: str | None

    @property
    def inputs(self) -> Mapping[str, Value]:
        """The inputs of an outside call or of a child."""
        return dict((self.fact.payload or {}).get("inputs") or {})

    def header(self, name: str) -> str:
        """A header of an outside call. Raises ModelError when the diagram does not say it."""
        value = str(self.fact.body["headers"].get(name, "")).strip()
        if not value:
            raise ModelError(
                f"L'envoi « {self.fact.body['type']} » ne dit pas son en-tête « {name} ».", self.fact.element, "en-tete-manquant"
            )
        return value


def follow(plan: Plan, followed: Followed) -> None:
    """Does what follows from a fact; most facts have no consequence."""
    do = _CONSEQUENCES.get(followed.fact.kind)
    if do is not None:
        do(plan, followed)


# Children and ends


def _child_wanted(plan: Plan, followed: Followed) -> None:
    body = followed.fact.body
    start_instance(plan, body["process"], followed.instance, followed.inputs, binding=body["binding"], call=body["call"])


def _child_cancelled(plan: Plan, followed: Followed) -> None:
    parent, call = followed.instance.id, followed.fact.body["call"]
    known = [kept for kept in plan.moves.instances.values() if (kept.parent_id, kept.parent_call) == (parent, call)]
    condition = and_(instance_table.c.parent_id == parent, instance_table.c.parent_call == call, instance_table.c.status == "open")
    for child in known or find_instances(plan.work, condition):
        if child.status == "open":
            plan.quiet.add(child.id)
            plan.follow_up_first(child.id, Cancel("La démarche qui l'avait ouverte a été arrêtée."))


def _ended(plan: Plan, followed: Followed) -> None:
    body, child = followed.fact.body, followed.instance
    error = str(body.get("error") or "")
    _close(plan, child, "ended", body["outcome"] or error or None)
    if child.parent_id is None or child.id in plan.quiet:
        return
    outputs = dict((followed.fact.payload or {}).get("variables") or {})
    told = ChildFailed(child.parent_call or "", error) if error else ChildEnded(child.parent_call or "", body["outcome"], outputs)
    plan.follow_up(child.parent_id, told)


def _cancelled(plan: Plan, followed: Followed) -> None:
    child = followed.instance
    _close(plan, child, "cancelled", None)
    plan.moves.withdrawn_of.add(child.id)
    if child.parent_id is not None and child.id not in plan.quiet:
        plan.follow_up(child.parent_id, ChildFailed(child.parent_call or "", "annulation"))


def _close(plan: Plan, kept: Instance, status: str, outcome: str | None) -> None:
    plan.moves.instances[kept.id] = replace(kept, status=status, outcome=outcome)
    plan.moves.ended_at[kept.id] = plan.now
    if kept.case_id is None:
        close_session(plan, kept)
        return
    changes = plan.moves.case_changes.setdefault(kept.case_id, {})
    if kept.parent_id is not None:
        changes["stage"] = plan.instance(kept.parent_id).process
    elif not _others_open(plan, kept):
        changes |= {"stage": "", "status": "closed", "closed_at": plan.now}


def _others_open(plan: Plan, kept: Instance) -> bool:
    here = plan.moves.instances
    if any(other.case_id == kept.case_id and other.status == "open" for other in here.values()):
        return True
    condition = and_(instance_table.c.case_id == kept.case_id, instance_table.c.status == "open")
    return any(other.id not in here for other in find_instances(plan.work, condition))


# Outside calls


def _call_wanted(plan: Plan, followed: Followed) -> None:
    kind = followed.fact.body["type"]
    waits = _waits(plan, followed)
    inside = _INSIDE.get(kind)
    if inside is None:
        keep_wish(plan.moves, followed.instance, followed.fact, followed.payload_id, waits=waits)
        return
    result = inside(plan, followed)
    if waits:
        plan.follow_up(followed.instance.id, ReturnResult(followed.fact.body["call"], result))


def _waits(plan: Plan, followed: Followed) -> bool:
    """Whether the token stays until the result comes: every call but wishes, and wishes whose diagram says so; an end never waits."""
    element = plan.jalon.definition(followed.instance.package_id).elements[followed.fact.element]
    if element.type == "endEvent":
        return False
    return followed.fact.body["type"] not in FIRE_AND_FORGET or element.zeebe.properties.get("attendre") == "oui"


def _case_of(plan: Plan, followed: Followed) -> tuple[Case, dict[str, Any]]:
    if followed.instance.case_id is None:
        kind = followed.fact.body["type"]
        raise ModelError(f"L'envoi « {kind} » parle d'un dossier, et cette démarche n'en a pas.", followed.fact.element, "sans-dossier")
    case = plan.case(followed.instance.case_id)
    return case, plan.moves.case_changes.setdefault(case.id, {})


def _milestone(plan: Plan, followed: Followed) -> None:
    """`fait`: a milestone of the case, dated by the input `le` (today when it is not said)."""
    name = followed.header("nom")
    if name not in MILESTONES:
        raise ModelError(
            f"Le fait « {name} » n'est pas connu. Faits connus : {', '.join(MILESTONES)}.", followed.fact.element, "fait-inconnu"
        )
    case, changes = _case_of(plan, followed)
    inputs = dict(followed.inputs)
    day = _day(inputs.pop("le", None)) or plan.jalon.today(case.departement, case.territory_id, plan.now)
    known = dict(changes.get("facts", case.facts))
    again = name in known
    known[name] = to_plain({"le": day, **inputs})
    changes["facts"] = known
    if (column := MILESTONES[name]) and not (again and name in FIRST_TIME):
        changes[column] = day
    _place_case(plan, inputs, changes)
    body = {"name": name, "le": day.isoformat()}
    keep_fact(
        plan.moves, followed.instance, Fact(facts.MILESTONE_REACHED, plan.now, followed.fact.element, body, inputs or None), followed.number
    )


def _place_case(plan: Plan, inputs: Mapping[str, Value], changes: dict[str, Any]) -> None:
    """A fact may name the referent or the structure that the case now has, by their ids."""
    referent, place = inputs.get("referent"), inputs.get("structure")
    if isinstance(referent, str) and find_names(plan.work, {referent}):
        changes["referent_id"] = referent
    if isinstance(place, str) and structure_exists(plan.work, place):
        changes["structure_id"] = place


def _day(value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _message(plan: Plan, followed: Followed) -> None:
    """`message`: to whoever waits for this name and key; `envois` sends one to each of a list."""
    name, inputs = followed.header("nom"), dict(followed.inputs)
    sendings = inputs.pop("envois", None)
    if isinstance(sendings, list):
        for sending in sendings:
            key, variables = str(sending.get("cle", "")), dict(sending.get("variables") or {})
            deliver(plan, name, key, variables, followed.instance)
            if name == "avis_ep":
                note_opinion(plan, followed.instance, key, variables)
        return
    key = str(inputs.pop("cle", "") or "")
    named = inputs.get("variables")
    deliver(plan, name, key, named if isinstance(named, dict) else inputs, followed.instance)


def deliver(plan: Plan, name: str, key: str, variables: Mapping[str, Value], sender: Instance | None, *, case_id: str | None = None) -> int:
    """Gives a message to every instance that waits for it; how many. Nobody waits: the message is kept as a fact of the sender."""
    closed = {row for row, kept in plan.moves.subscriptions.items() if kept["status"] != "waiting"}
    case_id = sender.case_id if sender else case_id
    found = [instance_id for row_id, instance_id in waiting_for(plan.work, name, key, case_id) if row_id not in closed]
    for kept in plan.moves.subscriptions.values():
        same_key = kept["key"] == key or (not kept["key"] and kept["case_id"] == case_id)
        if kept["status"] == "waiting" and kept["name"] == name and same_key:
            found.append(kept["instance_id"])
    for instance_id in dict.fromkeys(found):  # the oldest first: a parent before its children
        plan.follow_up(instance_id, DeliverMessage(name, key, dict(variables)))
    if not found and sender is not None:
        unexpected = Fact(facts.MESSAGE_UNEXPECTED, plan.now, "", {"name": name}, {"key": key, "variables": dict(variables)})
        keep_fact(plan.moves, sender, unexpected, None)
    return len(set(found))


def _start_other(plan: Plan, followed: Followed) -> dict[str, Value]:
    """`demarrer`: another process begins in the same case, and nobody waits for it."""
    return {"instance": start_instance(plan, followed.header("processus"), followed.instance, followed.inputs)}


_INSIDE: Mapping[str, Callable[[Plan, Followed], Value]] = {
    "fait": _milestone,
    "inscrire_seance": lambda plan, followed: ask_passage(plan, followed.instance, followed.fact, followed.number, followed.inputs),
    "message": _message,
    "demarrer": _start_other,
}
_CONSEQUENCES: Mapping[str, Callable[[Plan, Followed], None]] = {
    facts.CHILD_WANTED: _child_wanted,
    facts.CHILD_CANCELLED: _child_cancelled,
    facts.INSTANCE_ENDED: _ended,
    facts.INSTANCE_CANCELLED: _cancelled,
    facts.OUTSIDE_CALL_WANTED: _call_wanted,
}
