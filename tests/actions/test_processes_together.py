"""What follows inside Jalon happens in the same commit: children, parents, messages, milestones, sessions, timers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from server.actions.cancel_instance import cancel_instance
from server.actions.change_due_date import change_due_date
from server.actions.complete_task import complete_task
from server.actions.fire_timer import fire_timer
from server.actions.send_message import send_message
from server.actions.verify_chain import verify_chain
from server.engine import read_waiting
from server.kernel.actor import MACHINE
from server.kernel.errors import BadInput, Forbidden, ModelError, Stale
from server.store.cases import find_case, find_instances, find_tasks
from server.store.history import read_history
from server.store.sql import select
from server.store.tables import case_file, ep_passage, instance, outbox, subscription, task, timer
from server.store.work import reading
from tests.factories import World
from tests.small_packages import accueil, boundary_message, call, catch, end, flow, package, send
from tests.small_packages import task as step


def waiting_tasks(world: World, case_id: str) -> dict[str, object]:
    with reading(world.jalon.database) as work:
        return {found.element: found for found in find_tasks(work, (task.c.case_id == case_id) & (task.c.status == "open"))}


def instances(world: World, case_id: str) -> dict[str, object]:
    with reading(world.jalon.database) as work:
        return {found.process: found for found in find_instances(work, instance.c.case_id == case_id)}


def rows(world: World, table, *conditions):
    with reading(world.jalon.database) as work:
        return work.rows(select(table).where(*conditions))


def kinds(world: World, case_id: str) -> list[str]:
    with reading(world.jalon.database) as work:
        return [line.kind for line in read_history(work, case_id)]


def open_ids(world: World, table, instance_id: str) -> set[str]:
    return {row.id for row in rows(world, table, table.c.instance_id == instance_id, table.c.status.in_(["open", "waiting"]))}


def assert_rows_are_the_states(world: World, case_id: str) -> None:
    """Rows of tasks, timers and waits are exactly what the states say."""
    for kept in instances(world, case_id).values():
        held = read_waiting(world.jalon.definition(kept.package_id), kept.state)
        assert open_ids(world, task, kept.id) == {one.task for one in held.tasks}
        assert open_ids(world, timer, kept.id) == {one.timer for one in held.timers}
        assert open_ids(world, subscription, kept.id) == {one.subscription for one in held.subscriptions}
        assert held.closed == (kept.status != "open")


def umbrella():
    """A path that calls `accueil`, can be left by `sortie_du_droit`, and ends by a task."""
    return package(
        "chemin",
        flow("debut>appel"),
        call("appel", "accueil"),
        boundary_message("sortie", "appel", "sortie_du_droit"),
        flow("sortie>fin_sortie"),
        end("fin_sortie", "sorti"),
        flow("appel>apres"),
        step("apres"),
        flow("apres>fin"),
        end("fin"),
        messages=("sortie_du_droit",),
    )


def done(world: World, case_id: str, element: str, **answers):
    waiting = waiting_tasks(world, case_id)[element]
    roles = {"orientation": "agent", "referent": "referent"}
    return complete_task(world.jalon, world.actor(roles[waiting.group_name]), waiting.id, answers, waiting.version, None, world.now)


def test_a_called_process_starts_in_the_same_commit_and_its_end_reaches_its_parent_once(world):
    world.publish(accueil(), umbrella())
    case = world.case("chemin")
    assert set(instances(world, case.case_id)) == {"chemin", "accueil"}
    assert_rows_are_the_states(world, case.case_id)
    done(world, case.case_id, "entretien", voie="pro")
    done(world, case.case_id, "apres") if "apres" in waiting_tasks(world, case.case_id) else None
    states = instances(world, case.case_id)
    assert (states["accueil"].status, states["accueil"].outcome) == ("ended", "termine")
    assert kinds(world, case.case_id).count("ChildReturned") == 1
    assert states["chemin"].status == "ended"
    assert_rows_are_the_states(world, case.case_id)
    with reading(world.jalon.database) as work:
        assert find_case(work, case.case_id).status == "closed"


def test_a_cancelled_parent_cancels_its_children_in_the_same_commit(world):
    world.publish(accueil(), umbrella())
    case, chief = world.case("chemin"), world.responsable()
    before = len(kinds(world, case.case_id))
    with pytest.raises(Forbidden):
        cancel_instance(world.jalon, world.agent(), instances(world, case.case_id)["chemin"].id, "doublon", world.now)
    with pytest.raises(BadInput):
        cancel_instance(world.jalon, chief, instances(world, case.case_id)["chemin"].id, " ", world.now)
    assert len(kinds(world, case.case_id)) == before
    cancel_instance(world.jalon, chief, instances(world, case.case_id)["chemin"].id, "doublon", world.now)
    assert {kept.status for kept in instances(world, case.case_id).values()} == {"cancelled"}
    assert waiting_tasks(world, case.case_id) == {}
    assert_rows_are_the_states(world, case.case_id)
    assert verify_chain(world.jalon, MACHINE, case.case_id, world.now).holds
    with pytest.raises(Stale):
        cancel_instance(world.jalon, chief, instances(world, case.case_id)["chemin"].id, "encore", world.now)


def test_a_message_interrupts_the_parent_and_with_it_the_child(world):
    world.publish(accueil(), umbrella())
    case = world.case("chemin")
    told = send_message(world.jalon, world.agent(), case.case_id, "sortie_du_droit", {}, world.now)
    assert told.received
    states = instances(world, case.case_id)
    assert (states["chemin"].outcome, states["accueil"].status) == ("sorti", "cancelled")
    assert_rows_are_the_states(world, case.case_id)


def test_a_message_that_nobody_awaits_is_kept_and_answered_so(world):
    world.publish(accueil())
    case = world.case("accueil")
    told = send_message(world.jalon, world.agent(), case.case_id, "mutation", {"vers": "38"}, world.now)
    assert not told.received
    assert "Aucune étape" in told.text
    assert kinds(world, case.case_id)[-1] == "MessageUnexpected"


def test_a_timer_fires_at_its_due_time_and_a_second_time_does_nothing(world):
    world.publish(accueil())
    case = world.case("accueil")
    (kept,) = rows(world, timer)
    due = world.now + timedelta(days=10)
    assert kept.due_at == due
    assert not fire_timer(world.jalon, MACHINE, kept.id, due - timedelta(seconds=1))
    late = due + timedelta(days=3)
    assert fire_timer(world.jalon, MACHINE, kept.id, late)
    lines = len(kinds(world, case.case_id))
    assert not fire_timer(world.jalon, MACHINE, kept.id, late)
    assert len(kinds(world, case.case_id)) == lines
    assert waiting_tasks(world, case.case_id)["relancer"].ready_at == due  # the worker was three days late, the case was not
    assert_rows_are_the_states(world, case.case_id)


def test_a_manager_moves_a_date_with_a_reason_that_stays_in_the_history(world):
    world.publish(accueil())
    case, chief = world.case("accueil"), world.responsable()
    waiting = waiting_tasks(world, case.case_id)["entretien"]
    due = world.now + timedelta(days=40)
    change_due_date(world.jalon, chief, waiting.instance_id, waiting.id, due, "hospitalisation", world.now)
    assert waiting_tasks(world, case.case_id)["entretien"].due_at == due
    assert kinds(world, case.case_id)[-1] == "DueDateChanged"


def milestones():
    return package(
        "jalons",
        flow("debut>noter"),
        send("noter", "fait", {"nom": "oriente"}, {"le": '= date("2026-03-01")', "parcours": '= "social"'}),
        flow("noter>ecrire"),
        send("ecrire", "courrier", {"modele": "avis", "canal": "lettre"}, {"motif": '= "x"'}),
        flow("ecrire>inscrire"),
        send("inscrire", "inscrire_seance", {}, {"proposition": '= "suppression_1"', "rang": "= 1"}),
        flow("inscrire>avis"),
        catch("avis", "avis_ep"),
        flow("avis>decider"),
        step("decider", form=""),
        flow("decider>fin"),
        end("fin"),
        messages=("avis_ep",),
        letters={"avis": "---\nobjet: Avis\n---\nBonjour {{ personne.nom }}, {{ motif }}."},
    )


def test_milestones_letters_and_sessions_are_rows_of_the_same_commit(world):
    world.publish(milestones())
    case = world.case("jalons")
    with reading(world.jalon.database) as work:
        kept = find_case(work, case.case_id)
    assert kept.facts["oriente"] == {"le": {"$d": "2026-03-01"}, "parcours": "social"}
    (wish,) = rows(world, outbox)
    assert (wish.type, wish.status, wish.waits) == ("courrier", "waiting", False)
    (passage,) = rows(world, ep_passage)
    assert (passage.status, passage.subject) == ("waiting", {"proposition": "suppression_1", "rang": 1})
    with reading(world.jalon.database) as work:
        assert work.value(select(case_file.c.oriented_on)) == date(2026, 3, 1)
    assert send_message(world.jalon, MACHINE, case.case_id, "avis_ep", {"sens": "favorable"}, world.now).received
    assert set(waiting_tasks(world, case.case_id)) == {"decider"}


def test_a_second_orientation_keeps_the_date_that_the_figures_judge(world):
    world.publish(
        package(
            "jalons",
            flow("debut>premiere"),
            send("premiere", "fait", {"nom": "oriente"}, {"le": '= date("2026-03-01")'}),
            flow("premiere>seconde"),
            send("seconde", "fait", {"nom": "oriente"}, {"le": '= date("2027-01-15")'}),
            flow("seconde>fin"),
            end("fin"),
        )
    )
    case = world.case("jalons")
    with reading(world.jalon.database) as work:
        assert work.value(select(case_file.c.oriented_on)) == date(2026, 3, 1)
        assert find_case(work, case.case_id).facts["oriente"] == {"le": {"$d": "2027-01-15"}}


def test_a_process_that_is_not_published_refuses_the_whole_act(world):
    world.publish(umbrella())
    with pytest.raises(ModelError, match="accueil"):
        world.case("chemin")
    assert rows(world, instance) == []
