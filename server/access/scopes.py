"""What an actor may see, as conditions of lists: the same rules as in seeing.py, said to the database."""

from __future__ import annotations

from typing import Any

from server.access.seeing import READERS_OF_CASES
from server.kernel.actor import Actor
from server.store.sql import ColumnElement, and_, false, or_, select, true
from server.store.tables import case_file, task


def _places(actor: Actor, column: Any) -> ColumnElement[bool]:
    if actor.everywhere:
        return true()
    return or_(column.is_(None), column.in_(sorted(actor.territories)))


def tasks_of_groups(actor: Actor) -> ColumnElement[bool]:
    """Tasks offered to one of the actor's groups, in their territories; of an outside structure, those of its own cases."""
    if not actor.groups:
        return false()
    groups = or_(
        task.c.group_name.in_(sorted(actor.groups)),
        *(task.c.also_groups.contains(f",{name},", autoescape=True) for name in sorted(actor.groups)),
    )
    conditions = [task.c.departement == actor.departement, _places(actor, task.c.territory_id), groups]
    if actor.structure:
        conditions.append(task.c.case_id.in_(select(case_file.c.id).where(case_file.c.structure_id == actor.structure)))
    return and_(*conditions)


def cases_in_reach(actor: Actor) -> ColumnElement[bool]:
    """Cases that the actor may read (seeing.may_see_case)."""
    if not actor.has(*READERS_OF_CASES):
        return false()
    conditions = [case_file.c.departement == actor.departement, _places(actor, case_file.c.territory_id)]
    if actor.structure:
        conditions.append(case_file.c.structure_id == actor.structure)
    return and_(*conditions)
