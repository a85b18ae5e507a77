"""Cases: the list with its filters, and one line of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.errors import BadInput
from server.queries.figures import terms_of
from server.queries.places import territories
from server.queries.searching import found_cases
from server.queries.wording import plain_words, process_titles
from server.store.milestones import CONDITIONS, month_of
from server.store.sql import func, select
from server.store.tables import case_file, person, user_account
from server.store.work import reading


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases keeps; empty texts keep all. `milestone` is a name of store.milestones, `month` a "2026-11"."""

    search: str = ""
    territory: str = ""
    stage: str = ""
    milestone: str = ""
    month: str = ""


@dataclass(frozen=True)
class CaseRow:
    """A case in a list."""

    id: str
    number: str
    person_name: str
    territory_id: str
    territory_name: str
    status: str
    stage: str
    stage_title: str
    right_opened_on: date
    oriented_on: date | None
    first_meeting_on: date | None
    contract_signed_on: date | None
    referent_name: str


@dataclass(frozen=True)
class CasePage:
    """A page of the list; `next_cursor` is empty on the last one."""

    rows: tuple[CaseRow, ...]
    total: int
    next_cursor: str


def _select_cases() -> Any:
    return (
        select(case_file, person.c.last_name, person.c.first_names, user_account.c.name.label("referent_name"))
        .join(person, person.c.id == case_file.c.person_id)
        .outerjoin(user_account, user_account.c.id == case_file.c.referent_id)
    )


def _row(jalon: Jalon, row: Any, titles: Mapping[str, str]) -> CaseRow:
    places = dict(territories(jalon, row.departement))
    return CaseRow(
        id=row.id,
        number=row.number,
        person_name=f"{row.last_name} {row.first_names}",
        territory_id=row.territory_id,
        territory_name=places.get(row.territory_id, row.territory_id),
        status=row.status,
        stage=row.stage,
        stage_title=titles.get(row.stage, plain_words(row.stage)),
        right_opened_on=row.right_opened_on,
        oriented_on=row.oriented_on,
        first_meeting_on=row.first_meeting_on,
        contract_signed_on=row.contract_signed_on,
        referent_name=row.referent_name or "",
    )


def _visible(actor: Actor, statement: Any) -> Any:
    statement = statement.where(case_file.c.departement == actor.departement)
    if not actor.everywhere:
        statement = statement.where(case_file.c.territory_id.in_(sorted(actor.territories)))
    return statement.where(case_file.c.structure_id == actor.structure) if actor.structure else statement


def _filtered(jalon: Jalon, actor: Actor, statement: Any, chosen: CaseFilter, now: datetime) -> Any:
    statement = _visible(actor, statement)
    if chosen.search:
        statement = statement.where(case_file.c.id.in_(found_cases(actor.departement, chosen.search)))
    if chosen.territory:
        statement = statement.where(case_file.c.territory_id == chosen.territory)
    if chosen.stage:
        statement = statement.where(case_file.c.stage == chosen.stage)
    if chosen.milestone:
        statement = statement.where(CONDITIONS[chosen.milestone](terms_of(jalon, actor.departement, now)))
    return statement.where(month_of(case_file.c.right_opened_on) == chosen.month) if chosen.month else statement


def case_list(jalon: Jalon, actor: Actor, chosen: CaseFilter, after: str = "", size: int = 25, *, now: datetime) -> CasePage:
    """A page of the actor's cases, right opened most recently first; `after` is the cursor of the page before."""
    statement = _filtered(jalon, actor, _select_cases(), chosen, now)
    counting = select(func.count()).select_from(case_file.join(person, person.c.id == case_file.c.person_id))
    counting = _filtered(jalon, actor, counting, chosen, now)
    if after:
        day, case_id = _cursor(after)
        earlier = case_file.c.right_opened_on < day
        statement = statement.where(earlier | ((case_file.c.right_opened_on == day) & (case_file.c.id > case_id)))
    with reading(jalon.database) as work:
        total = int(work.value(counting))
        rows = work.rows(statement.order_by(case_file.c.right_opened_on.desc(), case_file.c.id).limit(size + 1))
    shown = rows[:size]
    cursor = f"{shown[-1].right_opened_on.isoformat()}~{shown[-1].id}" if len(rows) > size else ""
    titles = process_titles(jalon, actor.departement)
    return CasePage(tuple(_row(jalon, row, titles) for row in shown), total, cursor)


def _cursor(text: str) -> tuple[date, str]:
    day, _, case_id = text.partition("~")
    try:
        return date.fromisoformat(day), case_id
    except ValueError:
        raise BadInput("Cette page de la liste n'existe plus. Revenez à la première page.") from None


def case_row(jalon: Jalon, actor: Actor, case_id: str, now: datetime) -> CaseRow:  # noqa: ARG001 - every query takes the time
    """One case as lists show it. Raises NotFound."""
    with reading(jalon.database) as work:
        case_to_read(work, actor, case_id)
        row = work.rows(_select_cases().where(case_file.c.id == case_id))[0]
    return _row(jalon, row, process_titles(jalon, actor.departement))
