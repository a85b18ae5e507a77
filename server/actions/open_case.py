"""Opens the case of a person and starts its path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.access.jalon import Jalon
from server.actions.advancing import Plan, act
from server.actions.opening import Newcomer, open_in
from server.kernel.actor import Actor
from server.kernel.values import Value
from server.store.rows import Case


@dataclass(frozen=True)
class Opened:
    """A case that was just opened, with the instance that its path started with ("" when none was asked)."""

    case_id: str
    person_id: str
    number: str
    instance_id: str


def open_case(
    jalon: Jalon,
    actor: Actor,
    person: Mapping[str, Any],
    household: Mapping[str, Any] | None,
    territory_id: str,
    right_opened_on: date,
    now: datetime,
    *,
    process: str = "",
    variables: Mapping[str, Value] | None = None,
) -> Opened:
    """Writes the person and their household, opens the case, and starts `process` with `variables`, in one commit.

    `person`: columns of the table person, `nir` in clear (it is sealed here), `last_name` and `first_names` at least. Raises BadInput, ModelError.
    """
    newcomer = Newcomer(dict(person), dict(household) if household else None, territory_id, right_opened_on)

    def first(plan: Plan) -> tuple[Plan, Case, str]:
        case = open_in(plan, actor, newcomer)
        return plan, case, plan.start(process, case, variables or {}) if process else ""

    plan, case, started = act(jalon, actor, now, first)
    return Opened(case.id, case.person_id, plan.moves.numbers[case.id], started)
