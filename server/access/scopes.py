"""What an actor may see, as conditions of lists: the same rules as in seeing.py, said to the database."""

from __future__ import annotations

from typing import Any

from server.access.seeing import READERS_OF_CASES
from server.kernel.actor import Actor
from server.store.sql import ColumnElement, and_, false, not_, or_, select, true, word
from server.store.tables import case_file, task


def _places(actor: Actor, column: Any) -> ColumnElement[bool]:
    if actor.everywhere:
        return true()
    return or_(column.is_(None), column.in_(sorted(actor.territories)))


def tasks_of_groups(actor: Actor) -> ColumnElement[bool]:
    """Tasks offered to one of the actor's groups, in their territories; of an outside structure, those of its own cases."""
    return or_(false(), *offers(actor))


def offers(actor: Actor) -> list[ColumnElement[bool]]:
    """The same tasks in parts that share none, each read through an index: to be counted apart and added up. Empty for nobody's groups."""
    if not actor.groups:
        return []
    own = [task.c.departement == actor.departement]
    if actor.structure:
        own.append(task.c.case_id.in_(select(case_file.c.id).where(case_file.c.structure_id == actor.structure)))
    first = task.c.group_name.in_(sorted(actor.groups))
    also = or_(*(task.c.also_groups.contains(f",{name},", autoescape=True) for name in sorted(actor.groups)))
    of_groups = [first, and_(task.c.also_groups != word(""), not_(first), also)]
    of_places = [true()] if actor.everywhere else [task.c.territory_id.in_(sorted(actor.territories)), task.c.territory_id.is_(None)]
    return [and_(*own, of_group, of_place) for of_group in of_groups for of_place in of_places]


def cases_in_reach(actor: Actor) -> ColumnElement[bool]:
    """Cases that the actor may read (seeing.may_see_case)."""
    if not actor.has(*READERS_OF_CASES):
        return false()
    conditions = [case_file.c.departement == actor.departement, _places(actor, case_file.c.territory_id)]
    if actor.structure:
        conditions.append(case_file.c.structure_id == actor.structure)
    return and_(*conditions)
