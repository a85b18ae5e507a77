"""What claim, release, assign and due dates share: one task changes, one fact is written, in one commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.kernel.actor import Actor
from server.kernel.facts import Fact
from server.store.chain import Origin
from server.store.history import Entry, append_to_case, append_to_register
from server.store.rows import TaskInPlace
from server.store.sql import and_, update
from server.store.tables import task
from server.store.work import Outrun, Work

REGISTER_OF_NO_CASE = "registre:seances"


def touch_task(work: Work, found: TaskInPlace, changes: Mapping[str, Any], fact: Fact, actor: Actor) -> None:
    """Changes a task that is still as it was read, and writes the fact at the end of its case's chain. Raises Outrun."""
    same = and_(task.c.id == found.task.id, task.c.version == found.task.version, task.c.status == "open")
    if work.changed(update(task).where(same).values(version=task.c.version + 1, **changes)) != 1:
        raise Outrun
    write_facts(work, found, [fact], actor)


def write_facts(work: Work, found: TaskInPlace, facts: list[Fact], actor: Actor) -> None:
    """Writes a verb's own facts about a task at the end of its case's chain, or of the register of sessions."""
    entries = [Entry(fact, Origin(found.instance.id)) for fact in facts]
    if found.case is not None:
        append_to_case(work, found.case.id, found.case.end, entries, actor)
    else:
        append_to_register(work, REGISTER_OF_NO_CASE, entries, actor)


def holding(user_id: str | None, name: str | None, now: datetime) -> dict[str, Any]:
    """The columns that say who holds a task."""
    return {"holder_id": user_id, "holder_name": name, "held_at": now if user_id else None}
