"""Départements, territories and structures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from server.store.tables import departement, structure, territory
from server.store.work import Work


def unknown_territories(work: Work, code: str, ids: Collection[str]) -> list[str]:
    """Those of `ids` that are no territory of the département."""
    if not ids:
        return []
    rows = work.rows(select(territory.c.id).where(territory.c.departement == code, territory.c.id.in_(sorted(ids))))
    return sorted(set(ids) - {row.id for row in rows})


def keep_departement(work: Work, code: str, name: str, territories: Sequence[Mapping[str, Any]]) -> None:
    """Writes a département and its territories (`id`, `code`, `name`), in their order; what is already there is renamed."""
    work.upsert(departement, [{"code": code, "name": name}], key=("code",), update=("name",))
    rows = [{"id": t["id"], "departement": code, "code": t["code"], "name": t["name"], "rank": rank} for rank, t in enumerate(territories)]
    if rows:
        work.upsert(territory, rows, key=("id",), update=("name", "rank"))


def keep_structure(work: Work, row: Mapping[str, Any]) -> None:
    """Writes a structure (all columns of the table given)."""
    work.upsert(structure, [dict(row)], key=("id",), update=("name", "kind", "territory_id", "capacity"))


def structure_exists(work: Work, structure_id: str) -> bool:
    """True when there is a structure of this id."""
    return work.value(select(structure.c.id).where(structure.c.id == structure_id)) is not None


def places_of(work: Work, code: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The name of a département ("" when there is none) and (id, name) of its territories, in their order."""
    name = work.value(select(departement.c.name).where(departement.c.code == code)) or ""
    rows = work.rows(select(territory.c.id, territory.c.name).where(territory.c.departement == code).order_by(territory.c.rank))
    return str(name), tuple((row.id, row.name) for row in rows)
