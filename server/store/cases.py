"""Reads cases, instances and tasks as the rows that verbs work on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Row, String, bindparam, exists, select, text

from server.store.rows import Case, Instance, Task, TaskInPlace
from server.store.tables import case_file, command, draft, household, instance, person, task
from server.store.work import Work

Kept = TypeVar("Kept", Case, Instance, Task)

_FROM_PERSON = {"birth_date": person.c.birth_date, "ft_number": person.c.ft_number, "details": person.c.details}
_FROM_HOUSEHOLD = {
    "household_size": household.c.size,
    "children": household.c.children,
    "isolated": household.c.isolated,
    "rsa_increased": household.c.rsa_increased,
}
_CASE = [
    (_FROM_PERSON.get(f.name, _FROM_HOUSEHOLD.get(f.name)) if f.name not in case_file.c else case_file.c[f.name]).label(f"case_{f.name}")  # type: ignore[union-attr]
    for f in fields(Case)
]
_INSTANCE = [instance.c[f.name].label(f"instance_{f.name}") for f in fields(Instance)]
_NAMES: dict[type, tuple[str, ...]] = {kind: tuple(f.name for f in fields(kind)) for kind in (Case, Instance, Task)}
_TASK = [task.c[f.name].label(f"task_{f.name}") for f in fields(Task)]


def _case_with_person() -> FromClause:
    return case_file.join(person, person.c.id == case_file.c.person_id).outerjoin(household, household.c.id == person.c.household_id)


def _read(kind: type[Kept], prefix: str, row: Row[Any]) -> Kept:
    told = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for the row as a mapping
    values = {name: told[f"{prefix}_{name}"] for name in _NAMES[kind]}
    if kind is Case:
        values |= {"details": values["details"] or {}, "household_size": values["household_size"] or 1, "children": values["children"] or 0}
        values |= {"isolated": bool(values["isolated"]), "rsa_increased": bool(values["rsa_increased"])}
    return kind(**values)


_CASE_OF_ID = select(*_CASE).select_from(_case_with_person()).where(case_file.c.id == bindparam("case_id"))
_INSTANCE_OF_ID = (
    select(*_INSTANCE, *_CASE)
    .select_from(instance.outerjoin(_case_with_person(), case_file.c.id == instance.c.case_id))
    .where(instance.c.id == bindparam("instance_id"))
)


def find_case(work: Work, case_id: str) -> Case | None:
    """The case of this id, or None."""
    row = work.one(_CASE_OF_ID, {"case_id": case_id})
    return _read(Case, "case", row) if row else None


def find_cases(work: Work, condition: ColumnElement[bool]) -> list[Case]:
    """The cases that meet a condition on case_file."""
    return [_read(Case, "case", row) for row in work.rows(select(*_CASE).select_from(_case_with_person()).where(condition))]


def find_instance(work: Work, instance_id: str) -> tuple[Instance, Case | None] | None:
    """The instance of this id with its case, or None."""
    row = work.one(_INSTANCE_OF_ID, {"instance_id": instance_id})
    if row is None:
        return None
    return _read(Instance, "instance", row), _read(Case, "case", row) if row.instance_case_id else None


_INSTANCES_OF_IDS = (
    select(*_INSTANCE, *_CASE)
    .select_from(instance.outerjoin(_case_with_person(), case_file.c.id == instance.c.case_id))
    .where(instance.c.id.in_(bindparam("ids", expanding=True)))
)


def instances_with_cases(work: Work, ids: Collection[str]) -> list[tuple[Instance, Case | None]]:
    """The instances of these ids, each with its case, in one statement."""
    rows = work.rows(_INSTANCES_OF_IDS, {"ids": sorted(ids)})
    return [(_read(Instance, "instance", row), _read(Case, "case", row) if row.instance_case_id else None) for row in rows]


def find_instances(work: Work, condition: ColumnElement[bool]) -> list[Instance]:
    """The instances that meet a condition, oldest first."""
    rows = work.rows(select(*_INSTANCE).where(condition).order_by(instance.c.started_at, instance.c.born, instance.c.id))
    return [_read(Instance, "instance", row) for row in rows]


_TASK_IN_PLACE = (  # built once: every completed task sends it
    select(
        *_TASK,
        *_INSTANCE,
        *_CASE,
        exists().where(draft.c.task_id == task.c.id).label("has_draft"),
        command.c.answer,
        command.c.posted_by,
        command.c.instance_id.label("posted_instance"),
    )
    .select_from(
        task.join(instance, instance.c.id == task.c.instance_id)
        .outerjoin(_case_with_person(), case_file.c.id == task.c.case_id)
        .outerjoin(command, command.c.posted_key == bindparam("posted_key", type_=String))  # no key: equal to nothing
    )
    .where(task.c.id == bindparam("task_id"))
)


def find_task(work: Work, task_id: str, posted_key: str | None = None) -> TaskInPlace | None:
    """A task with its instance and its case in one statement, and the command that the same posted form already gave, if any."""
    row = work.one(_TASK_IN_PLACE, {"task_id": task_id, "posted_key": posted_key})
    if row is None:
        return None
    return TaskInPlace(
        _read(Task, "task", row),
        _read(Instance, "instance", row),
        _read(Case, "case", row) if row.task_case_id else None,
        bool(row.has_draft),
        row.answer,
        row.posted_by,
        row.posted_instance,
    )


def find_tasks(work: Work, condition: ColumnElement[bool]) -> Sequence[Task]:
    """The tasks that meet a condition."""
    return [_read(Task, "task", row) for row in work.rows(select(*_TASK).where(condition).order_by(task.c.ready_at, task.c.id))]


def next_numbers(work: Work, name: str, count: int) -> range:
    """The next `count` values of a counter, from 1. Two transactions never get the same."""
    last = int(work.execute(_NEXT, {"name": name, "count": count}).scalar_one())
    return range(last - count + 1, last + 1)


_NEXT = text(
    "INSERT INTO counter (name, value) VALUES (:name, :count) ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING value"
)
