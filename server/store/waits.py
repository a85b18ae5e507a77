"""What instances wait for: messages by name and key."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from server.store.tables import instance, subscription
from server.store.work import Work


def waiting_for(work: Work, name: str, key: str, case_id: str | None) -> list[tuple[str, str]]:
    """(subscription, instance) of those that wait for this message: the same key, or no key at all within the same case; the oldest instance first."""
    keyless = and_(subscription.c.key == "", subscription.c.case_id == case_id) if case_id else subscription.c.key == key
    rows = work.rows(
        select(subscription.c.id, subscription.c.instance_id)
        .join(instance, instance.c.id == subscription.c.instance_id)
        .where(subscription.c.name == name, subscription.c.status == "waiting", or_(subscription.c.key == key, keyless))
        .order_by(instance.c.started_at, instance.c.born, instance.c.id)
    )
    return [(row.id, row.instance_id) for row in rows]
