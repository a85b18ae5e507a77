"""Timers that are all due at the same moment, on both databases: how long thirty thousand take, from fewer of them, each fired once."""

from __future__ import annotations

from time import perf_counter, process_time

from bench.places import served
from server.jobs import run_once
from server.store.sql import func, select
from server.store.tables import fact
from server.store.work import reading
from tests.small_packages import accueil

COUNT, TARGET = 600, 30_000


def rows() -> list[tuple[str, str, str]]:
    """Lines of the table, both databases."""
    return [_row_of(kind) for kind in ("sqlite", "postgresql")]


def _row_of(kind: str) -> tuple[str, str, str]:
    with served(kind) as place:
        world = place.world
        world.publish(accueil())
        for _ in range(COUNT):
            world.case("accueil")
        late = world.later(days=30)
        started, cpu = perf_counter(), process_time()
        while not run_once(world.jalon, late).idle:
            pass
        took, cpu = perf_counter() - started, process_time() - cpu
        with reading(world.jalon.database) as work:
            fired = work.value(select(func.count()).select_from(fact).where(fact.c.kind == "TimerFired"))
            once = work.value(select(func.count(fact.c.chain.distinct())).where(fact.c.kind == "TimerFired"))
    if (fired, once) != (COUNT, COUNT):
        raise SystemExit(f"{kind}: {fired} timers fired for {once} cases, not {COUNT}")
    return (
        f"{kind}: {COUNT} timers due at once ({took * 1000 / COUNT:.1f} ms each, {cpu * 1000 / COUNT:.1f} ms of our processor), {TARGET:,} would take",
        f"{took * TARGET / COUNT:.0f} s",
        "<= 120 s",
    )
