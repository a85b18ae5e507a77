"""The inbox: lists of tasks, nearest deadline first, with exact counts, filters and keyset paging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.access.jalon import Jalon
from server.access.scopes import offers
from server.kernel.actor import Actor
from server.queries.paging import cursor, keys_of, moment
from server.queries.searching import found_cases
from server.store.columns import NEVER
from server.store.sql import ColumnElement, Select, and_, func, literal, select, tuple_, union_all, word
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
    return select(*_COLUMNS).select_from(_joined(task)).where(condition)


def _joined(first: Any) -> Any:
    return (
        first.join(instance, instance.c.id == task.c.instance_id)
        .join(package_version, package_version.c.id == instance.c.package_id)
        .outerjoin(case_file, case_file.c.id == task.c.case_id)
        .outerjoin(person, person.c.id == case_file.c.person_id)
        .outerjoin(territory, territory.c.id == task.c.territory_id)
    )


def inbox_row(row: Any) -> InboxRow:
    """A row of `task_rows`."""
    name = f"{row.last_name} {row.first_names}" if row.last_name else None
    given = {"task_id": row.id, "group": row.group_name, "person_name": name}
    return InboxRow(**given, **{field: getattr(row, field) for field in InboxRow.__dataclass_fields__ if field not in given})


_OPEN, _DONE = task.c.status == word("open"), task.c.status == word("done")
_TABS = ("moi", "prendre", "attente", "termines")


def _in_tab(tab: str, actor: Actor) -> list[ColumnElement[bool]]:
    """The conditions of a tab: parts that share no task, each of which one index holds."""
    if tab == "moi":
        return [and_(_OPEN, task.c.holder_id == actor.user_id)]
    if tab == "prendre":
        return [and_(_OPEN, task.c.holder_id.is_(None), offer) for offer in offers(actor)]
    if tab == "attente":
        held = and_(task.c.holder_id.is_not(None), task.c.holder_id != actor.user_id)
        return [and_(_OPEN, held, offer) for offer in offers(actor)]
    return [and_(_DONE, task.c.done_by == actor.user_id)]


def _narrowed(chosen: InboxFilter, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    """The parts of a tab with the filters."""
    conditions: list[ColumnElement[bool]] = []
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
        conditions.append(task.c.sort_at < now)
    if chosen.search:
        conditions.append(task.c.case_id.in_(found_cases(actor.departement, chosen.search)))
    return [and_(part, *conditions) for part in _in_tab(chosen.tab, actor)]


def _keys(tab: str) -> tuple[Any, ...]:
    """What a tab is sorted by, in the order of its index."""
    return (task.c.done_at, task.c.id) if tab == "termines" else (task.c.sort_at, task.c.ready_at, task.c.id)


def _after(keys: list[str | None] | None, tab: str) -> ColumnElement[bool] | None:
    if keys is None:
        return None
    first, ready, last_id = moment(keys[0]), moment(keys[1]), keys[2] or ""
    if tab == "termines":
        return tuple_(*_keys(tab)) < (first, last_id)
    return tuple_(*_keys(tab)) > (first or NEVER, ready, last_id)


def _page(parts: list[ColumnElement[bool]], beyond: ColumnElement[bool] | None, tab: str, size: int, *, walk: bool = True) -> Select[Any]:
    """The rows of a page: the ids first, out of the indexes; only then the joins, for these rows alone.

    `walk`: the first part is read in the order of its index until the page is full. The others hold few tasks, or none: they are read whole.
    """
    latest = tab == "termines"
    order = [key.desc() for key in _keys(tab)] if latest else list(_keys(tab))
    wanted = [select(*_keys(tab)).where(part if beyond is None else and_(part, beyond)) for part in parts]
    if walk:
        wanted[0] = wanted[0].order_by(*order).limit(size)
    several = [one.subquery() for one in wanted]
    found = union_all(*(select(one) for one in several)).subquery() if len(several) > 1 else several[0]
    outer = [found.c[key.name].desc() if latest else found.c[key.name] for key in _keys(tab)]
    ids = select(found.c.id).order_by(*outer).limit(size).subquery()
    return select(*_COLUMNS).select_from(_joined(ids.join(task, task.c.id == ids.c.id))).order_by(*order)


def inbox_page(jalon: Jalon, actor: Actor, chosen: InboxFilter, *, after: str = "", size: int = 25, now: datetime) -> InboxPage:
    """One page in at most three statements: the counts, the exact total of the filtered list, its rows (nearest deadline first, none last, then oldest)."""
    parts = _narrowed(chosen, actor, now)
    beyond = _after(keys_of(after, 3), chosen.tab)
    found: list[InboxRow] = []
    with reading(jalon.database) as work:
        counted = _counts(work, actor, now)
        counts = {tab: int(getattr(counted, tab)) for tab in _TABS}
        total = counts[chosen.tab] if chosen == InboxFilter(chosen.tab) else int(work.value(select(_count(parts))))
        if total:
            found = [inbox_row(row) for row in work.rows(_page(parts, beyond, chosen.tab, size + 1, walk=not chosen.search))]
    rows = tuple(found[:size])
    last = rows[-1] if rows else None
    more = (
        cursor(last.done_at if chosen.tab == "termines" else last.due_at, last.ready_at, last.task_id) if last and len(found) > size else ""
    )
    return InboxPage(rows, total, counts, int(counted.late), int(counted.today), more, bool(after))


def _count(parts: list[ColumnElement[bool]]) -> ColumnElement[int]:
    """How many tasks the parts hold together, without any join."""
    counted: ColumnElement[int] = literal(0)
    for part in parts:
        counted = counted + select(func.count()).select_from(task).where(part).scalar_subquery()
    return counted


def _counts(work: Work, actor: Actor, now: datetime) -> Any:
    midnight = now.astimezone(ZoneInfo("Europe/Paris")).replace(hour=23, minute=59, second=59, microsecond=999_999)
    wanted = {tab: _in_tab(tab, actor) for tab in _TABS}
    wanted["late"] = [and_(*wanted["moi"], task.c.sort_at < now)]
    wanted["today"] = [and_(*wanted["moi"], task.c.sort_at >= now, task.c.sort_at <= midnight)]
    return work.one(select(*(_count(parts).label(name) for name, parts in wanted.items())))


def inbox_choices(jalon: Jalon, actor: Actor) -> InboxChoices:
    """What the filters propose: the actor's territories and groups, and the steps where open tasks of theirs stand. Two statements."""
    where = territory.c.departement == actor.departement
    if not actor.everywhere:
        where = and_(where, territory.c.id.in_(sorted(actor.territories)))
    parts = [part for tab in ("moi", "prendre", "attente") for part in _in_tab(tab, actor)]
    steps = union_all(*(select(task.c.process, task.c.element, task.c.name).where(part).distinct() for part in parts)).subquery()
    named = select(steps.c.process, steps.c.element, func.max(steps.c.name).label("name")).group_by(steps.c.process, steps.c.element)
    with reading(jalon.database) as work:
        places = work.rows(select(territory.c.id, territory.c.name).where(where).order_by(territory.c.rank))
        elements = work.rows(named.order_by(func.max(steps.c.name)))
    return InboxChoices(
        tuple((row.id, row.name) for row in places),
        tuple(sorted(actor.groups)),
        tuple((f"{row.process}/{row.element}", row.name) for row in elements),
    )


def most_urgent(jalon: Jalon, actor: Actor, now: datetime) -> str:  # noqa: ARG001 - every query takes the time
    """The id of the most urgent task that the actor may take, "" when there is none."""
    parts = _in_tab("prendre", actor)
    if not parts:
        return ""
    with reading(jalon.database) as work:
        found = work.one(_page(parts, None, "prendre", 1))
    return str(found.id) if found else ""
