"""What expressions may read of a case, as `dossier`: no name, no number of a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from server.kernel.values import Value, from_plain
from server.store.rows import Case


def projection(case: Case, facts: Mapping[str, Any], today: date) -> dict[str, Value]:
    """The `dossier` of FEEL on this day; `facts` are those recorded by the job type `fait`, in plain JSON, as they stand now."""
    details = case.details
    return {
        "id": case.id,
        "numero": case.number,
        "departement": case.departement,
        "territoire": case.territory_id,
        "ouverture": case.right_opened_on,
        "naissance": case.birth_date,
        "age": _age(case.birth_date, today),
        "foyer": Decimal(case.household_size),
        "enfants": Decimal(case.children),
        "isole": case.isolated,
        "rsa_majore": case.rsa_increased,
        "inscrit_ft": bool(details.get("inscrit_ft", bool(case.ft_number))),
        "rqth": bool(details.get("rqth", False)),
        "soumis": bool(details.get("soumis", True)),
        "referent": case.referent_id,
        "structure": case.structure_id,
        "faits": from_plain(dict(facts)),
    }


def _age(born: date | None, today: date) -> Decimal | None:
    """Full years on this day; somebody born on 29 February is a year older on 1 March of a common year."""
    if born is None:
        return None
    return Decimal(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
