"""Fires timers that are due at the same moment in one commit, so that a day on which thousands are due ends in time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from server.access.jalon import Jalon
from server.actions.advancing import Plan, act
from server.engine import FireTimer
from server.kernel.actor import Actor
from server.store.cases import instances_with_cases
from server.store.timers import together
from server.store.work import reading


def fire_timers(jalon: Jalon, actor: Actor, timer_ids: Collection[str], now: datetime) -> frozenset[str]:
    """Which of these timers fired: those due at the moment that most of them share, one of each case, all in one commit, with the clock set to that moment.

    What has an earlier timer of its case before it, or belongs to no case, is left to `fire_timer`. Raises what any of them raises; then none fired.
    """
    with reading(jalon.database) as work:
        found = together(work, timer_ids, now)
    if len(found) < 2:  # nothing to gain
        return frozenset()
    ids = [one.id for one in found]

    def first(plan: Plan) -> frozenset[str]:
        kept = together(plan.work, ids, now)
        for instance, case in instances_with_cases(plan.work, {one.instance_id for one in kept}):
            plan.take(instance, case)
        for one in kept:
            plan.command(one.instance_id, FireTimer(one.id))
        return frozenset(one.id for one in kept)

    return act(jalon, actor, found[0].due_at, first)
