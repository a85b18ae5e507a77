"""true, false and null keep their meaning before a key word: « if a = null then … » is what every diagram writes."""

from datetime import UTC, datetime

import pytest

from server import feel

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if a = null then false else 2", False),
        ("if b = true then 1 else 2", 1),
        ("b = true and c = false", True),
        ("for x in [1] return if c = false or b = true then x else null", [1]),
        ("true between false and true", None),
    ],
)
def test_a_constant_before_a_key_word_is_still_a_constant(text: str, expected: object) -> None:
    expression = feel.compile(text)
    assert expression.evaluate({"a": None, "b": True, "c": False}, NOW) == expected
    assert not expression.names & {"true", "false", "null"}
