"""The same answers as the evaluator that the browser runs (feelin in Node), wherever it follows the standard; and the list of where it does not."""

import json
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from server import feel
from tests.feel.expressions import SCOPE, Grower

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
ORACLE = Path(__file__).parent / "oracle"
EXPRESSIONS, CELLS = 700, 150
PINNED = "6.1.1"

pytestmark = pytest.mark.skipif(
    not (ROOT / "node_modules" / "@bpmn-io" / "feelin").exists(),
    reason="node_modules is missing: run `make setup`, then this differential test runs",
)


def exact(value):
    """A value as JSON sees it, numbers as Decimal."""
    return json.loads(json.dumps(value, default=float), parse_float=Decimal, parse_int=Decimal)


def near(left, right):
    """The same value, numbers to 12 digits: feelin counts in binary."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return abs(left - right) <= Decimal("1e-12") * max(1, abs(left))
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(near(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(near(value, right[key]) for key, value in left.items())
    return type(left) is type(right) and left == right


def asked(questions):
    answer = subprocess.run(
        ["node", str(ORACLE / "feelin.mjs")], input=json.dumps(questions), capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(answer.stdout, parse_float=Decimal, parse_int=Decimal)


def drawn(count, draw):
    found = []
    while len(found) < count:
        one = draw()
        if one not in found:
            found.append(one)
    return found


def test_the_oracle_is_the_evaluator_that_form_js_installs():
    manifest = json.loads((ROOT / "node_modules" / "@bpmn-io" / "feelin" / "package.json").read_text("utf-8"))
    assert manifest["version"] == PINNED


@pytest.mark.slow  # One start of Node for 700 expressions, about a second.
def test_seven_hundred_expressions_have_the_value_that_the_browser_gives():
    grower = Grower(2026)
    texts = drawn(EXPRESSIONS, grower.expression)
    theirs = asked([{"text": text, "scope": SCOPE} for text in texts])
    ours = [feel.compile(text).evaluate(exact(SCOPE), NOW) for text in texts]
    assert [(t, m, w) for t, m, w in zip(texts, ours, theirs, strict=True) if not near(m, w)] == []
    assert sum(value is not None for value in ours) > EXPRESSIONS * 0.6


@pytest.mark.slow  # One start of Node.
def test_a_hundred_and_fifty_cells_have_the_verdict_that_the_browser_gives():
    grower = Grower(2027)
    cells = drawn(CELLS, grower.cell)
    theirs = asked([{"text": text, "scope": SCOPE, "input": value, "cell": True} for text, value in cells])
    ours = [feel.compile_unary(text).test(Decimal(value), exact(SCOPE), NOW) for text, value in cells]
    assert [(c, m, w) for c, m, w in zip(cells, ours, theirs, strict=True) if (m is True) != (w is True)] == []


@pytest.mark.slow  # One start of Node.
def test_each_divergence_of_the_list_is_still_one():
    groups = yaml.safe_load((ORACLE / "divergences.yaml").read_text("utf-8"))
    lines = [line for group in groups for line in group["checks"]]
    theirs = asked([{"text": text, "scope": {}} for text, _, _ in lines])
    for (text, standard, feelin), found in zip(lines, theirs, strict=True):
        assert near(exact(feel.compile(text).evaluate({}, NOW)), exact(standard)), text
        assert found == {"refused": True} if feelin == "!" else near(found, exact(feelin)), text
        assert near(exact(standard), exact(feelin)) is False, text
