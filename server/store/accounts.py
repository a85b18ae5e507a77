"""Accounts and sign-ins: who a token belongs to in one statement, and how often somebody has just tried."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from server.kernel.actor import Actor
from server.store.tables import login_attempt, login_session, membership, user_account, user_group
from server.store.work import Work

_APART = "\x1f"  # between the names that one statement brings back together


@dataclass(frozen=True)
class Account:
    """An account as sign-in reads it."""

    actor: Actor
    password_hash: str
    active: bool


@dataclass(frozen=True)
class OpenSession:
    """An open session and its owner."""

    id: str
    actor: Actor
    seen_at: datetime
    ends_at: datetime


def _owner(*more: Any) -> Select[Any]:
    groups = (
        select(func.aggregate_strings(user_group.c.group_name, _APART)).where(user_group.c.user_id == user_account.c.id).scalar_subquery()
    )
    places = (
        select(func.aggregate_strings(membership.c.territory_id, _APART)).where(membership.c.user_id == user_account.c.id).scalar_subquery()
    )
    return select(user_account, groups.label("groups"), places.label("places"), *more)


def _actor(row: Any, session_id: str = "", channel: str = "ecran") -> Actor:
    return Actor(
        user_id=row.id,
        name=row.name,
        departement=row.departement,
        roles=frozenset(row.roles),
        groups=frozenset(row.groups.split(_APART) if row.groups else ()),
        territories=frozenset(row.places.split(_APART) if row.places else ()),
        everywhere=row.everywhere,
        structure=row.structure_id or "",
        session_id=session_id,
        channel=channel,
    )


_SESSION = (  # built once: every request sends it
    _owner(login_session.c.id.label("session_id"), login_session.c.seen_at, login_session.c.ends_at)
    .select_from(login_session.join(user_account, user_account.c.id == login_session.c.user_id))
    .where(login_session.c.id == bindparam("session"), login_session.c.ends_at > bindparam("now"), user_account.c.active)
)


def account_of_login(work: Work, login: str) -> Account | None:
    """The account of this login (any case), or None."""
    row = work.one(_owner().where(user_account.c.login == login.strip().casefold()))
    return Account(_actor(row), row.password_hash, row.active) if row else None


def find_actor(work: Work, user_id: str) -> Actor | None:
    """The active user of this id as an actor, or None."""
    row = work.one(_owner().where(user_account.c.id == user_id, user_account.c.active))
    return _actor(row) if row else None


def session_of(work: Work, session_id: str, now: datetime, channel: str = "ecran") -> OpenSession | None:
    """The session that is still open, with its active owner, in one statement."""
    row = work.one(_SESSION, {"session": session_id, "now": now})
    return OpenSession(row.session_id, _actor(row, row.session_id, channel), row.seen_at, row.ends_at) if row else None


def open_session(work: Work, session_id: str, user_id: str, now: datetime, ends_at: datetime) -> None:
    """Keeps a new session."""
    work.execute(insert(login_session).values(id=session_id, user_id=user_id, created_at=now, seen_at=now, ends_at=ends_at))


def touch_session(work: Work, session_id: str, now: datetime) -> None:
    """Notes that the session was used."""
    work.execute(update(login_session).where(login_session.c.id == session_id).values(seen_at=now))


def close_sessions(work: Work, *, session_id: str = "", user_id: str = "") -> int:
    """Closes one session, or all of a user's."""
    condition = login_session.c.id == session_id if session_id else login_session.c.user_id == user_id
    return work.changed(delete(login_session).where(condition))


def failures(work: Work, login: str, address: str, since: datetime) -> tuple[int, int, datetime | None]:
    """Failed sign-ins since then: for this login, from this address, and the oldest of them."""
    of_login = func.count().filter(login_attempt.c.login == login)
    of_address = func.count().filter(login_attempt.c.address == address)
    row = work.one(
        select(
            of_login.label("login"),
            of_address.label("address"),
            func.min(login_attempt.c.at, type_=login_attempt.c.at.type).label("oldest"),
        ).where(login_attempt.c.at > since, (login_attempt.c.login == login) | (login_attempt.c.address == address))
    )
    return (row.login, row.address, row.oldest) if row else (0, 0, None)


def note_failure(work: Work, attempt_id: str, login: str, address: str, now: datetime) -> None:
    """Keeps a failed sign-in."""
    work.execute(insert(login_attempt).values(id=attempt_id, login=login[:120], address=address[:60], at=now))


def forget_failures(work: Work, login: str, before: datetime) -> None:
    """Drops the failures of a login that has just succeeded, and those too old to count."""
    work.execute(delete(login_attempt).where((login_attempt.c.login == login) | (login_attempt.c.at < before)))


def add_account(work: Work, row: dict[str, Any], groups: Sequence[str], territories: Sequence[str]) -> None:
    """Keeps a new account with its groups and territories."""
    work.insert(user_account, [row])
    if groups:
        work.insert(user_group, [{"user_id": row["id"], "group_name": name} for name in sorted(set(groups))])
    if territories:
        work.insert(membership, [{"user_id": row["id"], "territory_id": name} for name in sorted(set(territories))])


def find_names(work: Work, ids: Collection[str]) -> dict[str, str]:
    """The names of the active users among these ids."""
    rows = work.rows(select(user_account.c.id, user_account.c.name).where(user_account.c.id.in_(sorted(ids)), user_account.c.active))
    return {row.id: row.name for row in rows}


def sweep_sign_ins(work: Work, now: datetime) -> int:
    """Drops the sessions that are over and the failures of more than a day; how many rows went."""
    over = work.changed(delete(login_session).where(login_session.c.ends_at < now))
    return over + work.changed(delete(login_attempt).where(login_attempt.c.at < now - timedelta(days=1)))
