"""A machine that stops between any two statements of any verb leaves nothing half-written, and the verb then works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.actions.cancel_instance import cancel_instance
from server.actions.deliver_outbox import deliver_outbox
from server.actions.draft_package import draft_package
from server.actions.erase_case import erase_case
from server.actions.fire_timer import fire_timer
from server.actions.hold_session import hold_session
from server.actions.send_message import send_message
from server.actions.verify_chain import verify_chain
from server.jobs.worker import LEASE
from server.kernel.actor import MACHINE
from server.store.outboxes import take_wishes
from server.store.tables import case_file, instance, metadata, register_head, timer
from server.store.work import reading, unit_of_work
from tests.actions.test_processes_together import umbrella
from tests.actions.test_sessions import asking, session
from tests.factories import World
from tests.jobs.test_worker import writer
from tests.small_packages import accueil
from tests.watching import Crash, crashing_at


def one(world: World, statement):
    with reading(world.jalon.database) as work:
        return work.value(statement)


def opening(world: World) -> Callable[[], object]:
    world.publish(accueil(), umbrella())
    return lambda: world.case("chemin")


def firing(world: World) -> Callable[[], object]:
    world.publish(accueil())
    world.case("accueil")
    kept = one(world, select(timer.c.id))
    return lambda: fire_timer(world.jalon, MACHINE, kept, world.now + timedelta(days=20))


def delivering(world: World) -> Callable[[], object]:
    world.publish(writer(waits=True))
    world.case("lettre")
    with unit_of_work(world.jalon.database) as work:
        (wish,) = take_wishes(work, world.now, "bail", LEASE, 1)
    return lambda: deliver_outbox(world.jalon, MACHINE, wish, "bail", world.now)


def leaving(world: World) -> Callable[[], object]:
    world.publish(accueil(), umbrella())
    case, agent = world.case("chemin"), world.agent()
    return lambda: send_message(world.jalon, agent, case.case_id, "sortie_du_droit", {}, world.now, key="cle")


def planning(world: World) -> Callable[[], object]:
    world.publish(asking(), session())
    for rank in (1, 2):
        world.case("demande", variables={"rang": rank})
    secretary = world.actor("secretariat_ep")
    return lambda: hold_session(world.jalon, secretary, "13-I", world.now.date(), "EP", world.now)


def drafting(world: World) -> Callable[[], object]:
    world.publish(accueil())
    owner = world.actor("proprietaire")
    return lambda: draft_package(world.jalon, owner, "accueil", {"README.md": "# Accueil"}, 0, world.now)


def erasing(world: World) -> Callable[[], object]:
    world.publish(accueil())
    case, chief = world.case("accueil"), world.actor("administrateur")
    cancel_instance(world.jalon, world.responsable(), one(world, select(instance.c.id)), "doublon", world.now)
    return lambda: erase_case(world.jalon, chief, case.case_id, "RGPD art. 17", world.now)


def image(world: World) -> dict[str, list[str]]:
    """Every row of every table."""
    with reading(world.jalon.database) as work:
        return {name: sorted(repr(tuple(row)) for row in work.rows(select(table))) for name, table in metadata.tables.items()}


@pytest.mark.parametrize("verb", [opening, firing, delivering, leaving, planning, drafting, erasing])
def test_a_crash_at_any_statement_of_a_verb_leaves_everything_as_it_was(world, verb):
    do = verb(world)
    before, crashes = image(world), 0
    for number in range(1, 60):
        try:
            with crashing_at(world.jalon.database, number):
                do()
        except Crash:
            crashes += 1
            assert image(world) == before
            continue
        break
    assert crashes >= 5
    after = image(world)
    assert after != before
    with reading(world.jalon.database) as work:
        chains = [row.id for row in work.rows(select(case_file.c.id))] + [row.chain for row in work.rows(select(register_head.c.chain))]
        assert work.value(select(func.count()).select_from(register_head)) >= 1
    assert all(verify_chain(world.jalon, MACHINE, chain, world.now).holds for chain in chains)
