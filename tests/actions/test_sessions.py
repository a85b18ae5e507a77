"""An EP session holds cases as rows: they wait, are listed, get their opinion by a message, and the session ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.actions.cancel_instance import cancel_instance
from server.actions.complete_task import complete_task
from server.actions.hold_session import hold_session
from server.actions.verify_chain import verify_chain
from server.kernel.actor import MACHINE
from server.kernel.errors import BadInput, Forbidden, NotFound
from server.store.cases import find_tasks
from server.store.tables import ep_passage, ep_session, instance, task
from server.store.work import reading
from tests.factories import NOON, World
from tests.small_packages import catch, end, flow, package, send
from tests.small_packages import task as step

DAY = NOON.date() + timedelta(days=14)
SENDINGS = '= for p in passages return {cle: p.dossier, variables: {avis_sens: if p.rang = 2 then "ajourne" else "favorable", avis_texte: "motif"}}'


def asking():
    """A case that asks for an opinion and waits for it."""
    return package(
        "demande",
        flow("debut>inscrire"),
        send("inscrire", "inscrire_seance", {}, {"proposition": '= "suppression_1"', "rang": "= rang"}),
        flow("inscrire>avis"),
        catch("avis", "avis_ep"),
        flow("avis>lire"),
        step("lire", "decision"),
        flow("lire>fin"),
        end("fin"),
        messages=("avis_ep",),
    )


def session():
    """A session that is prepared, then gives its opinions."""
    return package(
        "seance_ep",
        flow("debut>tenir"),
        step("tenir", "ep_secretariat"),
        flow("tenir>rendre"),
        send("rendre", "message", {"nom": "avis_ep"}, {"envois": SENDINGS}),
        flow("rendre>fin"),
        end("fin", "close"),
    )


@pytest.fixture
def waiting_cases(world):
    world.publish(asking(), session())
    return [world.case("demande", variables={"rang": rank}, territory=place) for rank, place in [(1, "13-I"), (2, "13-I"), (1, "13-II")]]


def passages(world: World) -> dict[str, str]:
    with reading(world.jalon.database) as work:
        return {row.case_id: row.status for row in work.rows(select(ep_passage))}


def test_a_session_lists_the_waiting_cases_of_its_territory_and_its_opinions_reach_them(world, waiting_cases):
    secretary = world.actor("secretariat_ep")
    first, second, elsewhere = (case.case_id for case in waiting_cases)
    session_id = hold_session(world.jalon, secretary, "13-I", DAY, "EP du pôle I", world.now)
    assert passages(world) == {first: "listed", second: "listed", elsewhere: "waiting"}
    with reading(world.jalon.database) as work:
        (hold,) = find_tasks(work, task.c.element == "tenir")
    complete_task(world.jalon, secretary, hold.id, {}, 1, "cle", world.later(days=14))
    assert passages(world) == {first: "advised", second: "postponed", elsewhere: "waiting"}
    with reading(world.jalon.database) as work:
        assert {found.case_id for found in find_tasks(work, task.c.element == "lire")} == {first, second}
        assert work.value(select(ep_session.c.status).where(ep_session.c.id == session_id)) == "closed"
    for chain in (first, second, "registre:seances"):
        assert verify_chain(world.jalon, MACHINE, chain, world.now).holds


def test_a_case_whose_request_is_cancelled_leaves_the_waiting_list(world, waiting_cases):
    chief, case = world.responsable(), waiting_cases[0]
    with reading(world.jalon.database) as work:
        asked = work.value(select(instance.c.id).where(instance.c.case_id == case.case_id))
    cancel_instance(world.jalon, chief, asked, "régularisée", world.now)
    assert passages(world)[case.case_id] == "withdrawn"
    session_id = hold_session(world.jalon, world.actor("secretariat_ep"), "13-I", DAY, "EP", world.now)
    with reading(world.jalon.database) as work:
        assert [row.case_id for row in work.rows(select(ep_passage).where(ep_passage.c.session_id == session_id))] == [
            waiting_cases[1].case_id
        ]


def test_only_the_secretary_of_the_territory_plans_a_session_once_a_day_and_not_in_the_past(world, waiting_cases):
    secretary = world.actor("secretariat_ep")
    for actor, place, day, error in [
        (world.agent(), "13-I", DAY, Forbidden),
        (secretary, "13-II", DAY, NotFound),
        (secretary, "94-T1", DAY, NotFound),
        (secretary, "13-I", date(2026, 3, 1), BadInput),
    ]:
        with pytest.raises(error):
            hold_session(world.jalon, actor, place, day, "EP", world.now)
    hold_session(world.jalon, secretary, "13-I", DAY, "EP", world.now)
    with pytest.raises(BadInput, match="déjà prévue"):
        hold_session(world.jalon, secretary, "13-I", DAY, "EP", world.now)
