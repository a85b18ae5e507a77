"""Cases: the list with its filters, and one case whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel import facts as kinds
from server.kernel.actor import Actor
from server.kernel.errors import BadInput
from server.queries.diagram import standing
from server.queries.figures import terms_of
from server.queries.history import FactRow, element_name, element_names, facts_of
from server.queries.persons import PersonLines, person_of_case
from server.queries.places import territories
from server.queries.telling import ICONS, MACHINERY, tell
from server.store.milestones import CONDITIONS, month_of
from server.store.names import fold
from server.store.sql import func, or_, select
from server.store.tables import case_file, document, instance, package_version, person, task, timer, user_account
from server.store.work import Work, reading

PARIS = ZoneInfo("Europe/Paris")


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


@dataclass(frozen=True)
class CaseTask:
    """An open task of a case."""

    task_id: str
    name: str
    process_title: str
    group: str
    holder_id: str | None
    holder_name: str | None
    due_at: datetime | None
    limit_at: datetime | None
    due_why: Mapping[str, Any] | None


@dataclass(frozen=True)
class CaseTimer:
    """A date that the case waits for."""

    name: str
    process_title: str
    due_at: datetime
    why: Mapping[str, Any] | None


@dataclass(frozen=True)
class CaseInstance:
    """One run of a process in the case."""

    id: str
    process: str
    title: str
    package_id: str
    package_number: int | None
    status: str
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    parent_id: str | None
    active: tuple[str, ...]


@dataclass(frozen=True)
class PathStep:
    """A step of the path at the top of the page; `css` is done, here or nothing."""

    title: str
    css: str
    when: str


@dataclass(frozen=True)
class CaseFact:
    """A line of the history."""

    at: datetime
    words: str
    icon: str
    actor_name: str


@dataclass(frozen=True)
class CaseAnswers:
    """What a form sent."""

    name: str
    at: datetime
    by: str
    lines: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class CaseDocument:
    """A document in the list."""

    id: str
    title: str
    created_at: datetime
    size_words: str


@dataclass(frozen=True)
class CaseDetail:
    """The case page."""

    case: CaseRow
    person: PersonLines
    path: tuple[PathStep, ...]
    path_words: str
    tasks: tuple[CaseTask, ...]
    timers: tuple[CaseTimer, ...]
    instances: tuple[CaseInstance, ...]
    days: tuple[tuple[date, tuple[CaseFact, ...]], ...]
    answers: tuple[CaseAnswers, ...]
    documents: tuple[CaseDocument, ...]


def _select_cases() -> Any:
    return (
        select(case_file, person.c.last_name, person.c.first_names, user_account.c.name.label("referent_name"))
        .join(person, person.c.id == case_file.c.person_id)
        .outerjoin(user_account, user_account.c.id == case_file.c.referent_id)
    )


def _row(jalon: Jalon, row: Any) -> CaseRow:
    places = dict(territories(jalon, row.departement))
    return CaseRow(
        id=row.id,
        number=row.number,
        person_name=f"{row.last_name} {row.first_names}",
        territory_id=row.territory_id,
        territory_name=places.get(row.territory_id, row.territory_id),
        status=row.status,
        stage=row.stage,
        stage_title=row.stage.replace("_", " ").capitalize(),
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
        words = fold(chosen.search).split()
        named = [person.c.search_name.contains(word, autoescape=True) for word in words]
        exact = or_(case_file.c.number == chosen.search, person.c.caf_number == chosen.search.strip())
        statement = statement.where(or_(exact, *([_all(named)] if named else [])))
    if chosen.territory:
        statement = statement.where(case_file.c.territory_id == chosen.territory)
    if chosen.stage:
        statement = statement.where(case_file.c.stage == chosen.stage)
    if chosen.milestone:
        statement = statement.where(CONDITIONS[chosen.milestone](terms_of(jalon, actor.departement, now)))
    return statement.where(month_of(case_file.c.right_opened_on) == chosen.month) if chosen.month else statement


def _all(conditions: Sequence[Any]) -> Any:
    found = conditions[0]
    for condition in conditions[1:]:
        found = found & condition
    return found


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
    return CasePage(tuple(_row(jalon, row) for row in shown), total, cursor)


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
        return _row(jalon, work.rows(_select_cases().where(case_file.c.id == case_id))[0])


def case_page(jalon: Jalon, actor: Actor, case_id: str, now: datetime) -> CaseDetail:
    """The case whole, the last 200 facts of its history. Raises NotFound."""
    with reading(jalon.database) as work:
        kept = case_to_read(work, actor, case_id)
        today = jalon.today(kept.departement, kept.territory_id, now)
        case = _row(jalon, work.rows(_select_cases().where(case_file.c.id == case_id))[0])
        instances, titles = _instances(work, case_id)
        facts = facts_of(jalon, work, case_id)
        drawn = tuple(_instance(jalon, row, [fact for fact in facts if fact.instance_id == row.id]) for row in instances)
        path = _path(drawn)
        return CaseDetail(
            case=case,
            person=person_of_case(work, actor, case_id, today, whole=True),
            path=path,
            path_words=_path_words(drawn),
            tasks=_tasks(work, case_id, titles),
            timers=_timers(jalon, work, case_id, {row.id: row for row in instances}),
            instances=tuple(sorted(drawn, key=lambda one: (one.status != "open", one.parent_id is None, -one.started_at.timestamp()))),
            days=_days([fact for fact in facts if fact.kind not in MACHINERY][-200:]),
            answers=_answers(facts),
            documents=_documents(work, case_id),
        )


def _instances(work: Work, case_id: str) -> tuple[Sequence[Any], dict[str, str]]:
    rows = work.rows(
        select(instance, package_version.c.title, package_version.c.number)
        .join(package_version, package_version.c.id == instance.c.package_id)
        .where(instance.c.case_id == case_id)
        .order_by(instance.c.started_at, instance.c.id)
    )
    return rows, {row.id: row.title for row in rows}


def _instance(jalon: Jalon, row: Any, facts: list[FactRow]) -> CaseInstance:
    active = standing(facts)[2] if row.status == "open" else set()
    names = element_names(jalon, row.package_id, sorted(active))
    return CaseInstance(
        row.id,
        row.process,
        row.title,
        row.package_id,
        row.number,
        row.status,
        row.outcome,
        row.started_at,
        row.ended_at,
        row.parent_id,
        tuple(names),
    )


def _path(instances: Sequence[CaseInstance]) -> tuple[PathStep, ...]:
    """The stages in the order they began, the last run of each; the open one that no other holds is where the person stands."""
    parents = {one.parent_id for one in instances}
    stages = [one for one in instances if one.parent_id is not None or one.id not in parents]
    last: dict[str, CaseInstance] = {}
    for one in stages:
        last.pop(one.process, None)
        last[one.process] = one
    return tuple(
        PathStep(
            one.title,
            "here" if one.status == "open" else "done" if one.status == "ended" else "",
            _when(one),
        )
        for one in list(last.values())[-8:]
    )


def _when(one: CaseInstance) -> str:
    if one.status == "open":
        return f"depuis le {one.started_at.astimezone(PARIS):%d/%m/%Y}"
    if one.status == "cancelled":
        return "interrompue"
    return f"{one.ended_at.astimezone(PARIS):%d/%m/%Y}" if one.ended_at else ""


def _path_words(instances: Sequence[CaseInstance]) -> str:
    here = [one for one in instances if one.status == "open" and one.active]
    if not here:
        return "Aucune étape en cours."
    return f"{here[-1].title} : {', '.join(here[-1].active[:3])}"


def _tasks(work: Work, case_id: str, titles: Mapping[str, str]) -> tuple[CaseTask, ...]:
    rows = work.rows(
        select(task)
        .where(task.c.case_id == case_id, task.c.status == "open")
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.ready_at)
    )
    return tuple(
        CaseTask(
            row.id,
            row.name,
            titles.get(row.instance_id, row.process),
            row.group_name,
            row.holder_id,
            row.holder_name,
            row.due_at,
            row.limit_at,
            row.due_why,
        )
        for row in rows
    )


def _timers(jalon: Jalon, work: Work, case_id: str, instances: Mapping[str, Any]) -> tuple[CaseTimer, ...]:
    rows = work.rows(select(timer).where(timer.c.case_id == case_id, timer.c.status == "waiting").order_by(timer.c.due_at, timer.c.id))
    return tuple(
        CaseTimer(
            element_name(jalon, instances[row.instance_id].package_id, row.element), instances[row.instance_id].title, row.due_at, row.why
        )
        for row in rows
        if row.instance_id in instances
    )


def _days(facts: Sequence[FactRow]) -> tuple[tuple[date, tuple[CaseFact, ...]], ...]:
    days: dict[date, list[CaseFact]] = {}
    for fact in reversed(facts):
        line = CaseFact(fact.at, tell(fact).words, ICONS.get(fact.kind, "info"), fact.actor_name if fact.actor_id else "automatique")
        days.setdefault(fact.at.astimezone(PARIS).date(), []).append(line)
    return tuple((day, tuple(lines)) for day, lines in days.items())


def _answers(facts: Sequence[FactRow]) -> tuple[CaseAnswers, ...]:
    found = []
    for fact in reversed(facts):
        if fact.kind == kinds.TASK_COMPLETED:
            answers = (fact.payload or {}).get("answers", {})
            lines = (
                (("Données", "effacées"),)
                if fact.erased
                else tuple((key.replace("_", " ").capitalize(), value) for key, value in answers.items())
            )
            found.append(CaseAnswers(fact.element_name, fact.at, fact.actor_name, lines))
    return tuple(found[:40])


def _documents(work: Work, case_id: str) -> tuple[CaseDocument, ...]:
    statement = (
        select(document.c.id, document.c.title, document.c.created_at, func.length(document.c.content).label("size"))
        .where(document.c.case_id == case_id)
        .order_by(document.c.created_at.desc(), document.c.id)
    )
    return tuple(CaseDocument(row.id, row.title, row.created_at, f"{max(1, (row.size or 0) // 1000)} ko") for row in work.rows(statement))
