"""Starts an instance of a process: of the version in force today, or of the one its parent was published with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from server.engine import Start
from server.kernel.errors import ModelError
from server.kernel.ids import new_id
from server.kernel.values import Value
from server.store.packages import find_version, version_in_force
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
    version = version_in_force(plan.work, beside.departement, process, at)
    if version is None:
        raise ModelError(
            f"Le processus « {process} » n'est pas publié dans ce département. Publiez-le, puis recommencez.", rule="processus-non-publie"
        )
    case_id = beside.id if isinstance(beside, Case) else beside.case_id
    started = Instance(
        id=new_id(),
        case_id=case_id,
        package_id=version.id,
        departement=beside.departement,
        territory_id=beside.territory_id,
        process=process,
        parent_id=beside.id if isinstance(beside, Instance) and call else None,
        parent_call=call,
        state=None,
        status="open",
        outcome=None,
        version=0,
        turns=0,
        started_at=plan.now,
        subject=None,
    )
    plan.take(started, plan.case(case_id) if case_id else None)
    if case_id:
        plan.moves.case_changes.setdefault(case_id, {}).update(_reopened(process))
    plan.command(started.id, Start(dict(variables)))
    return started.id


def _reopened(process: str) -> dict[str, Any]:
    return {"stage": process, "status": "open", "closed_at": None}


def _published_at(plan: Plan, parent: Instance) -> datetime | None:
    version = find_version(plan.work, parent.package_id)
    return version.published_at if version else None
