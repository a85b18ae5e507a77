"""Timers: which are due, who takes them, and what is noted when one fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, bindparam, or_, select, update

from server.store.tables import timer
from server.store.work import Work


@dataclass(frozen=True)
class Timer:
    """A timer of an instance."""

    id: str
    instance_id: str
    case_id: str | None
    element: str
    due_at: datetime
    status: str
    tries: int


def _timer(row: Row[tuple[object, ...]]) -> Timer:
    return Timer(row.id, row.instance_id, row.case_id, row.element, row.due_at, row.status, row.tries)


_TIMER = select(timer).where(timer.c.id == bindparam("timer_id"))


def find_timer(work: Work, timer_id: str) -> Timer | None:
    """The timer of this id, or None."""
    row = work.one(_TIMER, {"timer_id": timer_id})
    return _timer(row) if row else None


def earlier_of_case(work: Work, kept: Timer) -> Timer | None:
    """The first waiting timer of the same case (or instance) that was due before this one, or None."""
    same = timer.c.case_id == kept.case_id if kept.case_id else timer.c.instance_id == kept.instance_id
    before = or_(timer.c.due_at < kept.due_at, and_(timer.c.due_at == kept.due_at, timer.c.id < kept.id))
    row = work.one(select(timer).where(same, timer.c.status == "waiting", before).order_by(timer.c.due_at, timer.c.id).limit(1))
    return _timer(row) if row else None


def together(work: Work, ids: Collection[str], now: datetime) -> list[Timer]:
    """Of these timers, those that may fire in one commit: due at the moment that most of them share, of different cases, no earlier one of theirs waiting."""
    due = select(timer).where(timer.c.id.in_(sorted(ids)), timer.c.status == "waiting", timer.c.due_at <= now, timer.c.case_id.is_not(None))
    kept = [_timer(row) for row in work.rows(due.order_by(timer.c.due_at, timer.c.id))]
    if not kept:
        return []
    ((moment, _),) = Counter(one.due_at for one in kept).most_common(1)
    first: dict[str | None, Timer] = {}
    for one in kept:
        if one.due_at == moment:
            first.setdefault(one.case_id, one)
    same_case = and_(timer.c.case_id.in_({one.case_id for one in first.values()}), timer.c.status == "waiting", timer.c.due_at <= moment)
    rows = work.rows(select(timer.c.case_id, timer.c.id, timer.c.due_at).where(same_case))
    behind = {row.case_id for row in rows if (row.due_at, row.id) < (moment, first[row.case_id].id)}
    return [one for case_id, one in first.items() if case_id not in behind]


def take_due_timers(work: Work, now: datetime, lease: timedelta, count: int) -> list[str]:
    """Takes the next due timers for this worker, in due order; others see them again once the lease is over (SKIP LOCKED on PostgreSQL)."""
    due = (
        select(timer.c.id)
        .where(timer.c.status == "waiting", timer.c.due_at <= now, or_(timer.c.next_try_at.is_(None), timer.c.next_try_at <= now))
        .order_by(timer.c.due_at, timer.c.id)
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    ids = [row.id for row in work.rows(due)]
    if ids:
        work.execute(update(timer).where(timer.c.id.in_(ids)).values(next_try_at=now + lease))
    return ids


def note_timer_failure(work: Work, kept: Timer, error: str, next_try_at: datetime, *, stuck: bool) -> None:
    """Counts a failed try; a stuck timer is no longer tried."""
    status = "stuck" if stuck else "waiting"
    where = and_(timer.c.id == kept.id, timer.c.status == "waiting")
    work.execute(update(timer).where(where).values(tries=kept.tries + 1, next_try_at=next_try_at, last_error=error[:2000], status=status))
