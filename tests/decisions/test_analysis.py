"""The analysis of tables: every gap and overlap has an example that the table itself confirms, and nothing else is found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server import decisions
from server.decisions import Finding
from tests.decisions.models import NOW, decision, file_of, model_of, one_table, table


def kinds(model: decisions.Model, *wanted: str) -> list[Finding]:
    return [f for f in model.analyse() if f.kind in wanted]


def test_two_rules_that_match_together_are_an_error_of_a_unique_table_with_an_example() -> None:
    model = one_table([(["<= 10"], ['"a"']), (["[10..20]"], ['"b"']), (["> 20"], ['"c"'])])
    (overlap,) = kinds(model, "overlap")
    assert (overlap.severity, overlap.rules, overlap.lines, overlap.example) == ("error", ("r1", "r2"), (1, 2), {"n": Decimal(10)})
    assert "« n » = 10" in overlap.message
    assert len(model.decide("d", overlap.example, NOW).trace["rules"]) == 2


def test_a_half_open_range_leaves_neither_gap_nor_overlap() -> None:
    model = one_table([(["< 10"], ['"a"']), (["[10..20)"], ['"b"']), ([">= 20"], ['"c"'])])
    assert model.analyse() == []


def test_a_gap_between_numbers_is_found_even_when_it_holds_no_whole_number() -> None:
    (gap,) = kinds(one_table([(["<= 5"], ['"a"']), ([">= 6"], ['"b"'])]), "gap")
    assert gap.severity == "warning"
    assert Decimal(5) < gap.example["n"] < Decimal(6)


def test_whole_numbers_have_no_gap_between_five_and_six() -> None:
    assert one_table([(["<= 5"], ['"a"']), ([">= 6"], ['"b"'])], inputs=("n:integer",)).analyse() == []


def test_days_have_no_gap_between_two_days_that_follow_each_other() -> None:
    lines = [(['<= date("2026-01-31")'], ['"a"']), (['>= date("2026-02-01")'], ['"b"'])]
    assert one_table(lines, inputs=("jour:date",)).analyse() == []


def test_one_day_between_two_rules_is_a_gap() -> None:
    lines = [(['< date("2026-01-31")'], ['"a"']), (['> date("2026-01-31")'], ['"b"'])]
    (gap,) = kinds(one_table(lines, inputs=("jour:date",)), "gap")
    assert gap.example == {"jour": date(2026, 1, 31)}
    assert "2026-01-31" in gap.message


def test_an_enumeration_is_complete_when_every_allowed_value_has_its_rule() -> None:
    lines = [(['"a"'], ['"1"']), (['"b","c"'], ['"2"'])]
    assert one_table(lines, inputs=('s:string:"a","b","c"',)).analyse() == []
    (gap,) = kinds(one_table(lines, inputs=('s:string:"a","b","c","d"',)), "gap")
    assert gap.example == {"s": "d"}


def test_free_text_always_leaves_another_text_uncovered() -> None:
    (gap,) = kinds(one_table([(['"autre"'], ['"1"'])], inputs=("s:string",)), "gap")
    assert gap.example["s"] != "autre"


def test_not_covers_all_the_rest() -> None:
    assert one_table([(['"a"'], ['"1"']), (['not("a")'], ['"2"'])], inputs=("s:string",)).analyse() == []


def test_a_gap_may_lie_in_the_crossing_of_two_columns() -> None:
    lines = [(["< 18", "-"], ['"a"']), ([">= 18", "true"], ['"b"'])]
    (gap,) = kinds(one_table(lines, inputs=("age:number", "apte:boolean")), "gap")
    assert gap.example == {"age": Decimal(18), "apte": False}


def test_a_default_result_makes_a_gap_mere_information() -> None:
    (gap,) = kinds(one_table([(["> 5"], ['"a"'])], outputs=('out:string::"z"',)), "gap")
    assert gap.severity == "info"


def test_any_accepts_overlaps_with_one_result_and_refuses_the_others() -> None:
    lines = [(["<= 10"], ['"a"']), (["[5..20]"], ['"a"']), ([">= 20"], ['"b"'])]
    (overlap,) = kinds(one_table(lines, policy="ANY"), "overlap")
    assert (overlap.lines, overlap.example) == ((2, 3), {"n": Decimal(20)})


def test_overlaps_are_what_first_is_for() -> None:
    (overlap,) = kinds(one_table([(["> 5"], ['"a"']), (["-"], ['"b"'])], policy="FIRST"), "overlap")
    assert overlap.severity == "info"


def test_a_rule_hidden_by_those_before_it_together_never_matches() -> None:
    lines = [(["< 10"], ['"a"']), ([">= 10"], ['"b"']), (["[5..15]"], ['"c"'])]
    (never,) = kinds(one_table(lines, policy="FIRST"), "never")
    assert (never.lines, never.severity) == ((3,), "warning")


def test_a_rule_that_only_stronger_rules_share_never_wins_by_priority() -> None:
    lines = [(["> 5"], ['"low"']), (["> 0"], ['"high"'])]
    (never,) = kinds(one_table(lines, outputs=('out:string:"high","low"',), policy="PRIORITY"), "never")
    assert never.lines == (1,)


@pytest.mark.parametrize("cell", ["[10..5]", "< 0", '"z"'])
def test_a_condition_no_allowed_value_passes_is_an_error(cell: str) -> None:
    shape = ('n:string:"a","b"',) if cell.startswith('"') else ("n:number:[0..100]",)
    found = kinds(one_table([([cell], ['"a"']), (["-"], ['"b"'])], inputs=shape, policy="FIRST"), "never")
    assert [f.lines for f in found if f.severity == "error"] == [(1,)]


def test_the_allowed_values_of_the_declared_type_bound_the_gaps() -> None:
    item = '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..120]</text></allowedValues></itemDefinition>'
    data = '<inputData id="in_age" name="age"><variable name="age" typeRef="tAge"/></inputData>'
    body = table([(["[0..18)"], ['"a"']), (["[18..120]"], ['"b"'])], inputs=("age:number",))
    assert model_of(item, data, decision("d", body, ["in_age"])).analyse() == []


def test_two_columns_of_one_expression_are_one_input() -> None:
    lines = [(["> 5", "< 3"], ['"a"']), (["-", "-"], ['"b"'])]
    found = kinds(one_table(lines, inputs=("n:number", "n:number"), policy="FIRST"), "never", "gap")
    assert [(f.kind, f.lines) for f in found] == [("never", (1,))]


def test_a_calculated_condition_is_said_and_never_makes_a_false_gap() -> None:
    lines = [(["< limite"], ['"a"']), ([">= limite"], ['"b"'])]
    assert [f.kind for f in one_table(lines).analyse()] == ["partial"]


def test_a_condition_of_another_type_is_an_error() -> None:
    found = kinds(one_table([(['"x"'], ['"a"']), (["-"], ["5"])], policy="FIRST"), "type")
    assert [(f.severity, f.lines) for f in found] == [("error", (1,)), ("error", (2,))]
    assert "compare un nombre à un texte" in found[0].message


def test_a_column_that_disagrees_with_its_input_is_an_error() -> None:
    data = '<inputData id="in_n" name="n"><variable name="n" typeRef="string"/></inputData>'
    (found,) = kinds(model_of(data, decision("d", table([(["-"], ['"a"'])]), ["in_n"])), "type")
    assert "attend un nombre" in found.message


def test_a_decision_that_promises_another_type_than_its_table_is_an_error() -> None:
    (found,) = kinds(model_of(decision("d", table([(["-"], ['"a"'])]), kind="number")), "type")
    assert "promet un nombre" in found.message


def test_an_unreadable_cell_is_an_error_that_names_the_decision_and_the_column() -> None:
    found = kinds(one_table([(["> "], ['"a"'])]), "expression")
    assert found[0].severity == "error"
    assert found[0].name == "d"
    assert "colonne" in found[0].message


def test_a_name_that_nothing_gives_is_a_warning() -> None:
    data = '<inputData id="in_n" name="n"><variable name="n"/></inputData>'
    model = decisions.load(file_of(data, decision("d", "<literalExpression><text>n + autre chose</text></literalExpression>", ["in_n"])))
    (found,) = model.analyse()
    assert "autre chose" in found.message


RANGE = st.tuples(st.integers(0, 12), st.integers(0, 6), st.booleans(), st.booleans()).map(
    lambda r: f"{'[' if r[2] else '('}{r[0]}..{r[0] + r[1]}{']' if r[3] else ')'}"
)
CELL = st.one_of(st.just("-"), RANGE, st.integers(0, 12).map(lambda n: f"> {n}"), st.integers(0, 12).map(lambda n: f"not({n})"))
WORD = st.sampled_from(["-", '"a"', '"b"', 'not("a")', '"a","b"'])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELL, WORD), min_size=1, max_size=6))
def test_gaps_and_overlaps_are_exactly_those_a_walk_through_all_inputs_finds(lines: list[tuple[str, str]]) -> None:
    model = one_table([(line, ['"x"']) for line in lines], inputs=("n:number", 's:string:"a","b","c"'))
    grid = [{"n": Decimal(n) / 2, "s": s} for n in range(-2, 42) for s in "abc"]
    matched = [tuple(r["line"] for r in model.decide("d", g, NOW).trace["steps"][0]["tables"][0]["matched"]) for g in grid]
    pairs = {(a, b) for found in matched for a in found for b in found if a < b}
    findings = model.analyse()
    assert {f.lines for f in findings if f.kind == "overlap"} == pairs
    assert any(f.kind == "gap" for f in findings) == any(not found for found in matched)
    for finding in findings:
        if finding.kind in {"gap", "overlap"}:
            tried = model.decide("d", finding.example, NOW).trace["steps"][0]["tables"][0]["matched"]
            assert {r["line"] for r in tried} >= set(finding.lines)
            assert bool(tried) == (finding.kind == "overlap")
