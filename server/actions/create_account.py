"""Creates an account: who it is, what they do, where."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.actions.sign_in import hash_password
from server.kernel.actor import ROLES, Actor
from server.kernel.errors import BadInput
from server.kernel.facts import ACCOUNT_CREATED, Fact
from server.kernel.ids import new_id
from server.store.accounts import account_of_login, add_account
from server.store.history import Entry, append_to_register
from server.store.places import unknown_territories
from server.store.work import unit_of_work, until_settled

GROUPS_OF_ROLE = {
    "agent": ("orientation", "gestion"),
    "referent": ("referent",),
    "responsable": ("territoire",),
    "secretariat_ep": ("ep_secretariat",),
    "membre_ep": ("ep_membre",),
    "decideur": ("decision",),
}
EVERYWHERE = {"auditeur", "administrateur", "proprietaire"}


@dataclass(frozen=True)
class NewAccount:
    """An account that was just created; its password is shown once and kept nowhere."""

    id: str
    login: str
    name: str
    password: str


def create_account(
    jalon: Jalon,
    actor: Actor,
    login: str,
    name: str,
    roles: Collection[str],
    now: datetime,
    *,
    password: str = "",
    groups: Collection[str] | None = None,
    territories: Collection[str] = (),
    structure: str = "",
    everywhere: bool = False,
) -> NewAccount:
    """A new account in the actor's département, with a random password unless one is given (12 characters at least).

    `groups`: those of the roles unless given. Raises Forbidden, BadInput.
    """
    password = password or secrets.token_urlsafe(12)
    if actor.user_id:
        require(actor, Permission.ACCOUNTS_MANAGE)
    login = login.strip().casefold()
    if not login or not name.strip():
        raise BadInput("Un compte a un identifiant et un nom.")
    if not roles or (unknown := sorted(set(roles) - set(ROLES))):
        raise BadInput("Un compte a au moins un rôle." if not roles else f"Rôle inconnu : {', '.join(unknown)}.")
    row = {
        "id": new_id(),
        "login": login,
        "name": name.strip(),
        "departement": actor.departement,
        "roles": sorted(roles),
        "password_hash": hash_password(password, jalon.settings.password_memory),
        "everywhere": everywhere or bool(EVERYWHERE & set(roles)),
        "structure_id": structure or None,
        "active": True,
        "created_at": now,
    }
    given = set(groups) if groups is not None else {group for role in roles for group in GROUPS_OF_ROLE.get(role, ())}
    until_settled(lambda: _keep(jalon, actor, row, given, set(territories), now))
    return NewAccount(str(row["id"]), login, name.strip(), password)


def _keep(jalon: Jalon, actor: Actor, row: dict[str, object], groups: set[str], territories: set[str], now: datetime) -> None:
    with unit_of_work(jalon.database) as work:
        if missing := unknown_territories(work, actor.departement, territories):
            raise BadInput(f"Territoire inconnu : {', '.join(missing)}.")
        if account_of_login(work, str(row["login"])):
            raise BadInput(f"L'identifiant « {row['login']} » est déjà pris. Choisissez-en un autre.")
        add_account(work, row, sorted(groups), sorted(territories))
        body = {"user": row["id"], "roles": row["roles"], "groups": sorted(groups), "territories": sorted(territories)}
        append_to_register(work, "registre:comptes", [Entry(Fact(ACCOUNT_CREATED, now, body=body))], actor)
