"""The inbox: lists of tasks, nearest deadline first, with exact counts, filters and keyset paging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.access.jalon import Jalon
from server.access.scopes import tasks_of_groups
from server.kernel.actor import Actor
from server.queries.paging import cursor, keys_of, moment
from server.queries.searching import matches
from server.store.sql import ColumnElement, Select, and_, func, or_, select, tuple_
from server.store.tables import case_file, instance, package_version, person, task, territory
from server.store.work import Work, reading


@dataclass(frozen=True)
class InboxFilter:
    """What a list shows. `tab`: moi, prendre, attente or termines; empty texts do not filter; `element` is "process/element"."""

    tab: str = "moi"
    territory: str = ""
    group: str = ""
    element: str = ""
    late: bool = False
    search: str = ""
    holder: str = ""


@dataclass(frozen=True)
class InboxRow:
    """A task as lists show it."""

    task_id: str
    name: str
    element: str
    form: str
    process: str
    process_title: str
    group: str
    status: str
    instance_id: str
    case_id: str | None
    case_number: str | None
    person_name: str | None
    territory_id: str | None
    territory_name: str | None
    priority: int
    due_at: datetime | None
    limit_at: datetime | None
    due_why: Mapping[str, Any] | None
    limit_why: Mapping[str, Any] | None
    ready_at: datetime
    holder_id: str | None
    holder_name: str | None
    held_at: datetime | None
    done_at: datetime | None
    done_by_name: str | None
    version: int


@dataclass(frozen=True)
class InboxPage:
    """One page; `counts` per tab are exact and without filters, `total` is the exact count of the filtered list; `late` and `today` count the actor's own tasks."""

    rows: tuple[InboxRow, ...]
    total: int
    counts: Mapping[str, int]
    late: int
    today: int
    next_cursor: str
    previous: bool


@dataclass(frozen=True)
class InboxChoices:
    """What the filters propose."""

    territories: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    elements: tuple[tuple[str, str], ...]


_COLUMNS = (
    task,
    package_version.c.title.label("process_title"),
    case_file.c.number.label("case_number"),
    person.c.last_name,
    person.c.first_names,
    territory.c.name.label("territory_name"),
)


def task_rows(condition: ColumnElement[bool]) -> Select[Any]:
    """The select behind every list of tasks."""
    source = (
        task.join(instance, instance.c.id == task.c.instance_id)
        .join(package_version, package_version.c.id == instance.c.package_id)
        .outerjoin(case_file, case_file.c.id == task.c.case_id)
        .outerjoin(person, person.c.id == case_file.c.person_id)
        .outerjoin(territory, territory.c.id == task.c.territory_id)
    )
    return select(*_COLUMNS).select_from(source).where(condition)


def inbox_row(row: Any) -> InboxRow:
    """A row of `task_rows`."""
    name = f"{row.last_name} {row.first_names}" if row.last_name else None
    given = {"task_id": row.id, "group": row.group_name, "person_name": name}
    return InboxRow(**given, **{field: getattr(row, field) for field in InboxRow.__dataclass_fields__ if field not in given})


def _in_tab(tab: str, actor: Actor) -> ColumnElement[bool]:
    opened = task.c.status == "open"
    if tab == "moi":
        return and_(opened, task.c.holder_id == actor.user_id)
    if tab == "prendre":
        return and_(opened, task.c.holder_id.is_(None), tasks_of_groups(actor))
    if tab == "attente":
        return and_(opened, task.c.holder_id.is_not(None), task.c.holder_id != actor.user_id, tasks_of_groups(actor))
    return and_(task.c.status == "done", task.c.done_by == actor.user_id)


def _narrowed(chosen: InboxFilter, actor: Actor, now: datetime) -> ColumnElement[bool]:
    conditions = [_in_tab(chosen.tab, actor)]
    if chosen.territory:
        conditions.append(task.c.territory_id == chosen.territory)
    if chosen.group:
        conditions.append(task.c.group_name == chosen.group)
    if chosen.element:
        process, _, element = chosen.element.partition("/")
        conditions.append(and_(task.c.process == process, task.c.element == element))
    if chosen.holder:
        conditions.append(task.c.holder_id == chosen.holder)
    if chosen.late:
        conditions.append(task.c.due_at < now)
    if chosen.search:
        conditions.append(matches(chosen.search))
    return and_(*conditions)


