"""Starts an instance of a process: of the version in force today, or of the one its parent was published with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from server.engine import Start
from server.kernel.errors import ModelError
from server.kernel.ids import new_id
from server.kernel.values import Value
from server.store.packages import find_version
from server.store.rows import Case, Instance

if TYPE_CHECKING:
    from server.actions.advancing import Plan


def start_instance(
    plan: Plan, process: str, beside: Instance | Case, variables: Mapping[str, Value], *, binding: str = "latest", call: str | None = None
) -> str:
    """The id of a new instance of `process`, whose Start the plan will run.

    `beside`: the instance that asks (its case, its territory) or the case itself. `call`: the call activity that waits, which makes `beside` the parent.
    `binding`: "latest" for the version in force now, "deployment" for the one that was in force when the parent's version was published. Raises ModelError.
    """
    at = plan.now
    if isinstance(beside, Instance) and binding == "deployment":
        at = _published_at(plan, beside) or at
    parent = beside.id if isinstance(beside, Instance) and call else None
    started = _new(plan, process, beside.departement, beside.territory_id, at)
    case_id = beside.id if isinstance(beside, Case) else beside.case_id
    subject = None if isinstance(beside, Case) or case_id else beside.subject
    return _begin(plan, replace(started, case_id=case_id, parent_id=parent, parent_call=call, subject=subject), variables)


def start_session(plan: Plan, process: str, departement: str, territory_id: str, session_id: str, variables: Mapping[str, Value]) -> str:
    """The id of a new instance that holds a session and belongs to no case. Raises ModelError."""
    started = _new(plan, process, departement, territory_id, plan.now)
    return _begin(plan, replace(started, subject={"seance": session_id}), variables)


def _new(plan: Plan, process: str, departement: str, territory_id: str | None, at: datetime) -> Instance:
    package_id = plan.version_in_force(departement, process, at)
    if package_id is None:
        raise ModelError(
            f"Le processus « {process} » n'est pas publié dans ce département. Publiez-le, puis recommencez.", rule="processus-non-publie"
        )
    return Instance(
        id=new_id(),
        case_id=None,
        package_id=package_id,
        departement=departement,
        territory_id=territory_id,
        process=process,
        parent_id=None,
        parent_call=None,
        state=None,
        status="open",
        outcome=None,
        version=0,
        turns=0,
        started_at=plan.now,
    )


def _begin(plan: Plan, started: Instance, variables: Mapping[str, Value]) -> str:
    plan.take(started, plan.case(started.case_id) if started.case_id else None)
    plan.moves.instances[started.id] = replace(started, born=plan.next_line(started))
    if started.case_id:
        plan.moves.case_changes.setdefault(started.case_id, {}).update(_reopened(started.process))
    plan.command(started.id, Start(dict(variables)))
    return started.id


def _reopened(process: str) -> dict[str, Any]:
    return {"stage": process, "status": "open", "closed_at": None}


def _published_at(plan: Plan, parent: Instance) -> datetime | None:
    version = find_version(plan.work, parent.package_id)
    return version.published_at if version else None
