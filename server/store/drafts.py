"""Drafts: what was typed and not sent yet, one per task and person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from server.store.tables import draft, user_account
from server.store.work import Work


@dataclass(frozen=True)
class Draft:
    """What somebody typed in a task's form; `answers` are raw."""

    task_id: str
    user_id: str
    user_name: str
    answers: Mapping[str, Any]
    saved_at: datetime


def keep_draft(work: Work, task_id: str, user_id: str, answers: Mapping[str, Any], now: datetime) -> None:
    """Keeps the draft of this person, in place of the one before."""
    row = {"task_id": task_id, "user_id": user_id, "answers": dict(answers), "saved_at": now}
    work.upsert(draft, [row], key=("task_id", "user_id"), update=("answers", "saved_at"))


def draft_of(work: Work, task_id: str, user_id: str) -> Draft | None:
    """This person's draft, or None."""
    return next((kept for kept in drafts_of_task(work, task_id) if kept.user_id == user_id), None)


def drafts_of_task(work: Work, task_id: str) -> list[Draft]:
    """Every draft of a task, the latest first: the next holder is offered those of the others."""
    statement = (
        select(draft, user_account.c.name.label("user_name"))
        .join(user_account, user_account.c.id == draft.c.user_id)
        .where(draft.c.task_id == task_id)
        .order_by(draft.c.saved_at.desc())
    )
    return [Draft(row.task_id, row.user_id, row.user_name, row.answers, row.saved_at) for row in work.rows(statement)]


def drop_drafts(work: Work, task_ids: list[str]) -> None:
    """Forgets the drafts of these tasks."""
    work.execute(delete(draft).where(draft.c.task_id.in_(task_ids)))
