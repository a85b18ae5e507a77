"""Timers due at the same moment fire in one commit, once each; one that fails does not keep the others."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from server.actions.verify_case import verify_case
from server.jobs import run_once
from server.store.tables import fact, instance, timer
from server.store.work import reading, unit_of_work
from tests.factories import World
from tests.small_packages import accueil
from tests.watching import watching


def statuses(world: World) -> dict[str, int]:
    with reading(world.jalon.database) as work:
        return {row.status: row.n for row in work.rows(select(timer.c.status, func.count().label("n")).group_by(timer.c.status))}


def test_timers_of_one_moment_fire_in_few_commits_and_once_each(world):
    world.publish(accueil())
    cases = [world.case("accueil") for _ in range(30)]
    due = world.now + timedelta(days=10)
    late = world.later(days=30)
    with watching(world.jalon.database) as seen:
        assert run_once(world.jalon, late).fired == 30
    assert seen.commits <= 6
    assert len(seen.statements) < 30 * 4
    assert run_once(world.jalon, late).fired == 0
    with reading(world.jalon.database) as work:
        fired = work.rows(select(fact.c.chain, fact.c.at).where(fact.c.kind == "TimerFired"))
    assert sorted(row.chain for row in fired) == sorted(case.case_id for case in cases)
    assert {row.at for row in fired} == {due}
    assert statuses(world) == {"fired": 30}
    assert all(verify_case(world.jalon, world.actor("auditeur"), case.case_id, late).ok for case in cases[:5])


def test_one_that_fails_is_noted_and_the_others_fire(world):
    world.publish(accueil())
    cases = [world.case("accueil") for _ in range(5)]
    with unit_of_work(world.jalon.database) as work:
        work.execute(update(instance).where(instance.c.case_id == cases[2].case_id).values(state=b"plus lisible"))
    done = run_once(world.jalon, world.later(days=30))
    assert (done.fired, done.failed) == (4, 1)
    assert statuses(world) == {"fired": 4, "waiting": 1}


def test_timers_of_different_moments_keep_their_own(world):
    world.publish(accueil())
    starts = []
    for _ in range(4):
        world.later(hours=1)
        starts += [world.now, world.now]
        world.case("accueil")
        world.case("accueil")
    assert run_once(world.jalon, world.later(days=30)).fired == 8
    with reading(world.jalon.database) as work:
        at = [row.at for row in work.rows(select(fact.c.at).where(fact.c.kind == "TimerFired").order_by(fact.c.at))]
    assert at == [start + timedelta(days=10) for start in starts]
