"""One case whole: where it stands, tasks, deadlines, history, answers, documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel import facts as kinds
from server.kernel.actor import Actor
from server.queries.case_deadlines import CaseDeadline, deadlines_of
from server.queries.cases import CaseRow, case_row
from server.queries.diagram import standing
from server.queries.history import FactRow, element_name, facts_of
from server.queries.persons import PersonLines, person_of_case
from server.queries.telling import ICONS, MACHINERY, tell
from server.queries.wording import CaseWords, group_words, words_of_versions
from server.store.sql import func, select
from server.store.tables import document, instance, package_version, task
from server.store.work import Work, reading

_PARIS = ZoneInfo("Europe/Paris")
_FACTS = 200


@dataclass(frozen=True)
class CaseTask:
    """An open task of a case."""

    task_id: str
    name: str
    process_title: str
    group_words: str
    holder_id: str | None
    holder_name: str | None
    due_at: datetime | None
    limit_at: datetime | None


@dataclass(frozen=True)
class CaseInstance:
    """One run of a process in the case; `outcome` is the name of the end it reached, "" while it runs."""

    id: str
    process: str
    title: str
    package_id: str
    package_number: int | None
    status: str
    outcome: str
    started_at: datetime
    ended_at: datetime | None
    parent_id: str | None
    active: tuple[str, ...]


@dataclass(frozen=True)
class PathStep:
    """A stage of the path; `css` is done, here or nothing (interrupted); `at` is when it ended, or began when it is the present one."""

    title: str
    css: str
    at: datetime | None


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
    """The case page. `recent` and `older` are days of history, the last one first; `older_facts` counts the lines of `older`."""

    case: CaseRow
    person: PersonLines
    path: tuple[PathStep, ...]
    path_words: str
    tasks: tuple[CaseTask, ...]
    deadlines: tuple[CaseDeadline, ...]
    open_instances: tuple[CaseInstance, ...]
    ended_instances: tuple[CaseInstance, ...]
    recent: tuple[tuple[date, tuple[CaseFact, ...]], ...]
    older: tuple[tuple[date, tuple[CaseFact, ...]], ...]
    older_facts: int
    answers: tuple[CaseAnswers, ...]
    documents: tuple[CaseDocument, ...]


def case_page(jalon: Jalon, actor: Actor, case_id: str, now: datetime) -> CaseDetail:
    """The case whole, the last 200 facts of its history. Raises NotFound."""
    case = case_row(jalon, actor, case_id, now)
    with reading(jalon.database) as work:
        kept = case_to_read(work, actor, case_id)
        today = jalon.today(kept.departement, kept.territory_id, now)
        rows = _instance_rows(work, case_id)
        words = words_of_versions(jalon, ((row.process, row.package_id) for row in rows))
        facts = facts_of(jalon, work, case_id)
        drawn = [_instance(jalon, row, words, [fact for fact in facts if fact.instance_id == row.id]) for row in rows]
        titles = {one.id: one.title for one in drawn}
        tasks = _tasks(work, case_id, titles)
        deadlines = deadlines_of(jalon, work, case_id, facts, {row.id: (row.package_id, row.title) for row in rows})
        person = person_of_case(work, actor, case_id, today, whole=True)
        documents = _documents(work, case_id)
    recent, older = _history([fact for fact in facts if fact.kind not in MACHINERY][-_FACTS:], words)
    return CaseDetail(
        case=case,
        person=person,
        path=_path(drawn),
        path_words=_path_words(tasks, drawn),
        tasks=tasks,
        deadlines=deadlines,
        open_instances=tuple(sorted((one for one in drawn if one.ended_at is None), key=lambda one: -one.started_at.timestamp())),
        ended_instances=tuple(reversed([one for one in drawn if one.ended_at is not None])),
        recent=recent,
        older=older,
        older_facts=sum(len(lines) for _, lines in older),
        answers=_answers(facts, words),
        documents=documents,
    )


def _instance_rows(work: Work, case_id: str) -> Sequence[Any]:
    return work.rows(
        select(instance, package_version.c.title, package_version.c.number)
        .join(package_version, package_version.c.id == instance.c.package_id)
        .where(instance.c.case_id == case_id)
        .order_by(instance.c.started_at, instance.c.id)
    )


def _instance(jalon: Jalon, row: Any, words: CaseWords, facts: list[FactRow]) -> CaseInstance:
    active = standing(facts)[2] if row.status == "open" else set()
    return CaseInstance(
        id=row.id,
        process=row.process,
        title=row.title,
        package_id=row.package_id,
        package_number=row.number,
        status=row.status,
        outcome=words.outcome(row.outcome, row.package_id) if row.outcome else "",
        started_at=row.started_at,
        ended_at=row.ended_at,
        parent_id=row.parent_id,
        active=tuple(_standing_at(jalon, row.package_id, active)),
    )


def _standing_at(jalon: Jalon, package_id: str, active: Iterable[str]) -> Iterator[str]:
    """The names of the steps and events where it waits; gateways only hold tokens back."""
    elements = jalon.definition(package_id).elements
    for element in sorted(active):
        if element in elements and not elements[element].type.endswith("Gateway"):
            yield element_name(jalon, package_id, element)


def _path(instances: Sequence[CaseInstance]) -> tuple[PathStep, ...]:
    """The stages that the umbrella called, in the order of their last run; an umbrella that called none is itself the only stage."""
    roots = {one.id for one in instances if one.parent_id is None}
    called = [one for one in instances if one.parent_id in roots]
    alone = [one for one in instances if one.parent_id is None and not any(child.parent_id == one.id for child in called)]
    last: dict[str, CaseInstance] = {}
    for one in sorted(called + alone, key=lambda stage: (stage.started_at, stage.ended_at is None, stage.ended_at)):
        last.pop(one.process, None)
        last[one.process] = one
    return tuple(PathStep(one.title, _css(one), one.ended_at or one.started_at) for one in list(last.values())[-8:])


def _css(one: CaseInstance) -> str:
    return "here" if one.ended_at is None else "done" if one.status == "ended" else ""


def _path_words(tasks: Sequence[CaseTask], instances: Sequence[CaseInstance]) -> str:
    if tasks:
        names = ", ".join(dict.fromkeys(one.name for one in tasks[:3]))
        return f"En attente : {names}"
    here = [one for one in instances if one.ended_at is None and one.active]
    return f"{here[-1].title} : {', '.join(here[-1].active[:3])}" if here else "Aucune étape en cours"


def _tasks(work: Work, case_id: str, titles: Mapping[str, str]) -> tuple[CaseTask, ...]:
    rows = work.rows(
        select(task)
        .where(task.c.case_id == case_id, task.c.status == "open")
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.ready_at)
    )
    return tuple(
        CaseTask(
            task_id=row.id,
            name=row.name,
            process_title=titles.get(row.instance_id, ""),
            group_words=group_words(row.group_name),
            holder_id=row.holder_id,
            holder_name=row.holder_name,
            due_at=row.due_at,
            limit_at=row.limit_at,
        )
        for row in rows
    )


Days = tuple[tuple[date, tuple[CaseFact, ...]], ...]


def _history(facts: Sequence[FactRow], words: CaseWords) -> tuple[Days, Days]:
    """The last days, some twelve lines, and the days before."""
    days: dict[date, list[CaseFact]] = {}
    for fact in reversed(facts):
        by = fact.actor_name if fact.actor_id else "automatique"
        line = CaseFact(fact.at, tell(fact, words, fact.package_id).words, ICONS.get(fact.kind, "info"), by)
        days.setdefault(fact.at.astimezone(_PARIS).date(), []).append(line)
    recent: list[tuple[date, tuple[CaseFact, ...]]] = []
    older: list[tuple[date, tuple[CaseFact, ...]]] = []
    shown = 0
    for day, lines in days.items():
        (recent if shown < 12 else older).append((day, tuple(lines)))
        shown += len(lines)
    return tuple(recent), tuple(older)


def _answers(facts: Sequence[FactRow], words: CaseWords) -> tuple[CaseAnswers, ...]:
    done = [fact for fact in reversed(facts) if fact.kind == kinds.TASK_COMPLETED][:40]
    return tuple(CaseAnswers(fact.element_name, fact.at, fact.actor_name, _lines(fact, words)) for fact in done)


def _lines(fact: FactRow, words: CaseWords) -> tuple[tuple[str, Any], ...]:
    if fact.erased:
        return (("Données", "effacées"),)
    return words.lines((fact.payload or {}).get("answers", {}), fact.package_id)


def _documents(work: Work, case_id: str) -> tuple[CaseDocument, ...]:
    statement = (
        select(document.c.id, document.c.title, document.c.created_at, func.length(document.c.content).label("size"))
        .where(document.c.case_id == case_id)
        .order_by(document.c.created_at.desc(), document.c.id)
    )
    return tuple(CaseDocument(row.id, row.title, row.created_at, f"{max(1, (row.size or 0) // 1000)} ko") for row in work.rows(statement))
