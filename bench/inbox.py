"""The inbox page at 100,000 open tasks, on both databases: time and statements, page 1, a deep page, and with filters."""

from __future__ import annotations

from datetime import timedelta
from statistics import median, quantiles
from time import perf_counter

from sqlalchemy import text

from bench.places import Served, served
from server.kernel.ids import new_id
from server.queries.inbox import InboxFilter, inbox_page
from server.store.sql import select
from server.store.tables import case_file, household, instance, person, task
from server.store.work import reading, unit_of_work
from tests.small_packages import accueil
from tests.watching import watching

TASKS, CASES, ROUNDS = 100_000, 20_000, 15


def rows() -> list[tuple[str, str, str]]:
    """Lines of the table, both databases."""
    return [line for kind in ("sqlite", "postgresql") for line in _rows_of(kind)]


def _rows_of(kind: str) -> list[tuple[str, str, str]]:
    with served(kind) as place:
        _fill(place)
        agent = place.world.agent(territories=("13-I",))
        place.sign_in(agent)
        lines = []
        for words, query in (("first page", "liste=prendre"), ("name searched", "liste=prendre&q=dupont12")):
            p50, p95 = _timed(place, f"/api/tasks?{query}&par_page=25")
            lines.append(
                (f"{kind}: inbox at {TASKS:,} tasks, {words}, p50 / p95", f"{p50:.0f} / {p95:.0f} ms", "p95 <= 50 ms (at 1,000,000)")
            )
        with watching(place.world.jalon.database) as seen:
            page = inbox_page(place.world.jalon, agent, InboxFilter("prendre"), now=place.world.jalon.clock.now())
        deep = page.next_cursor
        for _ in range(40):
            deep = inbox_page(
                place.world.jalon, agent, InboxFilter("prendre"), after=deep, size=50, now=place.world.jalon.clock.now()
            ).next_cursor
        p50, p95 = _timed(place, f"/api/tasks?liste=prendre&par_page=25&apres={deep}")
        lines.append((f"{kind}: a deep page (after 2,000 rows), p50 / p95", f"{p50:.0f} / {p95:.0f} ms", ""))
        lines.append((f"{kind}: statements of an inbox page", str(len(seen.statements)), "<= 6"))
    return lines


def _timed(place: Served, path: str) -> tuple[float, float]:
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        place.raw("GET", path)
        times.append((perf_counter() - started) * 1000)
    return median(times), quantiles(times, n=20)[18]


def _fill(place: Served) -> None:
    """Copies of one real case and of its task, straight into the tables: only the reading is measured."""
    world = place.world
    world.publish(accueil())
    world.case("accueil")
    with reading(world.jalon.database) as work:
        models = {
            table.name: dict(work.rows(select(table).limit(1))[0]._mapping) for table in (household, person, case_file, instance, task)
        }
    people = [
        models["person"] | {"id": new_id(), "last_name": f"Dupont{n}", "search_name": f"dupont{n} lea", "nir_index": None}
        for n in range(CASES)
    ]
    cases = [
        models["case_file"]
        | {"id": new_id(), "person_id": one["id"], "number": f"13-2020-{n:06d}", "territory_id": "13-I" if n % 10 else "13-II"}
        for n, one in enumerate(people)
    ]
    instances = [models["instance"] | {"id": new_id(), "case_id": case["id"], "territory_id": case["territory_id"]} for case in cases]
    tasks = []
    for n in range(TASKS):
        case = cases[n % CASES]
        due = models["task"]["due_at"] + timedelta(minutes=7 * n) if n % 5 else None
        tasks.append(
            models["task"]
            | {
                "id": new_id(),
                "case_id": case["id"],
                "instance_id": instances[n % CASES]["id"],
                "territory_id": case["territory_id"],
                "due_at": due,
            }
        )
    with unit_of_work(world.jalon.database) as work:
        for table, lines in ((person, people), (case_file, cases), (instance, instances), (task, tasks)):
            work.insert(table, lines)
        work.execute(text("ANALYZE"))
