"""The same schemas and data for form-js's own viewer and for ours: the same answers are refused, the same are kept."""

from __future__ import annotations

import random
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from server.forms import check, read_form
from server.kernel.errors import FormErrors
from server.settings import ROOT

NOW = datetime(2026, 11, 19, 9, 41, tzinfo=UTC)
CHOICES = [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}, {"label": "Deux", "value": "2"}]
TEXTS = ["", "a", "ab", "abc", "a1", "12", " ab ", "abcdef", "zoe@exemple.fr", "+33123456789", "0123", "x\ty"]
NUMBERS = [None, 0, 1, -3, 2.5, 0.3, 10, 12.25, 49, 50, 51, 1e6]


@pytest.fixture(scope="module")
def judge(chromium, tmp_path_factory):
    """Asks form-js in the browser; the page is bundled from the same lock file as the product."""
    folder = tmp_path_factory.mktemp("oracle")
    esbuild = next((ROOT / "node_modules" / "@esbuild").glob("*/bin/esbuild"))  # the program itself: Node may be in no path
    built = [str(esbuild), str(ROOT / "tests/browser/oracle/formjs.js"), "--bundle", "--format=iife"]
    subprocess.run([*built, f"--outfile={folder / 'oracle.js'}", "--log-level=error"], check=True, cwd=ROOT)
    page = chromium.new_page()
    page.goto("about:blank")
    page.add_script_tag(path=folder / "oracle.js")
    yield lambda cases: page.evaluate("(cases) => window.judge(cases)", cases)
    page.close()


def text(draws, key):
    rules = {
        "required": draws.random() < 0.4,
        **({"minLength": draws.choice([1, 2, 3])} if draws.random() < 0.3 else {}),
        **({"maxLength": draws.choice([2, 3, 5])} if draws.random() < 0.3 else {}),
        **({"pattern": draws.choice(["[0-9]", "^a", "b$", "^[a-c]+$"])} if draws.random() < 0.3 else {}),
        **({"validationType": draws.choice(["email", "phone"])} if draws.random() < 0.15 else {}),
    }
    return {"type": "textfield", "key": key, "validate": rules}, draws.choice(TEXTS)


def number(draws, key):
    rules = {
        "required": draws.random() < 0.4,
        **({"min": draws.choice([0, 1, "=plancher"])} if draws.random() < 0.4 else {}),
        **({"max": draws.choice([50, 10, "=plafond"])} if draws.random() < 0.4 else {}),
    }
    own = {
        **({"decimalDigits": draws.choice([0, 1, 2])} if draws.random() < 0.3 else {}),
        **({"increment": draws.choice([0.1, 0.5, 5])} if draws.random() < 0.3 else {}),
    }
    return {"type": "number", "key": key, "validate": rules, **own}, draws.choice(NUMBERS)


def box(draws, key):
    return {"type": "checkbox", "key": key, "validate": {"required": draws.random() < 0.5}}, draws.random() < 0.5


def one(draws, key):
    kind = draws.choice(["radio", "select"])
    return {"type": kind, "key": key, "values": CHOICES, "validate": {"required": draws.random() < 0.5}}, draws.choice(
        ["a", "b", "2", None]
    )


def several(draws, key):
    kind = draws.choice(["checklist", "taglist"])
    chosen = draws.sample(["a", "b", "2"], draws.randint(0, 3))
    return {"type": kind, "key": key, "values": CHOICES, "validate": {"required": draws.random() < 0.5}}, chosen


# Conditions that read an earlier answer of each kind, known or not.
CONDITIONS = {
    "textfield": ('={} = "a"', '={} != "ab"', "=string length({}) > 2"),
    "number": ("={} > 1", "={} = null", "={} = 50", "=not({} > 1)"),
    "checkbox": ("={} = true", "={}", "=not({})"),
    "radio": ('={} = "a"', "={} = null", '={} != "b"'),
    "select": ('={} = "a"', "={} = null", '={} = "a" or {} = "b"'),
    "checklist": ('=list contains({}, "a")', "=count({}) > 1"),
    "taglist": ('=list contains({}, "a")', "=count({}) = 0"),
}


def a_case(seed):
    """A random form of five to nine components whose conditions read earlier answers, and data for it."""
    draws = random.Random(seed)
    components, data = [], {"plafond": draws.choice([5, 20]), "plancher": 2}
    for place in range(draws.randint(5, 9)):
        key = f"k{place}"
        component, data[key] = draws.choice([text, number, box, one, several])(draws, key)
        always = [
            earlier for earlier in components if "conditional" not in earlier
        ]  # form-js does not settle chains: ours is stricter on purpose
        if always and draws.random() < 0.5:
            earlier = draws.choice(always)
            component["conditional"] = {"hide": draws.choice(CONDITIONS[earlier["type"]]).replace("{}", earlier["key"])}
        components.append({"id": f"F{place}", "label": key.upper(), **component})
    return {"schema": {"type": "default", "id": "f", "schemaVersion": 19, "components": components}, "data": data}


def ours(case):
    """(refused keys, kept answers or None) by our check; numbers as floats, to compare with the browser's."""
    context = {name: Decimal(case["data"][name]) for name in ("plafond", "plancher")}
    raw = {name: value for name, value in case["data"].items() if name.startswith("k")}
    try:
        kept = check(read_form(case["schema"]), raw, context, date(2026, 11, 19), NOW)
    except FormErrors as refused:
        return sorted(error.key for error in refused.errors), None
    return [], {name: float(value) if isinstance(value, Decimal) else value for name, value in kept.items()}


def same(mine, theirs):
    """Equal values; form-js keeps the outer spaces of a text, and null for an empty one or for a choice not made."""
    if isinstance(mine, str) or isinstance(theirs, str):
        return (mine or "").strip() == (theirs or "").replace("\t", " ").strip()
    return mine == theirs or (not mine and not theirs)


def test_the_same_answers_are_refused_and_kept_as_by_form_js(judge):
    cases = [a_case(seed) for seed in range(300)]
    for case, told in zip(cases, judge(cases), strict=True):
        refused, kept = ours(case)
        assert refused == told["refused"], case
        if kept is not None:
            theirs = {name: value for name, value in told["kept"].items() if name.startswith("k")}
            assert kept.keys() == theirs.keys(), case
            assert all(same(kept[name], theirs[name]) for name in kept), (case, kept, theirs)
