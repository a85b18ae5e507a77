"""Re-execution proves a history, and names the first command that does not fit."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from server.engine import Definition
from server.kernel.errors import ModelError
from server.kernel.values import canonical, read_canonical
from server.replay.reexecute import DIFFERENT, ERASED, SAME, Recorded, reexecute
from tests.engine.playing import LEGAL, Story, model


def recorded(story: Story, states: list[bytes]) -> list[Recorded]:
    return [
        Recorded(number, at, command.to_plain(), story.context.to_plain(), hashlib.sha256(state).hexdigest())
        for number, ((command, at), state) in enumerate(zip(story.commands, states, strict=True), start=1)
    ]


@pytest.fixture
def history() -> list[Recorded]:
    story = Story("boucle_minuteurs", {"n": 0}, context=LEGAL)
    states = [story.state]
    for act in (
        lambda: story.fire("relance"),
        lambda: story.complete("entretien", poursuite=True),
        lambda: story.fire("attente"),
        lambda: story.complete("relancer", note="vu"),
        lambda: story.complete("entretien", poursuite=False),
    ):
        act()
        states.append(story.state)
    assert story.ended
    return recorded(story, states)


def loader(name: str = "boucle_minuteurs"):
    return lambda: model(name)


def test_a_true_history_gives_the_same_bytes(history):
    found = reexecute(loader(), history)
    assert found.verdict == SAME
    assert found.same
    assert found.checked == found.total == 6
    assert list(found.states) == [r.state_hash for r in history]
    assert "à l'identique" in found.sentence


def test_the_order_in_which_rows_are_read_does_not_matter(history):
    assert reexecute(loader(), reversed(history)).same


def test_a_changed_answer_is_found_at_its_command(history):
    history[2] = replace(history[2], command={**history[2].command, "answers": {"poursuite": True, "ajout": 1}})
    found = reexecute(loader(), history)
    assert found.verdict == DIFFERENT
    assert (found.divergence.number, found.divergence.kind, found.checked) == (3, "CompleteTask", 2)
    assert found.divergence.found != found.divergence.expected
    assert "n° 3" in found.sentence


def test_a_changed_time_is_found(history):
    history[3] = replace(history[3], at=history[3].at + timedelta(days=1))
    assert reexecute(loader(), history).divergence.number == 4


def test_a_removed_command_is_found(history):
    found = reexecute(loader(), history[:2] + history[3:])
    assert found.verdict == DIFFERENT
    assert "n° 3 manque" in found.divergence.reason


def test_a_command_that_is_refused_today_is_told(history):
    history[2] = replace(history[2], command={**history[2].command, "task": "inconnue"})
    found = reexecute(loader(), history)
    assert "refusée" in found.divergence.reason
    assert found.checked == 2


@pytest.mark.parametrize(
    "command", [{}, {"kind": "CompleteTask", "task": "x", "answers": {"d": {"$d": "hier"}}}, {"kind": "Start", "variables": 3}]
)
def test_a_command_that_cannot_be_read_is_told(history, command):
    history[0] = replace(history[0], command=command)
    found = reexecute(loader(), history)
    assert (found.verdict, found.checked, found.divergence.number) == (DIFFERENT, 0, 1)


def test_another_version_of_the_diagram_is_found(history):
    assert reexecute(loader("alertes"), history).verdict == DIFFERENT


def test_a_version_that_cannot_be_read_is_told(history):
    def unreadable() -> Definition:
        raise ModelError("Le fichier manque.")

    found = reexecute(unreadable, history)
    assert "ne se lit plus" in found.divergence.reason
    assert found.checked == 0


def test_an_erased_case_says_that_it_can_no_longer_be_run_again(history):
    history[4] = replace(history[4], command=None, context=None)
    found = reexecute(loader(), history)
    assert found.verdict == ERASED
    assert found.checked == 4
    assert "effacées" in found.sentence


def test_nothing_recorded_is_nothing_to_contradict():
    found = reexecute(loader(), [])
    assert found.same
    assert found.total == 0


def test_a_history_read_back_from_the_bytes_of_its_payloads_gives_the_same(history):
    kept = [
        canonical({"command": r.command, "case": r.context["case"], "zone": r.context["zone"], "parameters": r.context["parameters"]})
        for r in history
    ]
    for number, data in enumerate(kept):
        told = read_canonical(data)
        context = {"instance_id": LEGAL.instance_id, "parameters": told["parameters"], "case": told["case"], "zone": told["zone"]}
        history[number] = replace(history[number], command=told["command"], context=context)
    assert reexecute(loader(), history).same
