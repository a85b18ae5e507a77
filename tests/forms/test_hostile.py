"""Hostile posts and schemas: always an error of ours, never a crash."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.forms import check, draw, list_change, read_form
from server.kernel.errors import BadInput, JalonError, ModelError, TooMuch

TODAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 19, 9, 41, tzinfo=UTC)
VALUES = {"values": [{"label": "A", "value": "a"}, {"label": "B", "value": 2}]}
EVERY_KIND = read_form(
    {
        "id": "tout",
        "components": [
            {"type": "textfield", "key": "t", "validate": {"pattern": "^a+$", "maxLength": 9}},
            {"type": "textarea", "key": "ta", "validate": {"minLength": 2}},
            {"type": "number", "key": "n", "validate": {"min": 0}, "increment": 0.5},
            {"type": "datetime", "key": "d", "subtype": "date", "disallowPassedDates": True},
            {"type": "datetime", "key": "h", "subtype": "time"},
            {"type": "datetime", "key": "m", "subtype": "datetime", "timeSerializingFormat": "utc_normalized"},
            {"type": "checkbox", "key": "c"},
            {"type": "radio", "key": "r", **VALUES},
            {"type": "select", "key": "s", "valuesExpression": "=[n, t]"},
            {"type": "checklist", "key": "k", **VALUES},
            {"type": "taglist", "key": "tl", "valuesKey": "t"},
            {"type": "filepicker", "key": "f", "accept": ".pdf"},
            {"type": "expression", "key": "e", "expression": "=n + 1"},
            {"type": "group", "path": "g", "components": [{"type": "textfield", "key": "x"}]},
            {"type": "dynamiclist", "path": "l", "components": [{"type": "number", "key": "x", "conditional": {"hide": "=n > 1"}}]},
        ],
    }
)
KEYS = [
    "t",
    "ta",
    "n",
    "d",
    "h",
    "m",
    "c",
    "r",
    "s",
    "k",
    "tl",
    "f",
    "e",
    "g",
    "g.x",
    "l",
    "l[0].x",
    "l[0]",
    "l[0][1]",
    "g[1]",
    "_liste",
    "",
    "é.",
    "n.n",
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["1", "2026-11-20", "10:00", "a", "oui", "2026-11-20T10:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "x"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8))
def test_any_post_gives_answers_or_an_error_of_ours_and_can_be_drawn_again(raw):
    errors = None
    try:
        check(EVERY_KIND, raw, {}, TODAY, NOW)
    except JalonError as refused:
        errors = getattr(refused, "errors", None)
    try:
        draw(EVERY_KIND, raw, {}, errors, NOW)
        list_change(EVERY_KIND, raw, "ajouter:l")
    except BadInput:
        pass


def deep(levels):
    value = "x"
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ({"t": "a" * 100_001}, TooMuch),
        ({"t": "a\x00b"}, BadInput),
        ({"t": "\ud800"}, BadInput),
        ({"t": deep(40)}, TooMuch),
        ({"t": ["x"] * 20_001}, TooMuch),
        ({f"x{n}": "1" for n in range(5_001)}, TooMuch),
        ({"l": [{"x": n} for n in range(300)]}, TooMuch),
        ([("t", "1")], BadInput),
        ("t=1", BadInput),
    ],
)
def test_a_post_past_the_bounds_is_refused_with_a_sentence(raw, error):
    with pytest.raises(error) as refused:
        check(EVERY_KIND, raw, {}, TODAY, NOW)
    assert str(refused.value).endswith(".")


def test_a_costly_pattern_costs_nothing():
    slow = read_form({"id": "f", "components": [{"type": "textfield", "key": "t", "validate": {"pattern": "^(a+)+$"}}]})
    with pytest.raises(BadInput):
        check(slow, {"t": "a" * 50_000 + "!"}, {}, TODAY, NOW)


@pytest.mark.parametrize(
    ("component", "word"),
    [
        ({"type": "iframe", "id": "c1", "url": "https://exemple.fr"}, "autre site"),
        ({"type": "documentPreview", "id": "c1"}, "aperçu"),
        ({"type": "page", "id": "c1"}, "une page"),
        ({"type": "marquee", "id": "c1"}, "n'est pas connu"),
        ({"type": "textfield", "id": "c1", "key": "a b"}, "n'est pas valable"),
        ({"type": "textfield", "id": "c1"}, "n'est pas valable"),
        ({"type": "textfield", "id": "c1", "key": "a", "validate": {"pattern": "(?=a)"}}, "motif"),
        ({"type": "textfield", "id": "c1", "key": "a", "validate": {"pattern": "("}}, "motif"),
        ({"type": "number", "id": "c1", "key": "a", "validate": {"max": True}}, "nombre ou une expression"),
        ({"type": "number", "id": "c1", "key": "a", "validate": {"max": "= ("}}, "c1"),
        ({"type": "textfield", "id": "c1", "key": "a", "conditional": {"hide": "= 1 +"}}, "c1"),
        ({"type": "text", "id": "c1", "text": "{{#if x}}"}, "n'est pas fermé"),
        ({"type": "radio", "id": "c1", "key": "a"}, "exactement une source"),
        ({"type": "radio", "id": "c1", "key": "a", "values": [], "valuesKey": "b"}, "exactement une source"),
        ({"type": "radio", "id": "c1", "key": "a", "values": ["x"]}, "label, value"),
        ({"type": "expression", "id": "c1", "key": "a"}, "expression FEEL manque"),
        ("textfield", "n'est pas un objet"),
    ],
)
def test_a_form_that_cannot_be_served_is_refused_with_its_component(component, word):
    with pytest.raises(ModelError) as refused:
        read_form({"id": "f", "components": [component]})
    assert word in str(refused.value)
    assert refused.value.element in ("c1", "")


def test_two_components_may_not_share_a_key():
    twice = [{"type": "textfield", "key": "a", "id": "c1"}, {"type": "number", "key": "a", "id": "c2"}]
    with pytest.raises(ModelError, match="sert deux fois"):
        read_form({"id": "f", "components": twice})
    inside = {"type": "dynamiclist", "path": "l", "components": [{"type": "textfield", "key": "a"}]}
    assert read_form({"id": "f", "components": [twice[0], inside]})


def test_a_schema_without_components_or_id_is_refused():
    for schema in ([], {}, {"id": "x"}, {"components": []}, {"id": "x", "components": {}}):
        with pytest.raises(ModelError):
            read_form(schema)


def test_too_many_components_or_levels_are_refused():
    with pytest.raises(TooMuch):
        read_form({"id": "f", "components": [{"type": "separator"}] * 501})
    nested = {"type": "separator"}
    for _ in range(12):
        nested = {"type": "group", "components": [nested]}
    with pytest.raises(TooMuch):
        read_form({"id": "f", "components": [nested]})
