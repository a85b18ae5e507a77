"""Keeps what an agent has typed in a task's form, valid or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.access.finding import refuse_when_gone, task_to_work
from server.access.jalon import Jalon
from server.actions.touching import write_facts
from server.kernel.actor import Actor
from server.kernel.errors import TooMuch
from server.kernel.facts import DRAFT_SAVED, Fact
from server.kernel.values import canonical, to_plain
from server.store.drafts import draft_of, keep_draft
from server.store.work import unit_of_work, until_settled

LIMIT = 200_000  # bytes


def save_draft(jalon: Jalon, actor: Actor, task_id: str, answers: Mapping[str, Any], now: datetime) -> datetime:
    """When the draft was kept. The first draft of a person on a task is told in the history, its content never is. Raises NotFound, Forbidden, Stale, TooMuch."""
    plain = to_plain(dict(answers))
    if len(canonical(dict(answers))) > LIMIT:
        raise TooMuch("Ce brouillon est trop long pour être gardé. Raccourcissez les textes, puis recommencez.")
    return until_settled(lambda: _save(jalon, actor, task_id, plain, now))


def _save(jalon: Jalon, actor: Actor, task_id: str, answers: dict[str, Any], now: datetime) -> datetime:
    with unit_of_work(jalon.database) as work:
        found = task_to_work(work, actor, task_id)
        refuse_when_gone(found.task)
        first = draft_of(work, task_id, actor.user_id) is None
        keep_draft(work, task_id, actor.user_id, answers, now)
        if first:
            write_facts(work, found, [Fact(DRAFT_SAVED, now, found.task.element, {"task": task_id})], actor)
    return now
