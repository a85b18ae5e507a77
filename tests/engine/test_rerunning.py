"""What was done can be done again: the same commands give the same bytes, whatever the process, its hash seed, its zone, its locale, its caches."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from server.engine import advance, command_from_plain, context_from_plain, forget_definitions, read_waiting
from server.feel.expression import compile as compile_feel
from tests.engine.chance import PLAYED, context_of, first_command, next_command
from tests.engine.playing import MONDAY, model

ROOT = Path(__file__).parents[2]
STEPS = 12


def history(name: str, seed: int = 0, steps: int = STEPS) -> dict:
    """The commands of a random story and the state after each."""
    draw, context, definition = random.Random(seed), context_of(name, seed), model(name)
    commands, states, state, now, command = [], [], None, MONDAY, first_command(seed)
    for _ in range(steps):
        step = advance(definition, state, command, context, now)
        state = step.state
        commands.append((command.to_plain(), now.isoformat()))
        states.append(state.hex())
        if step.ended:
            break
        command, now = next_command(draw, read_waiting(definition, state), now)
    return {"model": name, "context": context.to_plain(), "state": None, "commands": commands, "states": states}


def rerun(histories: list[dict], **environment: str) -> list[list[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.rerun"],
        input=json.dumps(histories),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow  # Starts another Python.
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/Los_Angeles", "LC_ALL": "fr_FR.UTF-8", "PYTHONUTF8": "1"},
    ],
    ids=["auckland", "los-angeles"],
)
def test_recorded_commands_give_the_same_bytes_in_another_environment(environment):
    histories = [history(name, seed) for name in PLAYED for seed in (1, 2)]
    assert rerun(histories, **environment) == [h["states"] for h in histories]


@pytest.mark.slow  # Starts another Python.
def test_each_model_goes_on_in_a_new_process_from_its_bytes():
    histories = [history(name, 7) for name in PLAYED]
    halves = []
    for h in histories:
        middle = len(h["commands"]) // 2
        halves.append({**h, "state": h["states"][middle - 1], "commands": h["commands"][middle:]} if middle else h)
    assert rerun(halves) == [h["states"][len(h["commands"]) // 2 :] for h in histories]


@pytest.mark.parametrize("name", PLAYED)
def test_caches_emptied_between_any_two_steps_change_nothing(name):
    known = history(name, 3)
    draw, context = random.Random(3), context_of(name, 3)
    state, now, command, states = None, MONDAY, first_command(3), []
    for _ in known["commands"]:
        forget_definitions()
        compile_feel.cache_clear()
        step = advance(model(name), state, command, context, now)
        state = step.state
        states.append(state.hex())
        if not step.ended:
            command, now = next_command(draw, read_waiting(model(name), state), now)
    assert states == known["states"]


def test_the_order_in_which_answers_are_given_does_not_matter():
    one, two = history("boucle", 5, 1), history("boucle", 5, 1)
    command, _ = one["commands"][0]
    command["variables"] = dict(reversed(command["variables"].items()))
    assert rerun_here(one) == two["states"]


def rerun_here(h: dict) -> list[str]:
    state, states = None, []
    for plain, _now in h["commands"]:
        state = advance(model(h["model"]), state, command_from_plain(plain), context_from_plain(h["context"]), MONDAY).state
        states.append(state.hex())
    return states


def test_two_instances_share_no_id():
    one, two = history("alertes", 1), history("alertes", 2)
    first = {t.task for t in read_waiting(model("alertes"), bytes.fromhex(one["states"][0])).tasks}
    second = {t.task for t in read_waiting(model("alertes"), bytes.fromhex(two["states"][0])).tasks}
    assert not first & second


def test_the_clock_and_the_dice_of_the_machine_are_never_used(monkeypatch):
    def forbidden(*_args, **_kwargs):
        raise AssertionError("the machine was asked for the time or for chance")

    monkeypatch.setattr("SpiffWorkflow.task.uuid4", forbidden)
    monkeypatch.setattr("SpiffWorkflow.task.time", SimpleNamespace(time=forbidden))
    monkeypatch.setattr(
        "SpiffWorkflow.bpmn.specs.event_definitions.timer.datetime", SimpleNamespace(now=forbidden, fromisoformat=forbidden)
    )
    for name in PLAYED:
        history(name, 9, 8)
