"""The straight line: a case is opened, its process starts, its task is found, completed, and its history holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.actions.complete_task import complete_task
from server.actions.verify_chain import verify_chain
from server.kernel.errors import Forbidden, FormErrors, NotFound, Stale
from server.store.cases import find_task, find_tasks
from server.store.history import read_history
from server.store.tables import task
from server.store.work import reading
from tests.factories import World
from tests.small_packages import accueil


def open_tasks(world: World, case_id: str):
    with reading(world.jalon.database) as work:
        return find_tasks(work, (task.c.case_id == case_id) & (task.c.status == "open"))


def test_an_opened_case_waits_at_its_first_task_with_a_date_that_says_why(world):
    world.publish(accueil())
    case = world.case("accueil")
    (waiting,) = open_tasks(world, case.case_id)
    assert (waiting.element, waiting.group_name, waiting.territory_id) == ("entretien", "orientation", "13-I")
    # 15 days from 2 March: day 1 is 3 March, day 15 is 17 March; the legal day ends at midnight in Paris, 23 h UTC in winter.
    assert waiting.due_at.astimezone(UTC).replace(microsecond=0) == datetime(2026, 3, 17, 22, 59, 59, tzinfo=UTC)
    assert "phrase" in waiting.due_why
    assert case.number == "13-2026-000001"


def test_a_completed_task_moves_its_case_on_and_the_history_holds(world):
    world.publish(accueil())
    case, agent = world.case("accueil"), world.agent("Awa Diop")
    (waiting,) = open_tasks(world, case.case_id)
    done = complete_task(world.jalon, agent, waiting.id, {"voie": "social"}, waiting.version, "cle-1", world.later(days=1))
    (following,) = open_tasks(world, case.case_id)
    assert (following.element, following.group_name) == ("suite", "referent")
    assert done.next_task is None  # the next task is the referent's
    verdict = verify_chain(world.jalon, world.actor("auditeur"), case.case_id, world.now)
    assert verdict.holds
    assert verdict.lines > 5
    with reading(world.jalon.database) as work:
        lines = read_history(work, case.case_id)
    assert [line.actor_name for line in lines if line.kind == "TaskCompleted"] == ["Awa Diop"]


def test_the_same_posted_form_twice_gives_the_same_answer_and_does_nothing_twice(world):
    world.publish(accueil())
    case, agent = world.case("accueil"), world.agent()
    (waiting,) = open_tasks(world, case.case_id)
    first = complete_task(world.jalon, agent, waiting.id, {"voie": "social"}, 1, "cle-1", world.now)
    with reading(world.jalon.database) as work:
        lines = len(read_history(work, case.case_id))
    again = complete_task(world.jalon, agent, waiting.id, {"voie": "social"}, 1, "cle-1", world.now)
    assert again == first
    with reading(world.jalon.database) as work:
        assert len(read_history(work, case.case_id)) == lines


def test_who_comes_second_is_told_who_was_first_and_when(world):
    world.publish(accueil())
    case = world.case("accueil")
    (waiting,) = open_tasks(world, case.case_id)
    at = world.later(minutes=10)
    complete_task(world.jalon, world.agent("Awa Diop"), waiting.id, {"voie": "social"}, 1, "a", at)
    with pytest.raises(Stale) as refused:
        complete_task(world.jalon, world.agent("Benoît Roy"), waiting.id, {"voie": "pro"}, 1, "b", world.later(minutes=1))
    assert (refused.value.by, refused.value.at) == ("Awa Diop", at)
    assert "Awa Diop" in str(refused.value)


def test_a_refused_form_writes_nothing(world):
    world.publish(accueil())
    case, agent = world.case("accueil"), world.agent()
    (waiting,) = open_tasks(world, case.case_id)
    with pytest.raises(FormErrors) as refused:
        complete_task(world.jalon, agent, waiting.id, {"voie": ""}, 1, "a", world.now)
    assert [error.key for error in refused.value.errors] == ["voie"]
    with reading(world.jalon.database) as work:
        assert find_task(work, waiting.id).task.status == "open"


def test_a_task_of_another_group_can_be_read_and_not_done_one_of_another_territory_does_not_exist(world):
    world.publish(accueil())
    case = world.case("accueil")
    (waiting,) = open_tasks(world, case.case_id)
    for actor, error in [
        (world.referent(), Forbidden),
        (world.agent("Ailleurs", territories=("13-II",)), NotFound),
        (world.actor("auditeur"), Forbidden),
        (world.actor("agent", departement="94", territories=("94-T1",)), NotFound),
        (world.actor("proprietaire"), NotFound),
    ]:
        with pytest.raises(error):
            complete_task(world.jalon, actor, waiting.id, {"voie": "social"}, 1, None, world.now)
    assert complete_task(world.jalon, world.agent(), waiting.id, {"voie": "social"}, 1, None, world.now).task_id == waiting.id
