"""A manager stops a process, with a written reason; its children stop in the same commit."""

from __future__ import annotations

from datetime import datetime

from server.access.finding import instance_to_steer
from server.access.jalon import Jalon
from server.actions.advancing import Plan, act
from server.engine import Cancel
from server.kernel.actor import Actor
from server.kernel.errors import BadInput


def cancel_instance(jalon: Jalon, actor: Actor, instance_id: str, reason: str, now: datetime) -> None:
    """Cancels an instance. Raises NotFound, Forbidden, BadInput (no reason), Stale (already closed)."""
    if not reason.strip():
        raise BadInput("Une démarche s'arrête pour un motif écrit. Donnez-le, puis recommencez.")

    def first(plan: Plan) -> None:
        plan.take(*instance_to_steer(plan.work, actor, instance_id))
        plan.command(instance_id, Cancel(reason.strip()))

    act(jalon, actor, now, first)
