"""Values in a decision are told as a person reads them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from server.replay.tables import decision_words, value_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "vide"),
        (True, "oui"),
        (False, "non"),
        (Decimal("12.50"), "12,50"),
        (3, "3"),
        ("social", "social"),
        (date(2026, 1, 5), "05/01/2026"),
        (datetime(2026, 1, 5, 9, 30, tzinfo=UTC), "05/01/2026 09:30"),
        ({"taux": Decimal(50), "nature": "suspension"}, "taux : 50, nature : suspension"),
        ([Decimal(1), None], "1, vide"),
        ([], "vide"),
        ({}, "vide"),
    ],
)
def test_a_value_in_words(value, words):
    assert value_words(value) == words


def test_a_decision_without_a_table_has_no_line():
    told = decision_words({"decision": "Terme", "steps": [{"tables": []}], "value": date(2026, 2, 1)})
    assert (told.name, told.rules, told.inputs, told.result) == ("Terme", (), (), "01/02/2026")


def test_an_erased_or_empty_trace_is_told_without_breaking():
    assert decision_words({}).rules == ()


def test_a_line_that_was_not_looked_at_says_so():
    trace = {"steps": [{"tables": [{"inputs": [], "matched": [{"id": "a"}], "rules": [{"id": "a", "line": 1}, {"id": "b", "line": 2}]}]}]}
    assert [(r.hit, r.why) for r in decision_words(trace).rules] == [(True, ""), (False, "Non examinée")]
