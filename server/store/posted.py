"""Forms that were posted under an idempotency key, and what they were answered; completed tasks keep theirs in their command."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from server.store.tables import posted_key
from server.store.work import Work


def find_posted(work: Work, key: str) -> Row[Any] | None:
    """What this key was answered, by which verb, to whom; None for a new key."""
    return work.one(select(posted_key).where(posted_key.c.key == key))
