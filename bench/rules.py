"""The figures of rules: a gateway condition and a table of 100 rules, beside feelin in Node in the same run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from shutil import which
from statistics import median
from time import perf_counter

from server import decisions, feel
from tests.decisions.models import decision, model_of, table

NOW = datetime(2026, 1, 15, tzinfo=UTC)
CONDITION = 'manquements >= 2 and situation.statut = "actif" and not(exempté) and montant * 0.8 < plafond'
SCOPE = {"manquements": 3, "situation": {"statut": "actif"}, "exempté": False, "montant": 635.71, "plafond": 600}
CELLS = [[f"[{10 * i}..{10 * i + 10})", f'"{"abc"[i % 3]}","z"', "-", "true" if i % 2 else "-"] for i in range(100)]
INPUTS = {"n": 985, "s": "z", "j": None, "b": True}


def rows() -> list[tuple[str, str, str]]:
    """Lines of the bench table: (what, figure, bound). Medians of one run; feelin is left out where Node or its package is not installed."""
    condition, rules = _condition(), _table()
    theirs = _feelin()
    beside = {
        key: "" if theirs is None else f" (feelin {theirs[key] * scale:.1f} {unit})"
        for key, scale, unit in (("condition", 1000, "µs"), ("table", 1, "ms"))
    }
    return [
        ("rules: a gateway condition", f"{condition * 1e6:.1f} µs{beside['condition']}", "<= 30 µs"),
        ("rules: a table of 100 rules, trace included", f"{rules * 1e3:.2f} ms{beside['table']}", "<= 1 ms"),
    ]


def _condition() -> float:
    expression = feel.compile(CONDITION)
    scope = {name: _value(value) for name, value in SCOPE.items()}
    if expression.evaluate(scope, NOW) is not True:
        raise AssertionError(CONDITION)
    return _median(lambda: expression.evaluate(scope, NOW), 15, 500)


def _table() -> float:
    lines = [(row, [f'"r{i}"', str(i)]) for i, row in enumerate(CELLS)]
    shape = table(lines, inputs=("n:number", "s:string", "j:date", "b:boolean"), outputs=("out:string", "rank:number"))
    model = model_of(decision("d", shape), name="bench")
    inputs = {name: _value(value) for name, value in INPUTS.items()}
    if decisions.to_json(model.decide("d", inputs, NOW).value) != '{"out": "r98", "rank": 98}':
        raise AssertionError(model.decide("d", inputs, NOW).trace)
    return _median(lambda: model.decide("d", inputs, NOW), 15, 20)


def _value(plain: object) -> object:
    return Decimal(str(plain)) if isinstance(plain, int | float) and not isinstance(plain, bool) else plain


def _median(run: Callable[[], object], rounds: int, batch: int) -> float:
    times = []
    for _ in range(rounds):
        start = perf_counter()
        for _ in range(batch):
            run()
        times.append((perf_counter() - start) / batch)
    return median(times)


def _feelin() -> dict[str, float] | None:
    """Milliseconds of one condition and of one table in feelin, or None when it cannot be run here."""
    node = which("node")
    if node is None or not Path("node_modules/feelin").is_dir():
        return None
    question = json.dumps({"condition": CONDITION, "scope": SCOPE, "cells": CELLS, "input": list(INPUTS.values())})
    done = subprocess.run(
        [node, str(Path(__file__).with_name("feelin.mjs"))], input=question, capture_output=True, text=True, check=True, timeout=60
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures
