"""Starts a process in an open case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.actions.advancing import Plan, act
from server.kernel.actor import Actor
from server.kernel.errors import Forbidden, NotFound
from server.kernel.values import Value
from server.store.packages import version_in_force


def start_process(jalon: Jalon, actor: Actor, case_id: str, process: str, variables: Mapping[str, Value], now: datetime) -> str:
    """The id of the new instance of the version in force. Raises NotFound, Forbidden (not in the start groups of its package), ModelError."""

    def first(plan: Plan) -> str:
        case = case_to_read(plan.work, actor, case_id)
        version = version_in_force(plan.work, case.departement, process, now)
        if version is None:
            raise NotFound(f"Le processus « {process} » n'est pas publié dans ce département.")
        manifest = jalon.package(version.id).manifest
        if not set(manifest.start_groups) & actor.groups:
            raise Forbidden(f"Le processus « {manifest.title} » se démarre par un autre groupe que les vôtres.")
        plan.take_case(case)
        return plan.start(process, case, variables)

    return act(jalon, actor, now, first)
