"""The promises of one commit: few statements, nothing half-written, nothing done twice, losers told."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from server.actions.complete_task import complete_task
from server.actions.save_draft import save_draft
from server.actions.sign_in import actor_of_token, sign_in
from server.actions.verify_chain import verify_chain
from server.kernel.actor import MACHINE
from server.kernel.errors import BadInput, Stale
from server.store.cases import find_tasks
from server.store.tables import fact, metadata, task
from server.store.work import reading
from tests.factories import PASSWORD, World
from tests.small_packages import accueil
from tests.watching import Crash, crashing_at, watching


def waiting(world: World):
    with reading(world.jalon.database) as work:
        return find_tasks(work, task.c.status == "open")


def contents(world: World) -> dict[str, int]:
    """How many rows each table has, and the ends of the chains."""
    with reading(world.jalon.database) as work:
        return {name: work.value(select(func.count()).select_from(table)) for name, table in metadata.tables.items()}


def test_a_completed_task_takes_at_most_twelve_statements_with_the_signing_in_check_and_one_commit(world):
    world.publish(accueil())
    world.case("accueil"), world.case("accueil")
    agent = world.agent()
    token, _ = sign_in(world.jalon, world.login_of(agent), PASSWORD, "127.0.0.1", world.now)
    first, second = (found for found in waiting(world) if found.element == "entretien")
    complete_task(world.jalon, agent, first.id, {"voie": "social"}, 1, "chauffe", world.now)  # reads the package and the parameters once
    save_draft(world.jalon, agent, second.id, {"voie": "soc"}, world.now)
    with watching(world.jalon.database) as seen:
        assert actor_of_token(world.jalon, token, world.now) is not None
        complete_task(world.jalon, agent, second.id, {"voie": "social"}, 1, "cle", world.now)
    assert len(seen.statements) <= 12, "\n".join(seen.statements)
    assert seen.commits == 1


def test_a_crash_between_any_two_statements_leaves_nothing_half_written(world):
    world.publish(accueil())
    case, agent = world.case("accueil"), world.agent()
    (one,) = waiting(world)
    save_draft(world.jalon, agent, one.id, {"voie": "soc"}, world.now)
    before, number = contents(world), 0
    while number < 40:
        number += 1
        try:
            with crashing_at(world.jalon.database, number):
                complete_task(world.jalon, agent, one.id, {"voie": "social"}, 1, "cle", world.now)
        except Crash:
            assert contents(world) == before
            assert waiting(world)[0].id == one.id
            continue
        break
    assert number > 8
    assert contents(world)["task"] == before["task"] + 1
    assert verify_chain(world.jalon, MACHINE, case.case_id, world.now).holds


def test_a_key_serves_one_form_of_one_person(world):
    world.publish(accueil())
    world.case("accueil")
    (one,) = waiting(world)
    complete_task(world.jalon, world.agent("Awa"), one.id, {"voie": "pro"}, 1, "cle", world.now)
    with pytest.raises(BadInput):
        complete_task(world.jalon, world.agent("Benoît"), one.id, {"voie": "pro"}, 1, "cle", world.now)


@pytest.mark.slow  # forty threads and real locks
def test_of_many_workers_on_the_same_tasks_each_task_is_done_once_and_each_loser_is_told_who_and_when(world):
    many, workers = (200, 50) if world.jalon.database.kind == "postgresql" else (16, 8)
    world.publish(accueil())
    for _ in range(many):
        world.case("accueil")
    agents = [world.agent(f"Agent {number}") for number in range(workers)]
    tasks = [found.id for found in waiting(world)]

    def work_all(number: int) -> Counter[str]:
        told: Counter[str] = Counter()
        start = number * many // workers  # each task is wanted by ten workers (all eight on SQLite), who meet it at different moments
        for task_id in (tasks[(start + step) % many] for step in range(min(10 * many // workers, many))):
            try:
                complete_task(world.jalon, agents[number], task_id, {"voie": "pro"}, 1, f"{number}-{task_id}", world.now)
                told["won"] += 1
            except Stale as late:
                told["named" if late.by.startswith("Agent") and late.at == world.now else f"unnamed: {late}"] += 1
        return told

    with ThreadPoolExecutor(workers) as pool:
        told = sum(pool.map(work_all, range(workers)), Counter())
    assert told == {"won": many, "named": many * (min(10, workers) - 1)}
    with reading(world.jalon.database) as work:
        completed = work.value(select(func.count()).where(fact.c.kind == "TaskCompleted"))
    assert completed == many
