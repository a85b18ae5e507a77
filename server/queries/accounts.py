"""The accounts of a département, for its administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.store.sql import select
from server.store.tables import membership, territory, user_account, user_group
from server.store.work import reading


@dataclass(frozen=True)
class Account:
    """One account; never its password."""

    id: str
    login: str
    name: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    territory_names: tuple[str, ...]
    everywhere: bool
    active: bool


def account_list(jalon: Jalon, actor: Actor, now: datetime) -> tuple[Account, ...]:  # noqa: ARG001 - every query takes the time
    """All accounts of the actor's département, by name: three statements."""
    mine = user_account.c.departement == actor.departement
    with reading(jalon.database) as work:
        rows = work.rows(select(user_account).where(mine).order_by(user_account.c.name))
        groups = work.rows(
            select(user_group.c.user_id, user_group.c.group_name).join(user_account, user_account.c.id == user_group.c.user_id).where(mine)
        )
        places = work.rows(
            select(membership.c.user_id, territory.c.name)
            .join(territory, territory.c.id == membership.c.territory_id)
            .where(territory.c.departement == actor.departement)
            .order_by(territory.c.rank)
        )
    return tuple(
        Account(
            id=row.id,
            login=row.login,
            name=row.name,
            roles=tuple(row.roles),
            groups=tuple(sorted(g.group_name for g in groups if g.user_id == row.id)),
            territory_names=tuple(p.name for p in places if p.user_id == row.id),
            everywhere=row.everywhere,
            active=row.active,
        )
        for row in rows
    )
