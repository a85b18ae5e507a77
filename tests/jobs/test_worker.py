"""The worker: due timers in due order, wishes once, failures that end as a visible fact."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

from sqlalchemy import func, select

from server.actions.deliver_outbox import deliver_outbox
from server.jobs import run_nightly, run_once, run_worker
from server.jobs.worker import LEASE
from server.kernel.actor import MACHINE
from server.store.checkpoints import tree_root
from server.store.history import read_history
from server.store.outboxes import take_wishes
from server.store.tables import document, fact, outbox, timer
from server.store.work import reading, unit_of_work
from tests.factories import World
from tests.small_packages import accueil, end, flow, package, send, task
from tests.small_packages import timer as timer_on


def writer(kind: str = "courrier", template: str = "Bonjour {{ personne.nom }}, {{ motif }}.", **options):
    """One letter, then a task."""
    return package(
        "lettre",
        flow("debut>ecrire"),
        send("ecrire", kind, {"modele": "avis", "canal": "lettre"}, {"motif": '= "absence"'}, **options),
        flow("ecrire>suivre"),
        task("suivre"),
        flow("suivre>fin"),
        end("fin"),
        letters={"avis": f"---\nobjet: Un avis\n---\n{template}"},
    )


def one(world: World, table, *columns):
    with reading(world.jalon.database) as work:
        return work.rows(select(*columns or table.c))


def kinds(world: World, case_id: str) -> list[str]:
    with reading(world.jalon.database) as work:
        return [line.kind for line in read_history(work, case_id)]


def test_a_letter_becomes_a_document_of_the_case_once(world):
    world.publish(writer())
    case = world.case("lettre", last_name="Nguyen")
    assert run_once(world.jalon, world.now).delivered == 1
    (made,) = one(world, document)
    assert (made.case_id, made.title, made.media_type) == (case.case_id, "Un avis", "text/html")
    assert "Nguyen, absence" in made.content.decode()
    assert kinds(world, case.case_id)[-1] == "LetterMade"
    assert run_once(world.jalon, world.now).idle


def test_a_wish_that_the_diagram_waits_for_gives_its_result_back_in_the_same_commit(world):
    world.publish(writer(waits=True))
    case = world.case("lettre")
    assert "TaskReady" not in kinds(world, case.case_id)
    run_once(world.jalon, world.now)
    assert {"OutsideCallReturned", "TaskReady", "LetterMade"} <= set(kinds(world, case.case_id))


def test_a_worker_whose_lease_went_to_another_writes_nothing(world):
    world.publish(writer())
    world.case("lettre")
    with unit_of_work(world.jalon.database) as work:
        (wish,) = take_wishes(work, world.now, "lent", LEASE, 10)
    with unit_of_work(world.jalon.database) as work:
        assert take_wishes(work, world.now, "autre", LEASE, 10) == []
        assert take_wishes(work, world.now + LEASE, "autre", LEASE, 10) == [wish]
    assert not deliver_outbox(world.jalon, MACHINE, wish, "lent", world.now)
    assert deliver_outbox(world.jalon, MACHINE, wish, "autre", world.now)
    assert not deliver_outbox(world.jalon, MACHINE, wish, "autre", world.now)
    assert len(one(world, document)) == 1


def test_a_wish_that_fails_five_times_is_stuck_and_the_history_says_so(world):
    world.publish(writer("inconnu"))
    case = world.case("lettre")
    for _ in range(5):
        assert run_once(world.jalon, world.later(hours=2)).failed == 1
    (wish,) = one(world, outbox)
    assert (wish.status, wish.tries) == ("stuck", 5)
    assert "inconnu" in wish.last_error
    assert kinds(world, case.case_id)[-1] == "Stuck"
    assert run_once(world.jalon, world.later(days=1)).idle


def test_timers_fire_in_due_order_at_their_due_times_even_by_several_late_workers(world):
    world.publish(accueil())
    starts = []
    for _ in range(8):
        starts.append(world.later(hours=1))
        world.case("accueil")
    late = world.later(days=30)
    with ThreadPoolExecutor(4) as pool:
        passes = list(pool.map(lambda _: run_once(world.jalon, late), range(4)))
    assert sum(done.fired for done in passes) == 8
    with reading(world.jalon.database) as work:
        fired = work.rows(select(fact.c.at).where(fact.c.kind == "TimerFired").order_by(fact.c.at))
        assert [row.at for row in fired] == [start + timedelta(days=10) for start in starts]
        assert work.value(select(func.count()).select_from(timer).where(timer.c.status == "waiting")) == 0


def test_the_loop_works_until_it_is_stopped(world):
    world.publish(writer())
    world.case("lettre")
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        loop = pool.submit(run_worker, world.jalon, stop)
        for _ in range(100):
            if one(world, document):
                break
            stop.wait(0.05)
        stop.set()
        loop.result(timeout=5)
    assert len(one(world, document)) == 1


def test_the_night_signs_a_checkpoint_into_a_file_once_a_day(world):
    world.case()
    night = run_nightly(world.jalon, world.now)
    head, *lines = night.file.read_text().splitlines()
    told = json.loads(head)
    assert told["chains"] == len(lines)
    assert tree_root([line.encode() for line in lines]) == told["root"]
    assert run_nightly(world.jalon, world.later(hours=23)) is None
    assert run_nightly(world.jalon, world.later(hours=2)).file != night.file


def test_a_timer_that_cannot_fire_holds_back_the_later_ones_of_its_case_until_it_is_stuck(world):
    broken = package(
        "casse",
        flow("debut>attendre"),
        task("attendre"),
        timer_on("tot", "attendre", "P1D"),
        flow("tot>calculer"),
        send("calculer", "fait", {"nom": "inconnu"}),
        flow("calculer>fin_tot"),
        end("fin_tot"),
        timer_on("tard", "attendre", "P2D"),
        flow("tard>relancer"),
        task("relancer"),
        flow("relancer>fin_tard"),
        end("fin_tard"),
        flow("attendre>fin"),
        end("fin"),
    )
    world.publish(broken)
    case = world.case("casse")
    world.later(days=3)
    for _ in range(8):
        run_once(world.jalon, world.later(hours=2))
    told = kinds(world, case.case_id)
    assert told.count("Stuck") == 1
    with reading(world.jalon.database) as work:
        states = {row.element: (row.status, row.tries) for row in work.rows(select(timer))}
    assert states == {"tot": ("stuck", 5), "tard": ("fired", 0)}
    assert told.index("Stuck") < told.index("TimerFired")
