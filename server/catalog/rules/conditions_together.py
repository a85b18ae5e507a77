"""Warns of two conditions of one choice that some values make true together: the first of the file would be taken, and a fault recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations, islice, product

from server import feel
from server.catalog.diagram import Flow
from server.catalog.findings import WARNING, Finding
from server.catalog.study import Study, on_flow
from server.kernel.errors import JalonError
from server.kernel.values import Value

CODE = "conditions-vraies-ensemble"
TITLE = "Deux conditions d'un choix ne sont pas vraies ensemble"
SEVERITY = WARNING
TRIALS = 400
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_TEXT = re.compile(r'"([^"]*)"')
_NUMBER = re.compile(r"(?<![\w\"])\d+(?:\.\d+)?(?![\w\"])")


def check(study: Study) -> Iterator[Finding]:
    """On essaie les valeurs que les conditions nomment, et leurs voisines : si deux conditions sont vraies ensemble, l'exemple est montré."""
    for gateway in study.diagram.of_type("exclusiveGateway"):
        conditions = {f.id: (f, e) for f in study.diagram.out(gateway.id) if f.condition and (e := _compiled(f)) is not None}
        found = _example(list(conditions.values())) if len(conditions) > 1 else None
        if found is not None:
            one, other, values = found
            told = ", ".join(f"{name} = {_words(value)}" for name, value in values.items())
            message = f"Les flux {one.label} et {other.label} peuvent être vrais ensemble (par exemple {told}) : rendez leurs conditions exclusives."
            yield on_flow(CODE, SEVERITY, other, message)


def _compiled(flow: Flow) -> feel.Expression | None:
    try:
        return feel.compile(flow.condition.removeprefix("=").strip())
    except JalonError:
        return None


def _example(conditions: list[tuple[Flow, feel.Expression]]) -> tuple[Flow, Flow, Mapping[str, Value]] | None:
    names = sorted({name for _, expression in conditions for name in expression.names})
    values = _candidates(" ".join(expression.text for _, expression in conditions))
    for chosen in islice(product(values, repeat=len(names)), TRIALS):
        picked = dict(zip(names, chosen, strict=True))
        scope = _nested(picked)
        try:
            true = [flow for flow, expression in conditions if expression.evaluate(scope, _NOON) is True]
        except JalonError:
            continue
        if len(true) > 1:
            one, other = next(combinations(true, 2))
            return one, other, picked
    return None


def _candidates(text: str) -> list[Value]:
    """The literals of the conditions and their neighbours, which is where comparisons change."""
    found: list[Value] = [True, False, *dict.fromkeys(_TEXT.findall(text)), "autre"]
    for number in dict.fromkeys(_NUMBER.findall(_TEXT.sub("", text))):
        found += [Decimal(number) - 1, Decimal(number), Decimal(number) + 1]
    return [*found, None] if "null" in text else found


def _nested(picked: Mapping[str, Value]) -> dict[str, Value]:
    """Dotted names as contexts: {"a.b": 1} is read as {"a": {"b": 1}}."""
    scope: dict[str, Value] = {}
    for name, value in picked.items():
        *path, last = name.split(".")
        here = scope
        for part in path:
            inner = here.get(part)
            here[part] = inner if isinstance(inner, dict) else {}
            here = here[part]
        here[last] = value
    return scope


def _words(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value:f}"
