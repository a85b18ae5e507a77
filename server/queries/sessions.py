"""EP sessions: the list, the waiting cases, one session with its agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.access.jalon import Jalon
from server.access.seeing import covers
from server.kernel.actor import Actor
from server.kernel.errors import NotFound
from server.store.sql import case, func, or_, select
from server.store.tables import case_file, ep_passage, ep_session, person, task, territory
from server.store.work import Work, reading

STATUS_WORDS = {"planned": "Prévue", "open": "En cours", "closed": "Tenue"}
PASSAGE_WORDS = {"waiting": "En attente", "listed": "Inscrit", "advised": "Avis rendu", "postponed": "Reporté", "withdrawn": "Retiré"}


@dataclass(frozen=True)
class SessionRow:
    """A session in the list."""

    id: str
    body: str
    held_on: date
    territory_name: str
    status_words: str
    cases: int
    advised: int
    instance_id: str | None


@dataclass(frozen=True)
class SessionList:
    """The sessions of the actor's territories and the cases that wait, per territory."""

    sessions: tuple[SessionRow, ...]
    waiting: tuple[tuple[str, int], ...]
    waiting_total: int


@dataclass(frozen=True)
class Passage:
    """A case on an agenda."""

    id: str
    case_id: str
    case_number: str
    person_name: str
    proposal: str
    asked_at: datetime
    opinion: str
    status_words: str


@dataclass(frozen=True)
class SessionTask:
    """An open task of the session's own process."""

    task_id: str
    name: str
    holder_name: str


@dataclass(frozen=True)
class SessionPage:
    """One session whole."""

    session: SessionRow
    passages: tuple[Passage, ...]
    tasks: tuple[SessionTask, ...]


def _mine(actor: Actor, column: Any) -> Any:
    return or_(column.is_(None), column.in_(sorted(actor.territories))) if not actor.everywhere else column.is_not(None) | column.is_(None)


def session_list(jalon: Jalon, actor: Actor, now: datetime) -> SessionList:  # noqa: ARG001 - every query takes the time
    """The last 100 sessions and the waiting cases."""
    waits = (
        select(territory.c.name, func.count().label("number"))
        .join(territory, territory.c.id == ep_passage.c.territory_id)
        .where(ep_passage.c.status == "waiting", ep_passage.c.session_id.is_(None), territory.c.departement == actor.departement)
        .where(_mine(actor, ep_passage.c.territory_id))
        .group_by(territory.c.name, territory.c.rank)
        .order_by(territory.c.rank)
    )
    with reading(jalon.database) as work:
        sessions = tuple(_row(row) for row in work.rows(_sessions(actor).order_by(ep_session.c.held_on.desc(), ep_session.c.id).limit(100)))
        waiting = tuple((row.name, row.number) for row in work.rows(waits))
    return SessionList(sessions, waiting, sum(count for _, count in waiting))


def _sessions(actor: Actor) -> Any:
    cases = func.count(ep_passage.c.id)
    advised = func.coalesce(func.sum(case((ep_passage.c.status == "advised", 1), else_=0)), 0)
    return (
        select(ep_session, territory.c.name.label("territory_name"), cases.label("cases"), advised.label("advised"))
        .outerjoin(territory, territory.c.id == ep_session.c.territory_id)
        .outerjoin(ep_passage, ep_passage.c.session_id == ep_session.c.id)
        .where(ep_session.c.departement == actor.departement)
        .where(_mine(actor, ep_session.c.territory_id))
        .group_by(ep_session.c.id, territory.c.name)  # the rest follows from its key; PostgreSQL cannot group by JSON
    )


def _row(row: Any) -> SessionRow:
    words = STATUS_WORDS.get(row.status, row.status)
    return SessionRow(
        row.id, row.body, row.held_on, row.territory_name or "Département", words, int(row.cases), int(row.advised), row.instance_id
    )


def session_page(jalon: Jalon, actor: Actor, session_id: str, now: datetime) -> SessionPage:  # noqa: ARG001 - every query takes the time
    """One session with its agenda. Raises NotFound, also when it is of another territory."""
    with reading(jalon.database) as work:
        found = work.one(select(ep_session.c.departement, ep_session.c.territory_id).where(ep_session.c.id == session_id))
        if found is None or not covers(actor, found.departement, found.territory_id):
            raise NotFound("Cette séance n'existe pas, ou ne vous est pas ouverte.")
        row = work.rows(_sessions(actor).where(ep_session.c.id == session_id))[0]
        return SessionPage(_row(row), _passages(work, session_id), _tasks(work, row.instance_id))


def _passages(work: Work, session_id: str) -> tuple[Passage, ...]:
    statement = (
        select(ep_passage, case_file.c.number, person.c.last_name, person.c.first_names)
        .join(case_file, case_file.c.id == ep_passage.c.case_id)
        .join(person, person.c.id == case_file.c.person_id)
        .where(ep_passage.c.session_id == session_id)
        .order_by(ep_passage.c.asked_at, ep_passage.c.id)
    )
    return tuple(
        Passage(
            id=row.id,
            case_id=row.case_id,
            case_number=row.number,
            person_name=f"{row.last_name} {row.first_names}",
            proposal=_proposal(row.subject or {}),
            asked_at=row.asked_at,
            opinion=row.opinion or "",
            status_words=PASSAGE_WORDS.get(row.status, row.status),
        )
        for row in work.rows(statement)
    )


def _proposal(subject: Any) -> str:
    rank = f", rang {subject['rang']}" if subject.get("rang") else ""
    return f"{str(subject.get('proposition') or 'Avis demandé').capitalize()}{rank}"


def _tasks(work: Work, instance_id: str | None) -> tuple[SessionTask, ...]:
    if not instance_id:
        return ()
    rows = work.rows(select(task.c.id, task.c.name, task.c.holder_name).where(task.c.instance_id == instance_id, task.c.status == "open"))
    return tuple(SessionTask(row.id, row.name, row.holder_name or "") for row in rows)


def waiting_cases(jalon: Jalon, actor: Actor, now: datetime) -> dict[str, int]:  # noqa: ARG001 - every query takes the time
    """How many cases wait for a session, by territory id."""
    statement = (
        select(ep_passage.c.territory_id, func.count().label("number"))
        .join(case_file, case_file.c.id == ep_passage.c.case_id)
        .where(ep_passage.c.status == "waiting", ep_passage.c.session_id.is_(None), case_file.c.departement == actor.departement)
        .group_by(ep_passage.c.territory_id)
    )
    with reading(jalon.database) as work:
        return {row.territory_id: row.number for row in work.rows(statement)}
