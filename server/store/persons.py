"""Persons: whom a letter is for, and who is already known."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from server.store.tables import case_file, person
from server.store.work import Work

_PERSON_OF_CASE = select(person).join(case_file, case_file.c.person_id == person.c.id).where(case_file.c.id == bindparam("case_id"))


def addressee(work: Work, case_id: str) -> dict[str, Any]:
    """What a letter may read of the person, as `personne`: civilite, prenom, nom, adresse (lines), matricule; empty when erased."""
    row = work.one(_PERSON_OF_CASE, {"case_id": case_id})
    if row is None or row.erased_at is not None:
        return {}
    address = row.address or {}
    lines = [*address.get("lines", []), " ".join(str(part) for part in (address.get("postcode"), address.get("town")) if part)]
    return {
        "civilite": {"M": "Monsieur", "MME": "Madame"}.get((row.civility or "").upper().rstrip("."), row.civility or "Madame, Monsieur"),
        "prenom": row.first_names,
        "nom": row.last_name,
        "adresse": [line for line in lines if line],
        "matricule": row.caf_number,
    }
