"""Who else could do a task: for « Confier à… »."""

from __future__ import annotations

from server.access.jalon import Jalon
from server.access.seeing import WORKERS
from server.kernel.actor import Actor
from server.queries.inbox import InboxRow
from server.store.sql import exists, or_, select
from server.store.tables import membership, user_account, user_group
from server.store.work import reading


def colleagues_of_task(jalon: Jalon, actor: Actor, task: InboxRow) -> tuple[tuple[str, str], ...]:
    """(id, name) of the active people of the task's group and territory, the actor aside; empty for who may not assign."""
    if not actor.has("responsable"):
        return ()
    in_group = exists().where(user_group.c.user_id == user_account.c.id, user_group.c.group_name == task.group)
    in_place = exists().where(membership.c.user_id == user_account.c.id, membership.c.territory_id == task.territory_id)
    statement = (
        select(user_account.c.id, user_account.c.name, user_account.c.roles)
        .where(user_account.c.departement == actor.departement, user_account.c.active, in_group, user_account.c.id != actor.user_id)
        .where(or_(user_account.c.everywhere, in_place))
        .order_by(user_account.c.name)
        .limit(300)
    )
    with reading(jalon.database) as work:
        return tuple((row.id, row.name) for row in work.rows(statement) if set(row.roles) & set(WORKERS))
