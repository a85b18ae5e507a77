"""Fires one due timer, with the clock set to its due time; those of the same case that were due before it go first."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from server.access.jalon import Jalon
from server.actions.advancing import Plan, act
from server.actions.note_failure import note_timer_try
from server.engine import FireTimer
from server.kernel.actor import Actor
from server.kernel.errors import JalonError
from server.store.timers import earlier_of_case, find_timer
from server.store.work import glancing


def fire_timer(jalon: Jalon, actor: Actor, timer_id: str, now: datetime) -> bool:
    """True when the timer fired, False when there was nothing to do (fired already, cancelled, or not due at `now`). Raises ModelError."""
    while True:
        with glancing(jalon.database) as work:
            kept = find_timer(work, timer_id)
            if kept is None or kept.status != "waiting" or kept.due_at > now:
                return False
            first = earlier_of_case(work, kept) or kept
        try:
            fired = act(jalon, actor, first.due_at, partial(_fire, timer_id=first.id))
        except JalonError as error:
            if first.id == timer_id:
                raise
            note_timer_try(jalon, first.id, str(error), now)  # the fault is the earlier one's: this one waits behind it
            return False
        if first.id == timer_id:
            return fired


def _fire(plan: Plan, timer_id: str) -> bool:
    kept = find_timer(plan.work, timer_id)
    if kept is None or kept.status != "waiting":
        return False
    plan.command(kept.instance_id, FireTimer(timer_id))
    return True
