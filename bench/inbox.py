"""The inbox page at 1,000,000 tasks on PostgreSQL, 200,000 on SQLite (100,000 open, 10,000 in the agent's team): time and statements of every kind of page."""

from __future__ import annotations

from statistics import median, quantiles
from time import perf_counter

from bench.filling import Size, fill
from bench.places import Served, served
from server.queries.inbox import InboxFilter, inbox_page
from tests.watching import watching

SIZES = {"sqlite": Size(200_000, 100_000, 60_000), "postgresql": Size(1_000_000, 100_000, 60_000)}
ROUNDS = 20
PAGES = (
    ("first page", "liste=prendre"),
    ("own tasks", "liste=moi"),
    ("done by me", "liste=termines"),
    ("name searched", "liste=prendre&q=dupont12"),
    ("HTML page, late ones of one step", "/taches?liste=prendre&retard=1&etape=accueil/entretien"),
)


def rows() -> list[tuple[str, str, str]]:
    """Lines of the table, both databases."""
    return [line for kind in ("sqlite", "postgresql") for line in _rows_of(kind)]


def _rows_of(kind: str) -> list[tuple[str, str, str]]:
    with served(kind) as place:
        agent = place.world.agent(territories=("13-I",))
        fill(place.world, agent.user_id, SIZES[kind])
        place.sign_in(agent)
        lines = [_line(kind, words, *_timed(place, query)) for words, query in PAGES]
        deep = ""
        for _ in range(40):
            deep = inbox_page(
                place.world.jalon, agent, InboxFilter("prendre"), after=deep, size=50, now=place.world.jalon.clock.now()
            ).next_cursor
        lines.append(_line(kind, "a deep page (after 2,000 rows)", *_timed(place, f"liste=prendre&apres={deep}")))
        with watching(place.world.jalon.database) as seen:
            place.raw("GET", f"/taches?{PAGES[0][1]}")
        lines.append((f"{kind}: statements of an inbox page, session included", str(len(seen.statements)), "<= 6"))
    return lines


def _line(kind: str, words: str, p50: float, p95: float) -> tuple[str, str, str]:
    return (f"{kind}: inbox at {SIZES[kind].tasks:,} tasks, {words}, p50 / p95", f"{p50:.0f} / {p95:.0f} ms", "p95 <= 50 ms")


def _timed(place: Served, query: str) -> tuple[float, float]:
    path = query if query.startswith("/") else f"/api/tasks?{query}&par_page=25"
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        place.raw("GET", path)
        times.append((perf_counter() - started) * 1000)
    return median(times), quantiles(times, n=20)[18]
