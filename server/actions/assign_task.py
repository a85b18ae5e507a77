"""A manager gives a task to somebody who may work it."""

from __future__ import annotations

from datetime import datetime

from server.access.finding import refuse_when_gone, task_to_assign
from server.access.jalon import Jalon
from server.access.seeing import WORKERS, covers
from server.actions.touching import holding, touch_task
from server.kernel.actor import Actor
from server.kernel.errors import BadInput
from server.kernel.facts import TASK_ASSIGNED, Fact
from server.store.accounts import find_actor
from server.store.rows import TaskInPlace
from server.store.work import unit_of_work, until_settled


def assign_task(jalon: Jalon, actor: Actor, task_id: str, user_id: str, now: datetime) -> int:
    """The task's new version. Raises NotFound, Forbidden, Stale, BadInput when the person is unknown, has left, or may not work this task."""
    return until_settled(lambda: _assign(jalon, actor, task_id, user_id, now))


def _assign(jalon: Jalon, actor: Actor, task_id: str, user_id: str, now: datetime) -> int:
    with unit_of_work(jalon.database) as work:
        found = task_to_assign(work, actor, task_id)
        refuse_when_gone(found.task)
        person = find_actor(work, user_id)
        if person is None or not _may_hold(person, found):
            raise BadInput(
                "Cette personne ne peut pas recevoir cette tâche : choisissez quelqu'un d'actif, de ce groupe et de ce territoire."
            )
        if found.task.holder_id == user_id:
            return found.task.version
        body = {"task": task_id, "holder": user_id, "before": found.task.holder_id}
        touch_task(work, found, holding(user_id, person.name, now), Fact(TASK_ASSIGNED, now, found.task.element, body), actor)
    return found.task.version + 1


def _may_hold(person: Actor, found: TaskInPlace) -> bool:
    """An active worker of the task's territory who is in one of its groups; of an outside structure, only for its own cases."""
    if (
        not person.has(*WORKERS)
        or not covers(person, found.task.departement, found.task.territory_id)
        or not found.task.groups & person.groups
    ):
        return False
    return not person.structure or (found.case is not None and found.case.structure_id == person.structure)
