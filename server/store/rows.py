"""The rows that verbs work on, as frozen objects: a case with what expressions may read of it, an instance, a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.store.chain import Head


@dataclass(frozen=True)
class Case:
    """A case with the few columns of its person and household that the projection needs."""

    id: str
    number: str
    person_id: str
    departement: str
    territory_id: str
    status: str
    stage: str
    opened_at: datetime
    right_opened_on: date
    referent_id: str | None
    structure_id: str | None
    facts: Mapping[str, Any]
    seq: int
    head: str
    version: int
    birth_date: date | None
    ft_number: str | None
    details: Mapping[str, Any]
    household_size: int
    children: int
    isolated: bool
    rsa_increased: bool

    @property
    def end(self) -> Head:
        """The end of its chain."""
        return Head(self.seq, self.head)


@dataclass(frozen=True)
class Instance:
    """One run of one process; `state` is the engine's, None before its first command."""

    id: str
    case_id: str | None
    package_id: str
    departement: str
    territory_id: str | None
    process: str
    parent_id: str | None
    parent_call: str | None
    state: bytes | None
    status: str
    outcome: str | None
    version: int
    turns: int
    started_at: datetime
    born: int = 0
    subject: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Task:
    """One step that waits, or waited, for a person."""

    id: str
    instance_id: str
    case_id: str | None
    departement: str
    territory_id: str | None
    process: str
    element: str
    name: str
    form: str
    group_name: str
    also_groups: str
    status: str
    holder_id: str | None
    holder_name: str | None
    held_at: datetime | None
    priority: int
    due_at: datetime | None
    limit_at: datetime | None
    due_why: Mapping[str, Any] | None
    limit_why: Mapping[str, Any] | None
    ready_at: datetime
    done_at: datetime | None
    done_by: str | None
    done_by_name: str | None
    version: int

    @property
    def groups(self) -> frozenset[str]:
        """The groups it is offered to."""
        return frozenset({self.group_name, *self.also_groups.strip(",").split(",")} - {""})


@dataclass(frozen=True)
class TaskInPlace:
    """A task with its instance, its case, and what an earlier post of the same key was answered."""

    task: Task
    instance: Instance
    case: Case | None
    has_draft: bool = False
    posted: Mapping[str, Any] | None = None
    posted_by: str | None = None
    posted_instance: str | None = None
