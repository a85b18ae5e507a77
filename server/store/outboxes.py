"""The outbox: wishes to be done after their commit, taken under a lease, done once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from server.kernel.values import read_canonical
from server.store.tables import outbox, payload
from server.store.work import Work


@dataclass(frozen=True)
class Wish:
    """One row of the outbox with its inputs (None once erased)."""

    id: str
    instance_id: str
    case_id: str | None
    call_id: str
    element: str
    type: str
    headers: Mapping[str, Any]
    inputs: Mapping[str, Any] | None
    waits: bool
    status: str
    lease: str | None
    tries: int
    created_at: datetime


_WISH = (
    select(outbox, payload.c.content)
    .select_from(outbox.outerjoin(payload, payload.c.id == outbox.c.payload_id))
    .where(outbox.c.id == bindparam("wish_id"))
)


def find_wish(work: Work, wish_id: str) -> Wish | None:
    """The wish of this id with its inputs, or None."""
    row = work.one(_WISH, {"wish_id": wish_id})
    if row is None:
        return None
    inputs = read_canonical(row.content).get("inputs") if row.content else None
    return Wish(
        row.id, row.instance_id, row.case_id, row.call_id or "", row.element, row.type, row.headers, inputs, row.waits, row.status, row.lease, row.tries,
        row.created_at,
    )  # fmt: skip


def take_wishes(work: Work, now: datetime, lease: str, length: timedelta, count: int) -> list[str]:
    """Takes the next wishes under `lease` until now + length; what another worker holds is left alone (SKIP LOCKED on PostgreSQL)."""
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    due = (
        select(outbox.c.id)
        .where(outbox.c.status == "waiting", outbox.c.next_try_at <= now, free)
        .order_by(outbox.c.next_try_at, outbox.c.id)
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    ids = [row.id for row in work.rows(due)]
    if ids:
        work.execute(update(outbox).where(outbox.c.id.in_(ids)).values(lease=lease, leased_until=now + length))
    return ids


def renew_lease(work: Work, wish_id: str, lease: str, until: datetime) -> bool:
    """Keeps a wish longer; False when another worker has it meanwhile."""
    mine = and_(outbox.c.id == wish_id, outbox.c.lease == lease, outbox.c.status == "waiting")
    return work.changed(update(outbox).where(mine).values(leased_until=until)) == 1


def note_wish_failure(work: Work, wish: Wish, lease: str, error: str, next_try_at: datetime, *, stuck: bool) -> bool:
    """Counts a failed try and frees the wish; False when another worker has it meanwhile."""
    mine = and_(outbox.c.id == wish.id, outbox.c.lease == lease, outbox.c.status == "waiting")
    values: dict[str, Any] = {
        "tries": wish.tries + 1,
        "next_try_at": next_try_at,
        "last_error": error[:2000],
        "lease": None,
        "leased_until": None,
    }
    return work.changed(update(outbox).where(mine).values(status="stuck" if stuck else "waiting", **values)) == 1
