"""Completing a task over HTTP, durable, at turn 2 and at turn 200 of a follow-up, on both databases, beside the engine alone on the same instance."""

from __future__ import annotations

from statistics import median, quantiles
from time import perf_counter, process_time

from bench.places import Served, served
from server.actions.complete_task import complete_task
from server.engine import CompleteTask, Context, advance, read_waiting
from server.kernel.actor import Actor
from server.kernel.ids import new_id
from server.store.sql import func, select
from server.store.tables import fact, instance, payload, task
from server.store.work import reading
from tests.small_packages import end, flow, form, gate, package, timer
from tests.small_packages import task as user_task
from tests.watching import watching

CASES, LATE, EACH = 6, 200, 12


def _follow_up() -> object:
    return package(
        "boucle",
        flow("debut>entretien"),
        user_task("entretien", form="entretien", due='= echeance("orientation", dossier.ouverture)'),
        timer("rappel", "entretien", "P15D"),
        flow("rappel>relancer"),
        user_task("relancer"),
        flow("relancer>fin_rappel"),
        end("fin_rappel"),
        timer("alerte", "entretien", "P30D"),
        flow("alerte>prevenir"),
        user_task("prevenir"),
        flow("prevenir>fin_alerte"),
        end("fin_alerte"),
        flow("entretien>choix"),
        gate("choix", "choix_fin"),
        flow("choix>entretien", "= poursuite = true"),
        flow("choix>fin"),
        end("fin", "termine"),
        forms=(
            form(
                "entretien",
                {"type": "checkbox", "key": "poursuite", "label": "Poursuivre"},
                {"type": "textfield", "key": "note", "label": "Note"},
            ),
        ),
    )


ANSWERS = {"poursuite": True, "note": "Entretien tenu"}


def rows() -> list[tuple[str, str, str]]:
    """Lines of the table, both databases."""
    return [line for kind in ("sqlite", "postgresql") for line in _rows_of(kind)]


def _rows_of(kind: str) -> list[tuple[str, str, str]]:
    with served(kind) as place:
        world = place.world
        world.publish(_follow_up())
        agent = world.agent()
        place.sign_in(agent)
        old = [world.case("boucle").case_id for _ in range(CASES)]
        for case_id in old:
            for _ in range(LATE - 1):
                _by_verb(place, agent, case_id)
        young = [world.case("boucle").case_id for _ in range(CASES)]
        for case_id in young:
            _by_verb(place, agent, case_id)
        times: dict[str, list[tuple[float, float]]] = {"young": [], "old": []}
        for _ in range(EACH):  # interleaved: the same load falls on both
            for name, cases in (("young", young), ("old", old)):
                times[name] += [_over_http(place, case_id) for case_id in cases]
        statements, commits = _counted(place, old[0])
        engine_ms = _engine_alone(place, old[0])
        size, kept = _bytes(place, old[0])
    young, old = ([[one[i] for one in times[name]] for i in (0, 1)] for name in ("young", "old"))
    p95 = quantiles(old[0], n=20)[18]
    return [
        (f"{kind}: complete a task over HTTP, turn 2, p50", f"{median(young[0]):.1f} ms", "<= 5 ms on PostgreSQL"),
        (f"{kind}: the same at turn {LATE}, p50 / p95", f"{median(old[0]):.1f} / {p95:.1f} ms", "<= 5 / 20 ms on PostgreSQL"),
        (f"{kind}: turn {LATE} against turn 2", f"{median(old[0]) / median(young[0]):.2f}", "<= 1.1"),
        (
            f"{kind}: processor time of client and server together, turn 2 and turn {LATE}",
            f"{median(young[1]):.1f} and {median(old[1]):.1f} ms",
            "",
        ),
        (f"{kind}: against the engine alone ({engine_ms:.2f} ms), turn {LATE}", f"x {median(old[0]) / engine_ms:.1f}", ""),
        (f"{kind}: statements / commits of a completion", f"{statements} / {commits}", "<= 12 / 1"),
        (f"{kind}: state of an instance at turn {LATE}", f"{size:,} bytes", "<= 12,000"),
        (f"{kind}: history kept per turn (facts and payloads)", f"{kept:,} bytes", ""),
    ]


def _open_task(place: Served, case_id: str) -> tuple[str, int]:
    with reading(place.world.jalon.database) as work:
        found = work.one(
            select(task.c.id, task.c.version).where(task.c.case_id == case_id, task.c.status == "open", task.c.element == "entretien")
        )
    if found is None:
        raise SystemExit("the follow-up lost its task")
    return found.id, found.version


def _by_verb(place: Served, agent: Actor, case_id: str) -> None:
    task_id, version = _open_task(place, case_id)
    complete_task(place.world.jalon, agent, task_id, ANSWERS, version, new_id(), place.world.jalon.clock.now())


def _over_http(place: Served, case_id: str) -> tuple[float, float]:
    """Milliseconds from request to whole answer, and those that our process worked: the second says the same on a busy machine."""
    task_id, version = _open_task(place, case_id)
    body = {"answers": ANSWERS, "seen_version": version, "key": new_id()}
    started, worked = perf_counter(), process_time()
    place.ask("POST", f"/api/tasks/{task_id}/complete", body)
    return (perf_counter() - started) * 1000, (process_time() - worked) * 1000


def _counted(place: Served, case_id: str) -> tuple[int, int]:
    task_id, version = _open_task(place, case_id)
    with watching(place.world.jalon.database) as seen:
        place.ask("POST", f"/api/tasks/{task_id}/complete", {"answers": ANSWERS, "seen_version": version, "key": new_id()})
    return len(seen.statements), sum(1 for _ in [seen.writes] if seen.writes)


def _engine_alone(place: Served, case_id: str) -> float:
    """Milliseconds of the engine's step on the same instance, nothing written."""
    world = place.world
    with reading(world.jalon.database) as work:
        row = work.one(select(instance.c.id, instance.c.package_id, instance.c.state).where(instance.c.case_id == case_id))
    if row is None:
        raise SystemExit("no instance")
    definition = world.jalon.definition(row.package_id)
    now = world.jalon.clock.now()
    parameters = world.jalon.parameters("13", "13-I", now.date()).values
    context = Context(row.id, parameters, {"id": case_id, "ouverture": now.date()}, "Europe/Paris")
    waiting = next(t for t in read_waiting(definition, row.state).tasks if t.element == "entretien")
    command = CompleteTask(waiting.task, {"poursuite": True, "note": "Entretien tenu"})
    times = []
    for _ in range(60):
        started = perf_counter()
        advance(definition, row.state, command, context, now)
        times.append((perf_counter() - started) * 1000)
    return median(times)


def _bytes(place: Served, case_id: str) -> tuple[int, int]:
    with reading(place.world.jalon.database) as work:
        size = int(work.value(select(func.length(instance.c.state)).where(instance.c.case_id == case_id)))
        turns = int(work.value(select(instance.c.turns).where(instance.c.case_id == case_id)))
        lines = int(work.value(select(func.sum(func.length(fact.c.line))).where(fact.c.chain == case_id)))
        contents = int(work.value(select(func.sum(func.length(payload.c.content))).where(payload.c.chain == case_id)))
    return size, (lines + contents) // turns
