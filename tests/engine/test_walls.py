"""The walls of an engine that keeps its history: a thousand turns end rightly, and cost and size do not grow."""

import random
from datetime import timedelta

import pytest

from server.engine import ChildEnded, CompleteTask, FireTimer, advance, read_waiting
from server.engine.state import load, prune, read_plain
from server.kernel.errors import ModelError
from server.kernel.facts import TASK_READY
from tests.engine.chance import PLAYED, context_of, first_command, next_command
from tests.engine.playing import MONDAY, Story, model

MAX_STATE = 12_000  # bytes


@pytest.mark.slow  # A thousand turns, two commands each.
def test_a_thousand_turns_of_a_loop_with_two_boundary_timers_end_rightly():
    story, sizes = Story("boucle_minuteurs"), []
    draw = random.Random(1)
    for turn in range(1_000):
        waiting = story.waiting
        (task,) = [t for t in waiting.tasks if t.element == "entretien"]
        assert {t.element for t in waiting.timers} == {"relance", "limite"}
        if draw.random() < 0.3:
            reminder = next(t for t in waiting.timers if t.element == "relance")
            story.now = reminder.due
            story.do(FireTimer(reminder.timer))
            story.complete("relancer")
        story.do(CompleteTask(task.task, {"poursuite": turn < 999}))
        if turn < 999:
            story.fire("attente")
        sizes.append(len(story.state))
        story.facts = story.facts[-50:]
    assert story.ended
    assert story.variables["n"] == 1_000
    assert max(sizes) - sizes[0] < 20  # The counters have more digits, nothing else grows.


def test_two_hundred_calls_leave_no_trace_in_the_state():
    story = Story("appel", {"n": 0, "dossier_id": "D1", "issue": "poursuite"})
    first = len(story.state)
    for turn in range(200):
        story.do(ChildEnded(story.waiting.calls[0].call, "poursuite", {"n_suivant": turn}))
    assert len(story.state) <= first + 20  # longer counters
    assert story.tasks == []
    assert len(story.waiting.calls) == 1


def test_alerts_left_open_at_each_turn_close_with_their_scope():
    story = Story("messages", {"dossier_id": "D1"})
    story.complete("recevoir")
    story.fire("dix_jours")
    for number in range(40):
        story.message("piece_recue", numero=number)
    assert len(story.state) < MAX_STATE
    story.complete("proposer")
    assert story.ended


@pytest.mark.parametrize("name", PLAYED)
def test_no_state_passes_twelve_kilobytes(name):
    for seed in range(4):
        draw, context, definition = random.Random(seed), context_of(name, seed), model(name)
        step, now = advance(definition, None, first_command(seed), context, MONDAY), MONDAY
        for _ in range(60):
            assert len(step.state) <= MAX_STATE
            if step.ended:
                break
            command, now = next_command(draw, read_waiting(definition, step.state), now)
            step = advance(definition, step.state, command, context, now)


def test_a_list_of_fifty_stays_under_twelve_kilobytes():
    story = Story("multi", {"dossiers": [f"dossier-{n:04}" for n in range(50)]})
    assert len(story.tasks) == 50
    for _ in range(49):
        story.complete("a", avis_rendu="favorable")
        assert len(story.state) <= MAX_STATE


def test_a_state_of_another_format_or_another_diagram_is_refused():
    story = Story("alertes")
    with pytest.raises(ModelError, match="format inconnu"):
        advance(story.definition, b"\x02" + story.state[1:], CompleteTask("x"), story.context, MONDAY)
    with pytest.raises(ModelError, match="absente de ce diagramme"):
        advance(model("multi"), story.state, CompleteTask("x"), story.context, MONDAY)


def test_a_state_begins_with_its_format_and_holds_only_what_is_live():
    story = Story("alertes")
    story.complete("a")
    plain = read_plain(story.state)
    assert story.state[0] == 1
    assert [row[1:] for row in plain["t"]] == [["c", "r"]]


def test_pruning_twice_takes_nothing_more():
    story = Story("alertes")
    instance = load(story.definition, story.state, story.context, story.now)
    assert prune(instance) == 0


@pytest.mark.parametrize("name", PLAYED)
def test_what_facts_opened_and_did_not_close_is_what_the_state_waits_for(name):
    """The rows that a store builds from facts are those that the state implies."""
    opening = {"TaskReady": "task", "TimerSet": "timer", "MessageAwaited": "subscription", "ChildWanted": "call"}
    closing = {
        "TaskCompleted",
        "TaskCancelled",
        "TimerFired",
        "TimerCancelled",
        "MessageNoLongerAwaited",
        "MessageReceived",
        "ChildCancelled",
        "ChildReturned",
    }
    draw, context, definition = random.Random(11), context_of(name, 11), model(name)
    step, now, open_ids = advance(definition, None, first_command(11), context, MONDAY), MONDAY, set()
    for _ in range(40):
        for fact in step.facts:
            named = {fact.body[k] for k in ("task", "timer", "subscription", "call") if k in fact.body}
            if fact.kind in opening:
                assert not named & open_ids
                open_ids |= named
            elif fact.kind in closing:
                open_ids -= named
        waiting = read_waiting(definition, step.state)
        known = {t.task for t in waiting.tasks} | {t.timer for t in waiting.timers} | {s.subscription for s in waiting.subscriptions}
        assert open_ids == known | {c.call for c in waiting.calls if c.kind == "child"}
        if step.ended:
            break
        command, now = next_command(draw, waiting, now)
        step = advance(definition, step.state, command, context, now)


def test_ten_years_of_monthly_turns_keep_their_dates():
    story = Story("boucle_minuteurs")
    for _ in range(120):
        story.complete("entretien", poursuite=True)
        story.fire("attente")
    assert story.now == MONDAY.replace(year=2036)
    assert story.of_kind(TASK_READY)[-1].body["due"] == (story.now + timedelta(days=15)).isoformat()
