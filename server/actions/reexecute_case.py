"""Runs every recorded command of a case again and compares each state with the digest kept then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.values import read_canonical
from server.replay.reexecute import Comparison, Recorded, reexecute
from server.store.sql import select
from server.store.tables import command, instance, parameter_set, payload
from server.store.work import Work, reading


@dataclass(frozen=True)
class Rerun:
    """What running a case again gave: `count` commands gave the recorded state; `message` says the first that did not."""

    ok: bool
    count: int
    message: str


def reexecute_case(jalon: Jalon, actor: Actor, case_id: str, now: datetime) -> Rerun:  # noqa: ARG001 - every verb ends with its time
    """Re-executes all instances of a case, each on the version it began with. Raises NotFound."""
    with reading(jalon.database) as work:
        if actor.user_id:
            case_to_read(work, actor, case_id)
        instances = work.rows(
            select(instance.c.id, instance.c.package_id).where(instance.c.case_id == case_id).order_by(instance.c.started_at, instance.c.id)
        )
        recorded = _recorded(work, case_id)
    count = 0
    for row in instances:
        found = _run(jalon, row.package_id, recorded.get(row.id, []))
        count += found.checked
        if not found.same:
            return Rerun(ok=False, count=count, message=found.sentence)
    return Rerun(ok=True, count=count, message="")


def _run(jalon: Jalon, package_id: str, recorded: list[Recorded]) -> Comparison:
    return reexecute(lambda: jalon.definition(package_id), recorded)


def _recorded(work: Work, case_id: str) -> dict[str, list[Recorded]]:
    """The commands of every instance of the case, with their contexts: two statements."""
    statement = (
        select(command, payload.c.content)
        .join(instance, instance.c.id == command.c.instance_id)
        .outerjoin(payload, payload.c.id == command.c.payload_id)
        .where(instance.c.case_id == case_id)
        .order_by(command.c.instance_id, command.c.number)
    )
    rows = work.rows(statement)
    wanted = sorted({row.parameters_hash for row in rows})
    sets = work.rows(select(parameter_set.c.hash, parameter_set.c.content).where(parameter_set.c.hash.in_(wanted))) if wanted else []
    parameters = {row.hash: row.content for row in sets}
    found: dict[str, list[Recorded]] = {}
    for row in rows:
        told = read_canonical(row.content) if row.content is not None else None
        context = _context(row.instance_id, told, parameters.get(row.parameters_hash))
        found.setdefault(row.instance_id, []).append(
            Recorded(row.number, row.at, told["command"] if told else None, context, row.state_hash)
        )
    return found


def _context(instance_id: str, told: Mapping[str, Any] | None, parameters: Any) -> dict[str, Any] | None:
    if told is None or parameters is None:
        return None
    return {"instance_id": instance_id, "parameters": parameters, "case": told["case"], "zone": told["zone"]}
