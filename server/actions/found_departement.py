"""Writes a département and its territories from the files of processes/departements."""

from __future__ import annotations

from datetime import datetime

from server.access.jalon import Jalon
from server.catalog import effective_parameters, read_territories
from server.kernel.actor import Actor
from server.store.places import keep_departement
from server.store.work import unit_of_work


def found_departement(jalon: Jalon, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Writes the actor's département; the ids of its territories ("13-I"). What is already there is renamed. Raises ModelError when a file cannot be read."""
    root = jalon.settings.root / "processes" / "departements"
    code = actor.departement
    values = effective_parameters(root, code, "", now.date()).values
    named = values.get("departement") or {}
    places = read_territories(root, code)
    rows = [{"id": f"{code}-{place}", "code": place, "name": told.name} for place, told in places.items()]
    with unit_of_work(jalon.database) as work:
        keep_departement(work, code, str(named.get("nom", code)), rows)
    return tuple(row["id"] for row in rows)
