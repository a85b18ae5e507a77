"""Random stories on the test models: the same seed always gives the same commands."""

from __future__ import annotations

import random
from datetime import date, timedelta

from server.engine import (
    ChangeDueDate,
    ChildEnded,
    ChildFailed,
    CompleteTask,
    Context,
    DeliverMessage,
    FireTimer,
    ReturnResult,
    Start,
    Waiting,
)
from tests.engine.playing import DELAYS, model_names

# Models that fail or loop on purpose.
FAULTY = {"conditions", "blocage", "sans_fin"}
PLAYED = [name for name in model_names() if name not in FAULTY]
VARIABLES = {"dossier_id": "D1", "dossiers": ["x", "y", "z"], "age": 30, "n": 0, "notification": date(2026, 1, 5), "rdv": date(2026, 2, 2)}


def first_command(seed: int) -> Start:
    return Start({**VARIABLES, "graine": seed})


def context_of(name: str, seed: int) -> Context:
    return Context(f"{name}-{seed}", DELAYS, {"id": "D1", "enfants": 2})


def next_command(draw: random.Random, waiting: Waiting, now):
    """A command that the instance can take, and its time."""
    step = draw.random()
    if waiting.timers and step > 0.95:
        moved = draw.choice(waiting.timers)
        return ChangeDueDate(moved.timer, moved.due + timedelta(days=draw.randint(-2, 9)), "délai suspendu"), now
    choices = (
        [("task", t) for t in waiting.tasks] * 3
        + [("message", s) for s in waiting.subscriptions]
        + [("call", c) for c in waiting.calls] * 2
    )
    if waiting.timers and (step < 0.25 or not choices):
        timer = min(waiting.timers, key=lambda t: (t.due, t.timer))
        return FireTimer(timer.timer), max(now, timer.due)
    kind, thing = draw.choice(choices)
    if kind == "task":
        return CompleteTask(thing.task, answers(draw)), now
    if kind == "message":
        return DeliverMessage(thing.name, thing.key, {"recu": draw.randint(0, 9)}), now
    if thing.kind == "outside":
        return ReturnResult(thing.call, {"resultat_caf": {"montant": draw.randint(0, 500)}}), now
    if thing.element == "tour" and step > 0.8:
        return ChildFailed(thing.call, "echec"), now
    return ChildEnded(
        thing.call, draw.choice(["poursuite", "poursuite", "sortie"]), {"n_suivant": draw.randint(0, 9), "present": draw.random() < 0.5}
    ), now


def answers(draw: random.Random) -> dict:
    return {
        "poursuite": draw.random() > 0.08,
        "ka": draw.random() < 0.5,
        "kb": draw.random() < 0.5,
        "refus": draw.random() < 0.5,
        "parcours": draw.choice(["social", "emploi"]),
        "avis_rendu": draw.choice(["oui", "non", None]),
        "detail": {"rang": draw.randint(0, 99)},
    }
