"""Our own conformance suite: checks written from DMN 1.5 chapter 10, each under its clause; the data are in conformance/*.yaml."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from server import feel

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FOLDER = Path(__file__).parent / "conformance"
KINDS = {
    "!date": "date",
    "!time": "time",
    "!moment": "date and time",
    "!days": "days and time duration",
    "!months": "years and months duration",
}


class Temporal(NamedTuple):
    """A date, time or duration as the standard writes it."""

    kind: str
    text: str


class Reader(yaml.SafeLoader):
    """Reads numbers with all their digits, and the tags of temporal values."""


Reader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))
Reader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: Decimal(node.value))
for tag, kind in KINDS.items():
    Reader.add_constructor(tag, lambda loader, node, kind=kind: Temporal(kind, node.value))


def checks(names):
    for name in names:
        for group in yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), Reader):
            for check in group["checks"]:
                yield pytest.param(*check, id=f"{group['clause']}: {check[0]}")


def given(value):
    if isinstance(value, Temporal):
        return feel.compile(f'@"{value.text}"').evaluate({}, NOW)
    return value


def written(value):
    """A result in the words of the data: temporal values by kind and text, the rest as it is."""
    if isinstance(value, list):
        return [written(item) for item in value]
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if feel.kind_of(value) in KINDS.values():
        return Temporal(feel.kind_of(value), feel.compile("string(x)").evaluate({"x": value}, NOW))
    return value


def same(left, right):
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return type(left) is type(right) and left == right


EXPRESSIONS = [(check.values, check.id) for check in checks(["grammar", "logic", "values", "structures", "functions"])]
CELLS = [(check.values, check.id) for check in checks(["unary"])]


@pytest.mark.parametrize("check", [values for values, _ in EXPRESSIONS], ids=[name for _, name in EXPRESSIONS])
def test_an_expression_has_the_value_of_the_standard(check):
    text, expected, scope = (*check, {})[:3]
    assert same(written(feel.compile(text).evaluate(scope, NOW)), expected)


@pytest.mark.parametrize("check", [values for values, _ in CELLS], ids=[name for _, name in CELLS])
def test_a_cell_has_the_verdict_of_the_standard(check):
    text, value, expected, scope = (*check, {})[:4]
    assert feel.compile_unary(text).test(given(value), scope, NOW) is expected


def test_the_suite_has_over_five_hundred_checks():
    assert len(EXPRESSIONS) + len(CELLS) >= 500
