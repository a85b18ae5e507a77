"""Closes an account, or opens it again; closing ends its sessions at once."""

from __future__ import annotations

from datetime import datetime

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.kernel.actor import Actor
from server.kernel.errors import NotFound, Refused
from server.kernel.facts import ACCOUNT_CHANGED, Fact
from server.store.history import Entry, append_to_register
from server.store.sql import delete, func, select, update
from server.store.tables import login_session, task, user_account
from server.store.work import Work, unit_of_work, until_settled


def close_account(jalon: Jalon, actor: Actor, user_id: str, now: datetime) -> None:
    """Closes an account of the actor's département. Raises Forbidden, NotFound, Refused when it still holds tasks or is the actor's own."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    if user_id == actor.user_id:
        raise Refused("Vous ne pouvez pas fermer votre propre compte. Demandez-le à un autre administrateur.", "compte-propre")
    until_settled(lambda: _close(jalon, actor, user_id, now))


def _close(jalon: Jalon, actor: Actor, user_id: str, now: datetime) -> None:
    with unit_of_work(jalon.database) as work:
        held = int(work.value(select(func.count()).select_from(task).where(task.c.holder_id == user_id, task.c.status == "open")) or 0)
        if held:
            words = "1 tâche" if held == 1 else f"{held} tâches"
            raise Refused(f"Ce compte tient encore {words}. Confiez-les à un collègue, puis fermez le compte.", "compte-occupe")
        _set(work, actor, user_id, now, active=False)
        work.execute(delete(login_session).where(login_session.c.user_id == user_id))


def open_account(jalon: Jalon, actor: Actor, user_id: str, now: datetime) -> None:
    """Opens a closed account again. Raises Forbidden, NotFound."""
    require(actor, Permission.ACCOUNTS_MANAGE)

    def again() -> None:
        with unit_of_work(jalon.database) as work:
            _set(work, actor, user_id, now, active=True)

    until_settled(again)


def _set(work: Work, actor: Actor, user_id: str, now: datetime, *, active: bool) -> None:
    mine = (user_account.c.id == user_id) & (user_account.c.departement == actor.departement)
    if work.changed(update(user_account).where(mine).values(active=active)) != 1:
        raise NotFound("Ce compte n'existe pas, ou ne vous est pas ouvert.")
    append_to_register(work, "registre:comptes", [Entry(Fact(ACCOUNT_CHANGED, now, body={"user": user_id, "active": active}))], actor)
