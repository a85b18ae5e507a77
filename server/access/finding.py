"""From an id and an actor to a row, or NotFound (it is not there, or not for you) or Forbidden (you see it but may not); the only such way."""

from __future__ import annotations

from server.access.seeing import may_assign_task, may_see_case, may_see_instance, may_see_task, may_steer_instance, may_work_task
from server.kernel.actor import Actor
from server.kernel.errors import Forbidden, NotFound, Stale
from server.store.cases import find_case, find_instance, find_task
from server.store.rows import Case, Instance, Task, TaskInPlace
from server.store.work import Work


def case_to_read(work: Work, actor: Actor, case_id: str) -> Case:
    """A case that the actor may read. Raises NotFound."""
    case = find_case(work, case_id)
    if case is None or not may_see_case(actor, case):
        raise NotFound("Ce dossier n'existe pas, ou ne vous est pas ouvert.")
    return case


def task_to_read(work: Work, actor: Actor, task_id: str, posted_key: str | None = None) -> TaskInPlace:
    """A task that the actor may see, with its instance and case. Raises NotFound."""
    found = find_task(work, task_id, posted_key)
    if found is None or not may_see_task(actor, found.task, found.case):
        raise NotFound("Cette tâche n'existe pas, ou ne vous est pas ouverte.")
    return found


def task_to_work(work: Work, actor: Actor, task_id: str, posted_key: str | None = None) -> TaskInPlace:
    """A task that the actor may claim or complete; whether it is still open is for `refuse_when_gone`. Raises NotFound, Forbidden."""
    found = task_to_read(work, actor, task_id, posted_key)
    if not may_work_task(actor, found.task, found.case):
        raise Forbidden(f"La tâche « {found.task.name} » est confiée à un autre groupe : vous pouvez la consulter, pas la traiter.")
    return found


def task_to_assign(work: Work, actor: Actor, task_id: str) -> TaskInPlace:
    """A task that the actor may give to somebody. Raises NotFound, Forbidden."""
    found = task_to_read(work, actor, task_id)
    if not may_assign_task(actor, found.task, found.case):
        raise Forbidden("Seul un responsable de ce territoire peut confier une tâche à quelqu'un.")
    return found


def instance_to_steer(work: Work, actor: Actor, instance_id: str) -> tuple[Instance, Case | None]:
    """An instance that the actor may cancel or re-date. Raises NotFound, Forbidden."""
    found = find_instance(work, instance_id)
    if found is None or not may_see_instance(actor, found[0], found[1]):
        raise NotFound("Cette démarche n'existe pas, ou ne vous est pas ouverte.")
    if not may_steer_instance(actor, found[0]):
        raise Forbidden("Seul un responsable de ce territoire peut arrêter une démarche ou en changer une échéance.")
    return found


def refuse_when_gone(task: Task) -> None:
    """Raises Stale, naming who and when, when the task is no longer open."""
    if task.status == "done":
        by = task.done_by_name or "L'automate"
        raise Stale(f"{by} a terminé la tâche « {task.name} » avant vous. Votre saisie n'a pas été enregistrée.", by=by, at=task.done_at)
    if task.status != "open":
        raise Stale(
            f"La tâche « {task.name} » n'attend plus de réponse : la démarche est passée à la suite.",
            by=task.done_by_name or "",
            at=task.done_at,
        )


def refuse_when_held(task: Task, actor: Actor) -> None:
    """Raises Stale, naming who and since when, when somebody else holds the task."""
    if task.holder_id and task.holder_id != actor.user_id:
        by = task.holder_name or ""
        raise Stale(f"Cette tâche est confiée à {by} ; vous pouvez la consulter, plus la terminer.", by=by, at=task.held_at)


def refuse_when_redrawn(task: Task, seen_version: int | None) -> None:
    """Raises Stale when the task changed since the page was drawn (`seen_version`; None when the caller saw no version)."""
    if seen_version is not None and task.version != seen_version:
        by, at = task.holder_name or "", task.held_at
        raise Stale(
            f"La tâche « {task.name} » a changé pendant votre saisie. Votre saisie est conservée : rechargez la page et comparez.",
            by=by,
            at=at,
        )
