"""Makes what tests need, with named traits: a département, its agents, cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from server.access.jalon import Jalon
from server.access.library import Library
from server.actions.create_account import EVERYWHERE, GROUPS_OF_ROLE
from server.actions.open_case import Opened, open_case
from server.actions.publish_from_folders import publish_packages
from server.actions.sign_in import hash_password
from server.catalog.package import Package
from server.kernel.actor import Actor, machine
from server.kernel.clock import MovableClock
from server.kernel.ids import new_id
from server.settings import Settings
from server.store.accounts import add_account, find_actor
from server.store.database import Database
from server.store.places import keep_departement
from server.store.sql import select
from server.store.tables import user_account
from server.store.work import reading, unit_of_work

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
PASSWORD = "un mot de passe d'essai"
_HASH = hash_password(PASSWORD)  # once: argon2 is slow on purpose
PARAMETERS = Path(__file__).parent / "departements"
_numbers = count(1)


@dataclass
class World:
    """The product on one database, in département 13 with two territories, and the time, which tests move."""

    jalon: Jalon
    now: datetime = NOON
    _actors: dict[tuple[Any, ...], Actor] = field(default_factory=dict)

    def later(self, **by: float) -> datetime:
        """Moves the time forward (timedelta's words)."""
        self.now += timedelta(**by)
        return self.now

    def publish(self, *packages: Package) -> None:
        """Publishes packages, each as a new version."""
        publish_packages(self.jalon, machine("13", "ligne_de_commande"), {p.slug: p for p in packages}, self.now)

    def actor(
        self, *roles: str, territories: tuple[str, ...] = ("13-I",), name: str = "", structure: str = "", departement: str = "13"
    ) -> Actor:
        """An actor of these roles, with their usual groups; the account is made once per name."""
        key = (roles, territories, name, structure, departement)
        if key not in self._actors:
            number = next(_numbers)
            row = {
                "id": new_id(),
                "login": f"compte{number}",
                "name": name or f"{roles[0].capitalize()} {number}",
                "departement": departement,
            }
            row |= {"roles": list(roles), "password_hash": _HASH, "structure_id": structure or None, "active": True, "created_at": self.now}
            row |= {"everywhere": bool(EVERYWHERE & set(roles))}
            user_id = row["id"]
            groups = {group for role in roles for group in GROUPS_OF_ROLE.get(role, ())}
            with unit_of_work(self.jalon.database) as work:
                add_account(work, row, sorted(groups), list(territories))
            with reading(self.jalon.database) as work:
                found = find_actor(work, user_id)
            assert found is not None
            self._actors[key] = found
        return self._actors[key]

    def login_of(self, actor: Actor) -> str:
        """The login of an account that this world made."""
        with reading(self.jalon.database) as work:
            return str(work.value(select(user_account.c.login).where(user_account.c.id == actor.user_id)))

    def agent(self, name: str = "", territories: tuple[str, ...] = ("13-I",)) -> Actor:
        return self.actor("agent", name=name, territories=territories)

    def referent(self, name: str = "") -> Actor:
        return self.actor("referent", name=name)

    def responsable(self) -> Actor:
        return self.actor("responsable")

    def case(self, process: str = "", territory: str = "13-I", variables: dict[str, Any] | None = None, **person: Any) -> Opened:
        """An open case of somebody, with `process` started."""
        number = next(_numbers)
        names = {"last_name": f"Dupont{number}", "first_names": "Léa", "birth_date": date(1990, 5, 17)}
        return open_case(
            self.jalon,
            machine("13", "import"),
            names | person,
            {"size": 3, "children": 2},
            territory,
            self.now.date(),
            self.now,
            process=process,
            variables=variables,
        )


def world_on(database: Database, url: str, folder: Path) -> World:
    """The product on an opened database, with départements 13 (territories I and II) and 94 (T1)."""
    settings = Settings(
        database_url=url, secret="un secret de test, long de plus de trente-deux caractères", instance=folder, demonstration=True
    )
    jalon = Jalon(settings, database, MovableClock(NOON), Library(database, PARAMETERS))
    with unit_of_work(database) as work:
        keep_departement(work, "13", "Bouches-du-Rhône", [{"id": f"13-{c}", "code": c, "name": f"Pôle {c}"} for c in ("I", "II")])
        keep_departement(work, "94", "Val-de-Marne", [{"id": "94-T1", "code": "T1", "name": "Territoire 1"}])
    return World(jalon)


__all__ = ["GROUPS_OF_ROLE", "NOON", "PASSWORD", "World", "world_on"]
