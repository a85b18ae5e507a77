"""One task as its page shows it: form, context, draft, person, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.access.finding import task_to_read
from server.access.form_scope import form_scope
from server.access.jalon import Jalon
from server.access.projecting import projection
from server.access.seeing import may_work_task
from server.kernel.actor import Actor
from server.kernel.values import Value
from server.queries.inbox import InboxRow, inbox_row, task_rows
from server.queries.persons import PersonLines, person_of_case
from server.queries.wording import group_words
from server.store.drafts import drafts_of_task
from server.store.rows import TaskInPlace
from server.store.tables import task as task_table
from server.store.work import reading


@dataclass(frozen=True)
class TaskPage:
    """Everything the page needs. `context` is what the form's expressions read; `draft` is raw, as typed."""

    task: InboxRow
    package_id: str
    form_schema: Mapping[str, Any]
    context: dict[str, Value]
    draft: Mapping[str, Any] | None
    draft_at: datetime | None
    draft_by: str
    may_work: bool
    why_not: str
    person: PersonLines | None
    next_steps: tuple[str, ...]
    help_text: str


def task_page(jalon: Jalon, actor: Actor, task_id: str, now: datetime) -> TaskPage:
    """The task's page. Raises NotFound."""
    with reading(jalon.database) as work:
        found = task_to_read(work, actor, task_id)
        today = jalon.today(found.task.departement, found.task.territory_id, now)
        drafts = drafts_of_task(work, task_id)
        mine = next((kept for kept in drafts if kept.user_id == actor.user_id), drafts[0] if drafts else None)
        person = person_of_case(work, actor, found.task.case_id, today, whole=False) if found.task.case_id else None
        row = inbox_row(work.rows(task_rows(task_table.c.id == task_id))[0])
    parameters = jalon.parameters(found.task.departement, found.task.territory_id, today).values
    dossier = projection(found.case, found.case.facts, today) if found.case else {}
    package = jalon.package(found.instance.package_id)
    may, why_not = _may(actor, found)
    return TaskPage(
        task=row,
        package_id=found.instance.package_id,
        form_schema=package.form(found.task.form) if found.task.form else {"id": "vide", "type": "default", "components": []},
        context=form_scope(found.instance.state, dossier, parameters),
        draft=mine.answers if mine else None,
        draft_at=mine.saved_at if mine else None,
        draft_by=mine.user_name if mine else "",
        may_work=may,
        why_not=why_not,
        person=person,
        next_steps=_next_steps(jalon, found),
        help_text="",
    )


def _may(actor: Actor, found: TaskInPlace) -> tuple[bool, str]:
    task = found.task
    if task.status == "done":
        return False, f"{task.done_by_name or 'Quelqu’un'} l'a terminée."
    if task.status != "open":
        return False, "Elle n'attend plus de réponse : le dossier est passé à la suite."
    if not may_work_task(actor, task, found.case):
        return False, f"Elle est confiée à l'équipe « {group_words(task.group_name)} »."
    if task.holder_id and task.holder_id != actor.user_id:
        return False, f"{task.holder_name} la tient."
    return True, ""


_BY_ITSELF = {"businessRuleTask", "scriptTask", "serviceTask", "sendTask", "intermediateThrowEvent"}


def _next_steps(jalon: Jalon, found: TaskInPlace) -> tuple[str, ...]:
    """Where the diagram leads after this task, one sentence per way: past what the machine does by itself, to who works next or to the end."""
    definition = jalon.definition(found.instance.package_id)
    teams = {task.element: ", ".join(map(group_words, task.groups)) for task in definition.user_tasks}
    after: dict[str, list[Any]] = {}
    for flow in definition.flows.values():
        after.setdefault(flow.source, []).append(flow)
    sentences: list[str] = []
    seen: set[str] = set()

    def walk(element: str, words: str) -> None:
        for flow in after.get(element, []):
            target = definition.elements[flow.target]
            told = f"{words}{flow.name} : " if flow.name else words
            passed = target.type.endswith("Gateway") or target.type in _BY_ITSELF
            if passed and target.id not in seen:
                seen.add(target.id)
                question = target.name if target.type.endswith("Gateway") and len(after.get(target.id, [])) > 1 else ""
                walk(target.id, f"{told}{question} " if question else told)
            elif not passed:
                sentences.append(told + _arrival(target, teams.get(target.id, "")))

    walk(found.task.element, "")
    return tuple(dict.fromkeys(sentences))[:6]


def _arrival(target: Any, team: str) -> str:
    """What waits there, and for whom."""
    if target.type == "endEvent":
        return f"fin de l'étape, « {target.name} »" if target.name else "fin de l'étape"
    name = f"« {target.name or target.id} »"
    if target.type == "userTask":
        return f"tâche {name}{f', équipe {team}' if team else ''}"
    return f"étape {name}" if target.type in ("callActivity", "subProcess") else f"attente de {name}"
