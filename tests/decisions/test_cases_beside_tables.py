"""Cases written beside a table are run, compared and counted against its rules."""

from __future__ import annotations

import pytest

from server import decisions
from server.kernel.errors import BadInput
from tests.decisions.models import decision, literal, model_of, one_table, table

TABLE = [(["< 18", "-"], ['"mineur"']), ([">= 18", "true"], ['"majeur apte"']), ([">= 18", "false"], ['"majeur"'])]
INPUTS = ("âge:number", "apte:boolean")


def test_every_rule_crossed_gives_a_coverage_of_a_hundred_percent() -> None:
    text = "cas;âge;apte;=>out;=>règle\nenfant;12;;mineur;r1\nadulte;18;oui;majeur apte;2\nautre;40.5;non;majeur;3\n"
    report = decisions.run_cases(one_table(TABLE, inputs=INPUTS), text)
    assert (report.failures, report.coverage, report.missed) == ((), 100.0, ())
    assert [r.title for r in report.results] == ["enfant", "adulte", "autre"]


def test_a_rule_never_crossed_is_named() -> None:
    report = decisions.run_cases(one_table(TABLE, inputs=INPUTS), "âge,apte,=>out\n# une remarque\n12,,mineur\n\n18,true,majeur apte\n")
    assert report.missed == (("t", "r3"),)
    assert report.coverage == pytest.approx(200 / 3)


def test_a_case_that_gives_something_else_says_what_was_expected_and_found() -> None:
    (result,) = decisions.run_cases(one_table(TABLE, inputs=INPUTS), "âge,apte,=>out,=>rule\n12,,majeur,2\n").failures
    assert result.line == 2
    assert "attendu majeur, obtenu mineur" in result.problem
    assert "Règles : attendu 2, obtenu 1" in result.problem


def test_several_outputs_dates_and_feel_after_an_equals_sign() -> None:
    model = one_table([(['> date("2026-01-01")'], ["jour", "[1, 2]"])], inputs=("jour:date",), outputs=("fin:date", "liste:"))
    report = decisions.run_cases(model, 'jour,=>fin,=>liste\n2026-02-01,2026-02-01,"=[1, 2]"\n2025-01-01,,\n')
    assert report.failures == ()


def test_a_file_of_several_decisions_asks_which() -> None:
    model = model_of(decision("a", table(TABLE, inputs=INPUTS)), decision("b", literal("1")))
    (result,) = decisions.run_cases(model, "âge,=>\n12,mineur\n").failures
    assert "colonne « décision »" in result.problem
    assert decisions.run_cases(model, "décision,âge,=>\na,12,mineur\nb,,1\n").failures == ()


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_a_file_without_expected_column_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="=>"):
        decisions.run_cases(one_table(TABLE, inputs=INPUTS), text)
