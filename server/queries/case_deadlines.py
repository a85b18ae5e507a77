"""The deadlines of a case: the département's target beside the legal limit, kept or passed, each with why it is that date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.access.jalon import Jalon
from server.kernel import facts as kinds
from server.queries.history import FactRow, element_name
from server.store.sql import select
from server.store.tables import timer
from server.store.work import Work

_PARIS = ZoneInfo("Europe/Paris")
_DONE = 8


@dataclass(frozen=True)
class CaseDeadline:
    """One line: two clocks that are never mixed. `done_at` is set once the task is done; `target_days` and `limit_days` are days of lateness (0 when kept)."""

    name: str
    process_title: str
    target: datetime | None = None
    target_why: Mapping[str, Any] | None = None
    limit: datetime | None = None
    limit_why: Mapping[str, Any] | None = None
    done_at: datetime | None = None
    host: str = ""  # the step that a date of the diagram watches

    @property
    def next_at(self) -> datetime | None:
        """The first of the two dates."""
        return self.target or self.limit

    @property
    def target_days(self) -> int:
        """Days after the target on which it was done."""
        return _late(self.target, self.done_at)

    @property
    def limit_days(self) -> int:
        """Days after the limit on which it was done."""
        return _late(self.limit, self.done_at)


def _late(due: datetime | None, done: datetime | None) -> int:
    if due is None or done is None:
        return 0
    return max((done.astimezone(_PARIS).date() - due.astimezone(_PARIS).date()).days, 0)


def deadlines_of(
    jalon: Jalon, work: Work, case_id: str, facts: Sequence[FactRow], instances: Mapping[str, tuple[str, str]]
) -> tuple[CaseDeadline, ...]:
    """Those that run, nearest first, then the last eight that were met or missed. `instances`: id -> (package id, title)."""
    running, done = _of_tasks(facts, instances)
    shown = {moment for one in running for moment in (one.target, one.limit) if moment}
    rows = work.rows(select(timer).where(timer.c.case_id == case_id, timer.c.status == "waiting").order_by(timer.c.due_at, timer.c.id))
    own = [_of_timer(jalon, row, *instances[row.instance_id]) for row in rows if row.instance_id in instances and row.due_at not in shown]
    running = sorted(running + _together(own), key=lambda one: (one.next_at is None, one.next_at))
    return (*running, *reversed(done[-_DONE:]))


def _of_tasks(facts: Sequence[FactRow], instances: Mapping[str, tuple[str, str]]) -> tuple[list[CaseDeadline], list[CaseDeadline]]:
    running: dict[str, CaseDeadline] = {}
    done: list[CaseDeadline] = []
    for fact in facts:
        task = str(fact.body.get("task", ""))
        if fact.kind == kinds.TASK_READY and (fact.body.get("due") or fact.body.get("limit")):
            running[task] = _of_task(fact, instances.get(fact.instance_id or "", ("", ""))[1])
        elif fact.kind == kinds.TASK_COMPLETED and task in running:
            done.append(replace(running.pop(task), done_at=fact.at))
        elif fact.kind == kinds.TASK_CANCELLED:
            running.pop(task, None)
    return list(running.values()), done


def _of_task(fact: FactRow, title: str) -> CaseDeadline:
    why = (fact.payload or {}).get("derivation") or {}
    due, limit = _moment(fact.body.get("due")), _moment(fact.body.get("limit"))
    return CaseDeadline(fact.element_name, title, due, why.get("due"), limit, why.get("limit"))


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _of_timer(jalon: Jalon, row: Any, package_id: str, title: str) -> CaseDeadline:
    """A date whose derivation names an article is a legal limit; any other is the département's own."""
    host = getattr(jalon.definition(package_id).elements.get(row.element), "host", "")
    legal = bool(row.why and row.why.get("article"))
    found = CaseDeadline(element_name(jalon, package_id, row.element), title, host=element_name(jalon, package_id, host))
    return replace(found, limit=row.due_at, limit_why=row.why) if legal else replace(found, target=row.due_at, target_why=row.why)


def _together(own: Sequence[CaseDeadline]) -> list[CaseDeadline]:
    """A target and a limit of the same thing on one line."""
    lines: list[CaseDeadline] = []
    for one in own:
        for place, other in enumerate(lines):
            same = one.host and (one.host, one.process_title) == (other.host, other.process_title)
            if same and one.limit and not other.limit:
                lines[place] = replace(other, name=one.host, limit=one.limit, limit_why=one.limit_why)
                break
            if same and one.target and not other.target:
                lines[place] = replace(other, name=one.host, target=one.target, target_why=one.target_why)
                break
        else:
            lines.append(one)
    return lines
