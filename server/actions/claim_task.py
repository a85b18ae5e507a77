"""An agent takes a task for themselves."""

from __future__ import annotations

from datetime import datetime

from server.access.finding import refuse_when_gone, refuse_when_held, task_to_work
from server.access.jalon import Jalon
from server.actions.touching import holding, touch_task
from server.kernel.actor import Actor
from server.kernel.facts import TASK_CLAIMED, Fact
from server.store.work import unit_of_work, until_settled


def claim_task(jalon: Jalon, actor: Actor, task_id: str, now: datetime) -> int:
    """The task's new version. Claiming what one holds already changes nothing. Raises NotFound, Forbidden, Stale (who holds it, since when)."""
    return until_settled(lambda: _claim(jalon, actor, task_id, now))


def _claim(jalon: Jalon, actor: Actor, task_id: str, now: datetime) -> int:
    with unit_of_work(jalon.database) as work:
        found = task_to_work(work, actor, task_id)
        refuse_when_gone(found.task)
        refuse_when_held(found.task, actor)
        if found.task.holder_id == actor.user_id:
            return found.task.version
        fact = Fact(TASK_CLAIMED, now, found.task.element, {"task": task_id, "holder": actor.user_id})
        touch_task(work, found, holding(actor.user_id, actor.name, now), fact, actor)
    return found.task.version + 1
