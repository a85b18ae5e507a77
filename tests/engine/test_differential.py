"""Two oracles over random stories: the same engine left alone in memory, never pruned nor saved; and SpiffWorkflow as shipped, with its own parser and specs."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import SpiffWorkflow.bpmn.specs.event_definitions.timer as shipped_timer

from server.engine import CompleteTask, DeliverMessage, FireTimer, Start, advance, read_definition, read_waiting
from server.engine.advance import apply
from server.engine.instance import Instance
from server.engine.state import dump, prune
from tests.engine.chance import PLAYED, answers, context_of, first_command, next_command
from tests.engine.playing import MONDAY, model
from tests.engine.shipped import Shipped, ShippedClock, common_file

SEEDS = 12
STEPS = 40


@pytest.mark.parametrize("name", PLAYED)
def test_pruned_and_reloaded_at_each_step_it_does_what_it_does_left_alone(name):
    """Same facts, ids and values included, at every step; same bytes at the end."""
    definition = model(name)
    for seed in range(SEEDS):
        draw, context = random.Random(seed), context_of(name, seed)
        state, now, command = None, MONDAY, first_command(seed)
        alone = Instance(definition, context.instance_id, context, now)
        for _ in range(STEPS):
            step = advance(definition, state, command, context, now)
            alone.begin_command(context, now.astimezone(UTC))
            apply(alone, command)
            assert tuple(alone.facts) == step.facts
            state = step.state
            if step.ended:
                break
            command, now = next_command(draw, read_waiting(definition, state), now)
        prune(alone)
        assert dump(alone) == state


# Shipped, a parallel join in a loop fires too early, and a message boundary that does not interrupt fires once: those are told in our own tests.
COMMON = ["choix", "boucle", "boucle_minuteurs", "bloc", "jonction", "alertes", "inclusif", "erreur", "attente", "imbrique"]


@pytest.mark.parametrize("name", COMMON)
def test_it_takes_the_path_that_spiffworkflow_as_shipped_takes(name, monkeypatch):
    monkeypatch.setattr(shipped_timer, "datetime", ShippedClock)
    definition = read_definition({"process.bpmn": common_file(name)})
    ends = 0
    for seed in range(SEEDS):
        # In UTC: as shipped, days are 24 hours even when the clock changes.
        draw, context, now = random.Random(seed), replace(context_of(name, seed), zone="UTC"), MONDAY
        ShippedClock.at = now
        variables = {"dossier_id": "D1", "poursuite": True, "age": 30}
        shipped = Shipped(name, variables)
        step = advance(definition, None, Start(variables), context, now)
        for _ in range(25):
            waiting = read_waiting(definition, step.state)
            assert sorted(t.element for t in waiting.tasks) == sorted(shipped.ready)
            if step.ended:
                assert shipped.workflow.is_completed()
                ends += 1
                break
            command, now = chosen(draw, waiting, now, shipped)
            step = advance(definition, step.state, command, context, now)
    assert ends or name in ("boucle", "bloc", "alertes", "boucle_minuteurs")


def chosen(draw: random.Random, waiting, now: datetime, shipped: Shipped):
    """A command for us, done also on the engine as shipped."""
    timer = min(waiting.timers, key=lambda t: t.due, default=None)
    if timer is not None and (draw.random() < 0.3 or not waiting.tasks):
        shipped.wait_until(timer.due)
        return FireTimer(timer.timer), timer.due
    task = draw.choice(waiting.tasks)
    values = answers(draw)
    shipped.complete(task.element, values)
    return CompleteTask(task.task, values), now


def test_the_path_is_the_same_with_messages(monkeypatch):
    monkeypatch.setattr(shipped_timer, "datetime", ShippedClock)
    definition = model("messages")
    for seed in range(SEEDS):
        draw, context, now = random.Random(seed), context_of("messages", seed), MONDAY
        ShippedClock.at = now
        shipped = Shipped("messages", {"dossier_id": "D1"})
        step, seen = advance(definition, None, Start({"dossier_id": "D1"}), context, now), SimpleNamespace(piece=False)
        while not step.ended:
            waiting = read_waiting(definition, step.state)
            assert sorted(t.element for t in waiting.tasks) == sorted(shipped.ready)
            names = [s for s in waiting.subscriptions if not (s.name == "piece_recue" and seen.piece)]
            if names and draw.random() < 0.4:
                wait = draw.choice(names)
                seen.piece |= wait.name == "piece_recue"
                shipped.send(wait.name)
                command = DeliverMessage(wait.name, wait.key)
            else:
                command, now = chosen(draw, waiting, now, shipped)
            step = advance(definition, step.state, command, context, now)
        assert shipped.workflow.is_completed()
