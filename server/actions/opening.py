"""Puts a new person, household and case into a plan; what the import and the screens share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from server.kernel.actor import Actor
from server.kernel.errors import BadInput
from server.kernel.facts import CASE_OPENED, Fact
from server.kernel.ids import new_id
from server.store.history import Entry
from server.store.names import search_name
from server.store.rows import Case

if TYPE_CHECKING:
    from server.actions.advancing import Plan

PERSON_FIELDS = (
    "civility", "last_name", "birth_name", "first_names", "birth_date", "birth_place", "caf_number", "caf_role", "internal_id", "ft_number", "rsa_number",
    "email", "phone", "address", "details",
)  # fmt: skip
HOUSEHOLD_FIELDS = {"caf_number": None, "size": 1, "children": 0, "youngest_birth": None, "isolated": False, "rsa_increased": False}


@dataclass(frozen=True)
class Newcomer:
    """A person to open a case for: columns by name, `nir` in clear."""

    person: dict[str, Any]
    household: dict[str, Any] | None
    territory_id: str
    right_opened_on: date


def open_in(plan: Plan, actor: Actor, newcomer: Newcomer) -> Case:
    """The new case as the plan will write it. Raises BadInput when a name or the territory is missing."""
    if not str(newcomer.person.get("last_name") or "").strip() or not str(newcomer.person.get("first_names") or "").strip():
        raise BadInput("Un dossier s'ouvre au nom d'une personne : donnez son nom et son prénom.")
    if newcomer.territory_id not in {place for place, _ in plan.jalon.library.place_names(actor.departement)[1]}:
        raise BadInput(f"Le territoire « {newcomer.territory_id} » n'est pas un territoire du département {actor.departement}.")
    person = person_row(plan, actor, newcomer.person)
    household = _household_row(actor, newcomer.household)
    person["household_id"] = household["id"] if household else None
    case = _case(plan, actor, newcomer, person, household)
    plan.moves.persons[person["id"]] = person
    if household:
        plan.moves.households[household["id"]] = household
    plan.moves.new_cases.add(case.id)
    plan.take_case(case)
    body = {"case": case.id, "territory": case.territory_id, "right_opened_on": case.right_opened_on.isoformat()}
    plan.moves.entries.setdefault(case.id, []).append(Entry(Fact(CASE_OPENED, plan.now, body=body)))
    return case


def person_row(plan: Plan, actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    """The row of a new person; the NIR is sealed and its blind index set."""
    person_id, nir, keys = new_id(), str(given.get("nir") or ""), plan.jalon.database.keys
    row = {name: given.get(name) for name in PERSON_FIELDS}
    return row | {
        "id": person_id,
        "departement": actor.departement,
        "household_id": None,
        "search_name": search_name(str(row["last_name"]), row["birth_name"], str(row["first_names"])),
        "nir_cipher": keys.encrypt(nir, person_id) if nir else None,
        "nir_index": keys.blind_index(nir) if nir else None,
        "created_at": plan.now,
    }


def _household_row(actor: Actor, given: dict[str, Any] | None) -> dict[str, Any] | None:
    if given is None:
        return None
    values = {name: given.get(name) if given.get(name) is not None else empty for name, empty in HOUSEHOLD_FIELDS.items()}
    return {"id": new_id(), "departement": actor.departement, **values}


def _case(plan: Plan, actor: Actor, newcomer: Newcomer, person: dict[str, Any], household: dict[str, Any] | None) -> Case:
    return Case(
        id=new_id(),
        number="",  # given when it is written: a number is never spent on a refused case
        person_id=person["id"],
        departement=actor.departement,
        territory_id=newcomer.territory_id,
        status="open",
        stage="",
        opened_at=plan.now,
        right_opened_on=newcomer.right_opened_on,
        referent_id=None,
        structure_id=None,
        facts={},
        seq=0,
        head="",
        version=0,
        birth_date=person["birth_date"],
        ft_number=person["ft_number"],
        details=person["details"] or {},
        household_size=household["size"] if household else 1,
        children=household["children"] if household else 0,
        isolated=bool(household and household["isolated"]),
        rsa_increased=bool(household and household["rsa_increased"]),
    )
