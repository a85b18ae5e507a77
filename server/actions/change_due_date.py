"""A manager moves the date of a task or of a timer, with a written reason."""

from __future__ import annotations

from datetime import datetime

from server.access.finding import instance_to_steer
from server.access.jalon import Jalon
from server.actions.advancing import Plan, act
from server.engine import ChangeDueDate
from server.kernel.actor import Actor
from server.kernel.errors import BadInput


def change_due_date(jalon: Jalon, actor: Actor, instance_id: str, target: str, due: datetime, reason: str, now: datetime) -> None:
    """Moves the due date of `target`, the id of an open task or of a waiting timer of the instance. Raises NotFound, Forbidden, BadInput, Stale."""
    if not reason.strip():
        raise BadInput("Une échéance se déplace pour un motif écrit. Donnez-le, puis recommencez.")

    def first(plan: Plan) -> None:
        plan.take(*instance_to_steer(plan.work, actor, instance_id))
        plan.command(instance_id, ChangeDueDate(target, due, reason.strip()))

    act(jalon, actor, now, first)
