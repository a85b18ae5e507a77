"""An agent gives a task back to its groups; what was typed stays as a draft."""

from __future__ import annotations

from datetime import datetime

from server.access.finding import refuse_when_gone, task_to_read
from server.access.jalon import Jalon
from server.access.seeing import may_assign_task
from server.actions.touching import holding, touch_task
from server.kernel.actor import Actor
from server.kernel.errors import Stale
from server.kernel.facts import TASK_RELEASED, Fact
from server.store.work import unit_of_work, until_settled


def release_task(jalon: Jalon, actor: Actor, task_id: str, now: datetime) -> int:
    """The task's new version. Releasing a task that nobody holds changes nothing. Raises NotFound, Stale (who holds it, since when)."""
    return until_settled(lambda: _release(jalon, actor, task_id, now))


def _release(jalon: Jalon, actor: Actor, task_id: str, now: datetime) -> int:
    with unit_of_work(jalon.database) as work:
        found = task_to_read(work, actor, task_id)
        refuse_when_gone(found.task)
        if found.task.holder_id is None:
            return found.task.version
        if found.task.holder_id != actor.user_id and not may_assign_task(actor, found.task, found.case):
            by = found.task.holder_name or ""
            raise Stale(
                f"Cette tâche est confiée à {by} : seule cette personne ou un responsable peut la rendre.", by=by, at=found.task.held_at
            )
        fact = Fact(TASK_RELEASED, now, found.task.element, {"task": task_id, "holder": found.task.holder_id})
        touch_task(work, found, holding(None, None, now), fact, actor)
    return found.task.version + 1
