"""A person completes a task: rights, form, engine, one commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.access.finding import refuse_when_gone, refuse_when_held, refuse_when_redrawn, task_to_work
from server.access.jalon import Jalon
from server.actions.advancing import Plan, act
from server.actions.answering import clean_answers
from server.engine import CompleteTask
from server.kernel.actor import Actor
from server.kernel.errors import BadInput
from server.store.rows import TaskInPlace


@dataclass(frozen=True)
class Completed:
    """The answer of a completed task; `next_task` is the first new task of the same case that the same person may work, if any."""

    task_id: str
    case_id: str | None
    instance_id: str
    next_task: str | None = None


def complete_task(
    jalon: Jalon, actor: Actor, task_id: str, answers: Mapping[str, Any], seen_version: int | None, key: str | None, now: datetime
) -> Completed:
    """Completes a task with raw answers, as its form sent them.

    `seen_version`: the task's version when its page was drawn; `key`: the idempotency key of the posted form: the same key twice gives the same answer and
    does nothing the second time. Raises NotFound, Forbidden, FormErrors, Stale (who was first, and when), ModelError. One commit.
    """
    return act(jalon, actor, now, lambda plan: _complete(plan, actor, task_id, answers, seen_version, key))


def _complete(plan: Plan, actor: Actor, task_id: str, answers: Mapping[str, Any], seen_version: int | None, key: str | None) -> Completed:
    found = task_to_work(plan.work, actor, task_id, key)
    if found.posted is not None:
        return _again(found, actor, task_id)
    refuse_when_gone(found.task)
    refuse_when_held(found.task, actor)
    refuse_when_redrawn(found.task, seen_version)
    plan.take(found.instance, found.case)
    clean = clean_answers(plan, found, answers)
    if found.has_draft:
        plan.moves.drafted_tasks.add(task_id)
    plan.command(found.instance.id, CompleteTask(task_id, clean))
    plan.settle()
    done = Completed(task_id, found.task.case_id, found.instance.id, _next(plan, actor, found))
    if key:
        plan.answer_to(key, {"task_id": task_id, "next_task": done.next_task})
    return done


def _again(found: TaskInPlace, actor: Actor, task_id: str) -> Completed:
    posted = found.posted or {}
    if found.posted_by != actor.user_id or posted.get("task_id") != task_id:
        raise BadInput("Ce formulaire a déjà servi pour autre chose. Rechargez la page, puis recommencez.")
    return Completed(task_id, found.task.case_id, found.instance.id, posted.get("next_task"))


def _next(plan: Plan, actor: Actor, found: TaskInPlace) -> str | None:
    for row in plan.moves.tasks.values():
        mine = row["group_name"] in actor.groups or bool(set(row["also_groups"].split(",")) & actor.groups)
        free = row["holder_id"] in (None, actor.user_id)
        if row["status"] == "open" and row["case_id"] == found.task.case_id and mine and free:
            return str(row["id"])
    return None
