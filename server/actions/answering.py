"""Checks what a form sent, against the form of the version that the instance began with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from server.access.form_scope import form_scope
from server.actions.advancing import Plan
from server.forms import check
from server.kernel.values import Value
from server.store.rows import TaskInPlace


def clean_answers(plan: Plan, found: TaskInPlace, raw: Mapping[str, Any]) -> dict[str, Value]:
    """The clean answers of a task's form. Raises FormErrors, in the order of the form; ModelError when the form cannot be read."""
    task, instance = found.task, found.instance
    if not task.form:
        return {}
    form = plan.jalon.form(instance.package_id, task.form)
    today = plan.jalon.today(task.departement, task.territory_id, plan.now)
    scope = form_scope(instance.state, plan.dossier(instance), plan.jalon.parameters(task.departement, task.territory_id, today).values)
    zone = plan.jalon.zone(task.departement, task.territory_id, plan.now)
    return check(form, raw, scope, today, plan.now.astimezone(ZoneInfo(zone)), zone)