def _after(keys: list[str | None] | None, tab: str) -> ColumnElement[bool] | None:
    if keys is None:
        return None
    first, ready, last_id = moment(keys[0]), moment(keys[1]), keys[2] or ""
    if tab == "termines":
        return tuple_(task.c.done_at, task.c.id) < (first, last_id)
    beyond = tuple_(task.c.ready_at, task.c.id) > (ready, last_id)
    if first is None:
        return and_(task.c.due_at.is_(None), beyond)
    return or_(task.c.due_at > first, and_(task.c.due_at == first, beyond), task.c.due_at.is_(None))


def inbox_page(jalon: Jalon, actor: Actor, chosen: InboxFilter, *, after: str = "", size: int = 25, now: datetime) -> InboxPage:
    """One page in three statements: the counts, the exact total of the filtered list, its rows (nearest deadline first, none last, then oldest)."""
    condition = _narrowed(chosen, actor, now)
    beyond = _after(keys_of(after, 3), chosen.tab)
    order = (
        (task.c.done_at.desc(), task.c.id.desc()) if chosen.tab == "termines" else (task.c.due_at.nulls_last(), task.c.ready_at, task.c.id)
    )
    statement = task_rows(condition if beyond is None else and_(condition, beyond)).order_by(*order).limit(size + 1)
    with reading(jalon.database) as work:
        counted = _counts(work, actor, now)
        total = int(work.value(_count(condition, search=bool(chosen.search))))
        found = [inbox_row(row) for row in work.rows(statement)]
    rows = tuple(found[:size])
    last = rows[-1] if rows else None
    more = (
        cursor(last.done_at if chosen.tab == "termines" else last.due_at, last.ready_at, last.task_id) if last and len(found) > size else ""
    )
    counts = {tab: int(getattr(counted, tab)) for tab in ("moi", "prendre", "attente", "termines")}
    return InboxPage(rows, total, counts, int(counted.late), int(counted.today), more, bool(after))


def _count(condition: ColumnElement[bool], *, search: bool) -> Select[Any]:
    source: Any = task
    if search:
        source = task.outerjoin(case_file, case_file.c.id == task.c.case_id).outerjoin(person, person.c.id == case_file.c.person_id)
    return select(func.count()).select_from(source).where(condition)


def _counts(work: Work, actor: Actor, now: datetime) -> Any:
    tabs = {tab: _in_tab(tab, actor) for tab in ("moi", "prendre", "attente", "termines")}
    midnight = now.astimezone(ZoneInfo("Europe/Paris")).replace(hour=23, minute=59, second=59, microsecond=999_999)
    late = and_(tabs["moi"], task.c.due_at < now)
    today = and_(tabs["moi"], task.c.due_at >= now, task.c.due_at <= midnight)
    wanted = {**tabs, "late": late, "today": today}
    counts = [select(func.count()).select_from(task).where(where).scalar_subquery().label(name) for name, where in wanted.items()]
    return work.one(select(*counts))


def inbox_choices(jalon: Jalon, actor: Actor) -> InboxChoices:
    """What the filters propose: the actor's territories and groups, and the steps where open tasks of theirs stand. Two statements."""
    where = territory.c.departement == actor.departement
    if not actor.everywhere:
        where = and_(where, territory.c.id.in_(sorted(actor.territories)))
    mine = and_(task.c.status == "open", or_(task.c.holder_id == actor.user_id, tasks_of_groups(actor)))
    steps = select(task.c.process, task.c.element, func.max(task.c.name).label("name")).where(mine).group_by(task.c.process, task.c.element)
    with reading(jalon.database) as work:
        places = work.rows(select(territory.c.id, territory.c.name).where(where).order_by(territory.c.rank))
        elements = work.rows(steps.order_by(func.max(task.c.name)))
    return InboxChoices(
        tuple((row.id, row.name) for row in places),
        tuple(sorted(actor.groups)),
        tuple((f"{row.process}/{row.element}", row.name) for row in elements),
    )


def most_urgent(jalon: Jalon, actor: Actor, now: datetime) -> str:  # noqa: ARG001 - every query takes the time
    """The id of the most urgent task that the actor may take, "" when there is none."""
    statement = select(task.c.id).where(_in_tab("prendre", actor)).order_by(task.c.due_at.nulls_last(), task.c.ready_at, task.c.id).limit(1)
    with reading(jalon.database) as work:
        return str(work.value(statement) or "")
