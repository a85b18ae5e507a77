"""The analysis on every ordered kind of value, and on what it cannot know."""

from __future__ import annotations

import pytest

from server import decisions
from server.decisions import Finding, to_json
from tests.decisions.models import NOW, decision, file_of, literal, model_of, one_table, table


def findings(cells: list[str], kind: str, *wanted: str) -> list[Finding]:
    model = one_table([([cell], ['"x"']) for cell in cells], inputs=(f"v:{kind}",))
    return [f for f in model.analyse() if not wanted or f.kind in wanted]


COMPLETE = [
    ("date", ['< date("2026-01-01")', '[date("2026-01-01")..date("2026-06-30")]', '>= date("2026-07-01")']),
    ("dateTime", ['< date and time("2026-01-01T10:00:00Z")', '>= date and time("2026-01-01T11:00:00+01:00")']),
    ("time", ['< time("12:00:00")', '= time("12:00:00")', '> time("12:00:00")']),
    ("dayTimeDuration", ['<= duration("P2D")', '(duration("PT48H")..duration("P9D")]', '> duration("P9D")']),
    ("yearMonthDuration", ['<= duration("P1Y")', '>= duration("P13M")']),
    ("number", ["not(5)", "5"]),
    ("boolean", ["true", "false"]),
    ("number", ["? > 3 and ? < 9", "<= 3, >= 9"]),
]


@pytest.mark.parametrize(("kind", "cells"), COMPLETE)
def test_a_complete_table_has_nothing_to_report(kind: str, cells: list[str]) -> None:
    assert findings(cells, kind) == []


GAPS = [
    ("dateTime", ['< date and time("2026-01-01T10:00:00Z")', '> date and time("2026-01-01T10:00:00Z")'], '"2026-01-01T10:00:00Z"'),
    ("time", ['< time("12:00:00")', '> time("12:00:00")'], '"12:00:00"'),
    ("time", ['<= time("12:00:00")', '> time("13:00:00")'], '"12:30:00"'),
    ("dayTimeDuration", ['<= duration("P2D")', '>= duration("P4D")'], '"P3D"'),
    ("yearMonthDuration", ['<= duration("P1Y")', '> duration("P13M")'], '"P1Y1M"'),
    ("date", ['<= date("2026-01-01")', '>= date("2026-01-03")'], '"2026-01-02"'),
    ("number", ["<= 5", ">= 9"], "7"),
    ("number", ["<= -5", ">= -4"], "-4.5"),
    ("boolean", ["true"], "false"),
]


@pytest.mark.parametrize(("kind", "cells", "example"), GAPS)
def test_a_gap_shows_a_value_inside_it(kind: str, cells: list[str], example: str) -> None:
    (gap,) = findings(cells, kind, "gap")
    assert to_json(gap.example["v"]) == example


OVERLAPS = [
    ("dateTime", ['<= date and time("2026-01-01T10:00:00Z")', '>= date and time("2026-01-01T11:00:00+01:00")']),
    ("time", ['<= time("12:00:00")', '>= time("12:00:00")']),
    ("dayTimeDuration", ['<= duration("P2D")', '>= duration("PT48H")']),
    ("yearMonthDuration", ['<= duration("P12M")', '>= duration("P1Y")']),
    ("string", ['"a","b"', 'not("a")']),
]


@pytest.mark.parametrize(("kind", "cells"), OVERLAPS)
def test_an_overlap_shows_a_value_that_both_rules_take(kind: str, cells: list[str]) -> None:
    (overlap,) = findings(cells, kind, "overlap")
    model = one_table([([cell], ['"x"']) for cell in cells], inputs=(f"v:{kind}",))
    assert model.decide("d", overlap.example, NOW).trace["rules"] == ["r1", "r2"]


def test_the_last_instants_of_a_day_have_no_time_after_them() -> None:
    assert findings(['<= time("23:59:59")'], "time", "gap") == []


@pytest.mark.parametrize("cell", ['starts with(?, "a")', "x", "string length(?) > 3", '"a" + "b"'])
def test_a_calculated_condition_is_unknown(cell: str) -> None:
    assert [f.kind for f in findings([cell], "string")] == ["partial"]


def test_an_empty_table_and_one_without_input_have_nothing_to_analyse() -> None:
    assert one_table([]).analyse() == []
    assert one_table([([], ['"a"'])], inputs=()).analyse() == []


def test_a_long_list_of_overlaps_is_cut_and_says_so() -> None:
    found = one_table([(["-"], ['"x"'])] * 30).analyse()
    assert len(found) == 51
    assert found[-1].kind == "partial"


def test_an_unknown_type_is_an_error() -> None:
    (found,) = model_of(decision("d", literal("1"), kind="tNulle")).analyse()
    assert (found.kind, found.severity) == ("type", "error")
    assert "tNulle" in found.message


def test_a_priority_without_its_list_is_an_error() -> None:
    found = one_table([(["-"], ['"a"'])], policy="PRIORITY").analyse()
    assert [(f.kind, f.severity) for f in found] == [("table", "error")]


def test_output_columns_need_names_of_their_own() -> None:
    found = one_table([(["-"], ["1", "2"])], outputs=("a:number", "a:number")).analyse()
    assert "un nom" in found[0].message


def test_tables_of_knowledge_models_are_analysed_too() -> None:
    body = table([(["< 5"], ['"a"'])], inputs=("x:number",))
    logic = f'<encapsulatedLogic><formalParameter name="x"/>{body}</encapsulatedLogic>'
    model = model_of(f'<businessKnowledgeModel id="b" name="b"><variable name="b"/>{logic}</businessKnowledgeModel>')
    assert [f.name for f in model.analyse() if f.kind == "gap"] == ["b"]


def test_only_the_file_asked_for_is_analysed() -> None:
    part = '<import name="i" namespace="https://jalon.example/low" importType=""/>'
    low = file_of(decision("v", table([(["> "], ['"a"'])])), name="low")
    assert decisions.load(file_of(part, name="top"), {"low.dmn": low}).analyse() == []
