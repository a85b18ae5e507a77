"""Finds persons by what an import knows of them, and changes what it changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select, update

from server.store.person_words import change_words
from server.store.tables import case_file, household, person
from server.store.work import Work


@dataclass(frozen=True)
class Known:
    """A person that is already there, with their open or last case."""

    person_id: str
    case_id: str | None
    household_id: str | None
    nir_index: str | None
    person: Mapping[str, Any]
    household: Mapping[str, Any]


def known_people(
    work: Work, departement: str, nir_indexes: Collection[str], internal_ids: Collection[str], caf_keys: Collection[tuple[str, str]]
) -> list[Known]:
    """Everybody of the département that one of these keys names: one statement."""
    keys: list[Any] = []
    if nir_indexes:
        keys.append(person.c.nir_index.in_(sorted(nir_indexes)))
    if internal_ids:
        keys.append(person.c.internal_id.in_(sorted(internal_ids)))
    if caf_keys:
        keys.append(person.c.caf_number.in_(sorted({number for number, _ in caf_keys})))
    if not keys:
        return []
    named = [column.label(f"{table.name}__{column.name}") for table in (person, household) for column in table.c]
    statement = (
        select(*named, case_file.c.id.label("case_id"))
        .select_from(person)
        .outerjoin(household, household.c.id == person.c.household_id)
        .outerjoin(case_file, case_file.c.person_id == person.c.id)
        .where(person.c.departement == departement, or_(*keys))
        .order_by(case_file.c.opened_at.desc())
    )
    found: dict[str, Known] = {}
    for row in work.rows(statement):
        told = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for the row as a mapping
        known = Known(
            told["person__id"],
            told["case_id"],
            told["household__id"],
            told["person__nir_index"],
            {column.name: told[f"person__{column.name}"] for column in person.c},
            {column.name: told[f"household__{column.name}"] for column in household.c},
        )
        found.setdefault(known.person_id, known)
    return list(found.values())


def change_person(work: Work, known: Known, changes: Mapping[str, Any], home: Mapping[str, Any]) -> bool:
    """Writes the changed columns of a person and of their household; False when somebody changed the person meanwhile."""
    same = and_(person.c.id == known.person_id, person.c.version == known.person["version"])
    if work.changed(update(person).where(same).values(version=person.c.version + 1, **changes)) != 1:
        return False
    if "search_name" in changes:
        change_words(work, known.person["departement"], known.person_id, changes["search_name"])
    if home and known.household_id:
        work.execute(update(household).where(household.c.id == known.household_id).values(**home))
    return True
