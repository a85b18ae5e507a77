"""An instance on the diagram of the version it began with: what is done, what waits."""

from __future__ import annotations

from typing import Any

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.errors import NotFound
from server.queries.history import FactRow, case_history
from server.replay import frames
from server.store.sql import select
from server.store.tables import instance
from server.store.work import reading


def diagram_of(jalon: Jalon, actor: Actor, case_id: str, instance_id: str) -> dict[str, Any]:
    """{xml, done, flows, active}: ids of the diagram's elements. Raises NotFound."""
    with reading(jalon.database) as work:
        case_to_read(work, actor, case_id)
        row = work.one(select(instance.c.package_id).where(instance.c.id == instance_id, instance.c.case_id == case_id))
    if row is None:
        raise NotFound
    facts = [fact for fact in case_history(jalon, actor, case_id) if fact.instance_id == instance_id]
    done, flows, active = standing(facts)
    xml = jalon.package(row.package_id).files["process.bpmn"].decode()
    return {"xml": xml, "done": sorted(done), "flows": sorted(flows), "active": sorted(active)}


def standing(facts: list[FactRow]) -> tuple[set[str], set[str], set[str]]:
    """(elements done, flows taken, elements where it stands) after these facts of one instance."""
    done: set[str] = set()
    flows: set[str] = set()
    active: dict[str, int] = {}
    for _, _, entered, left, taken, cancelled in frames(facts):
        for element in entered:
            active[element] = active.get(element, 0) + 1
        for element in (*left, *cancelled):
            active[element] = max(active.get(element, 0) - 1, 0)
        done.update(left)
        flows.update(taken)
    return done, flows, {element for element, count in active.items() if count}
