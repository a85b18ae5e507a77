"""The line everything rests on: start, a person's task, a choice, a date on its edge, the end."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from server.engine import Cancel, CompleteTask, FireTimer, Start, advance
from server.kernel.errors import BadInput, ModelError, Stale
from tests.engine.playing import MONDAY, Story, model


def test_an_instance_starts_on_its_first_task_and_says_so_in_facts():
    story = Story("choix", {"ouverture": date(2026, 1, 2)})
    assert story.tasks == ["orienter"]
    assert story.kinds() == ["InstanceStarted", "ElementEntered", "ElementLeft", "ElementEntered", "TaskReady"]
    assert story.last.body["form"] == "orientation"
    assert story.last.body["groups"] == ["orientation", "gestion"]
    assert story.last.body["task"] == story.task_id("orienter")
    assert {f.at for f in story.facts} == {MONDAY}
    assert "personne" not in story.facts[0].body
    assert story.facts[0].payload == {"variables": {"ouverture": date(2026, 1, 2)}}


def test_a_completed_task_takes_the_flow_whose_condition_is_true():
    story = Story("choix")
    story.complete("orienter", parcours="social")
    assert story.tasks == ["rencontrer"]
    left = [f.body["flows"] for f in story.of_kind("ElementLeft")]
    assert left == [["f_debut_orienter"], ["f_orienter_social"], ["f_social_rencontrer"]]
    story.complete("rencontrer")
    assert story.ended
    assert story.outcome == "social"


def test_the_default_flow_is_taken_when_no_condition_is_true():
    story = Story("choix")
    story.complete("orienter", parcours="emploi")
    assert story.ended
    assert story.outcome == "emploi"
    assert story.variables == {"parcours": "emploi"}


def test_answers_become_variables_with_their_exact_values():
    story = Story("boucle")
    story.complete("entretien", poursuite=False, montant=Decimal("12.50"), le=date(2026, 2, 3), heures=15)
    assert story.variables["montant"] == Decimal("12.50")
    assert story.variables["le"] == date(2026, 2, 3)
    assert story.variables["heures"] == Decimal(15)
    assert story.variables["n"] == Decimal(1)


def test_a_task_done_twice_is_refused():
    story = Story("boucle")
    task = story.task_id("entretien")
    story.complete("entretien", poursuite=True)
    with pytest.raises(Stale, match="n'est plus à faire"):
        story.do(CompleteTask(task, {"poursuite": True}))


def test_a_refused_command_leaves_the_state_as_it_was():
    story = Story("conditions")
    before = story.state
    with pytest.raises(ModelError):
        story.complete("dire", a=False, b=False)
    assert story.state == before
    story.complete("dire", a=True, b=False)
    assert story.outcome == "un"


def test_a_timer_that_interrupts_closes_the_task_and_opens_its_branch():
    story = Story("bloc")
    story.complete("s_preparer")
    assert story.timers == {"s_limite": MONDAY + timedelta(days=30)}
    story.fire("s_limite")
    assert [f.kind for f in story.facts if f.element in ("s_entretien", "s_limite")][-4:] == [
        "TimerFired",
        "ElementEntered",
        "TaskCancelled",
        "ElementLeft",
    ]
    assert story.ended


def test_a_timer_that_does_not_interrupt_leaves_the_task_open():
    story = Story("alertes")
    story.fire("rappel")
    assert story.tasks == ["a", "r"]
    assert list(story.timers) == ["limite"]


def test_a_done_task_cancels_the_timers_on_its_edge():
    story = Story("alertes")
    story.complete("a")
    assert story.timers == {}
    assert [f.element for f in story.of_kind("TimerCancelled")] == ["rappel", "limite"]


def test_a_timer_fires_once_and_never_before_its_time():
    story = Story("alertes")
    timer = next(t for t in story.waiting.timers if t.element == "rappel")
    with pytest.raises(Stale, match="pas échu"):
        story.later(days=9).do(FireTimer(timer.timer))
    story.fire("rappel")
    with pytest.raises(Stale, match="déjà sonné"):
        story.do(FireTimer(timer.timer))


def test_nothing_runs_on_a_closed_instance():
    story = Story("choix")
    task = story.task_id("orienter")
    story.complete("orienter", parcours="emploi")
    for command in (CompleteTask(task), Cancel("fin"), FireTimer("x")):
        with pytest.raises(Stale, match="terminé"):
            story.do(command)
    with pytest.raises(Stale, match="terminé"):
        story.message("n'importe")
    with pytest.raises(Stale, match="déjà commencée"):
        story.do(Start())


def test_an_instance_must_be_started_before_anything():
    with pytest.raises(Stale, match="pas commencée"):
        advance(model("choix"), None, CompleteTask("x"), Story("choix").context, MONDAY)


def test_a_state_is_not_advanced_as_another_instance():
    story = Story("choix")
    other = type(story.context)("une-autre")
    with pytest.raises(BadInput, match="autre instance"):
        advance(story.definition, story.state, Cancel("x"), other, MONDAY)


def test_the_time_of_a_command_must_be_aware():
    with pytest.raises(BadInput, match="fuseau"):
        advance(model("choix"), None, Start(), Story("choix").context, datetime(2026, 1, 5, 9))  # noqa: DTZ001 - the point of the test
    paris = datetime.fromisoformat("2026-01-05T10:00:00+01:00")
    assert Story("choix", at=paris).facts[0].at == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_cancelling_closes_everything_that_waits():
    story = Story("alertes")
    story.do(Cancel("départ du département"))
    assert story.ended
    assert story.kinds()[-4:] == ["TaskCancelled", "TimerCancelled", "TimerCancelled", "InstanceCancelled"]
    assert story.last.payload == {"reason": "départ du département"}
