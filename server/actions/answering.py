"""Checks what a form sent, against the form of the version that the instance began with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from server.access.form_scope import form_scope
from server.actions.advancing import Plan
from server.forms import check
from server.kernel.errors import BadInput
from server.kernel.values import Value
from server.store.rows import TaskInPlace
from server.store.sql import select
from server.store.tables import document


def clean_answers(plan: Plan, found: TaskInPlace, raw: Mapping[str, Any]) -> dict[str, Value]:
    """The clean answers of a task's form. Raises FormErrors, in the order of the form; ModelError when the form cannot be read."""
    task, instance = found.task, found.instance
    if not task.form:
        return {}
    form = plan.jalon.form(instance.package_id, task.form)
    today = plan.jalon.today(task.departement, task.territory_id, plan.now)
    scope = form_scope(instance.state, plan.dossier(instance), plan.jalon.parameters(task.departement, task.territory_id, today).values)
    zone = plan.jalon.zone(task.departement, task.territory_id, plan.now)
    clean = check(form, raw, scope, today, plan.now.astimezone(ZoneInfo(zone)), zone)
    _refuse_foreign_documents(plan, found, clean)
    return clean


def _refuse_foreign_documents(plan: Plan, found: TaskInPlace, clean: Mapping[str, Value]) -> None:
    """Raises BadInput when an answer names a document that is not of this case; nothing is read when no answer names one."""
    named = set(_documents_named(clean))
    if not named:
        return
    mine = select(document.c.id).where(document.c.id.in_(sorted(named)), document.c.case_id == found.task.case_id)
    if named - {row.id for row in plan.work.rows(mine)}:
        raise BadInput("Un fichier de la réponse n'est pas un document de ce dossier. Joignez-le de nouveau.")


def _documents_named(value: Value) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _documents_named(item)
    elif isinstance(value, dict):
        if "nom" in value and "document" in value:
            yield str(value["document"])
        for item in value.values():
            yield from _documents_named(item)
