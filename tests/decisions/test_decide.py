"""What a decision answers and what its trace keeps."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from server import decisions
from server.kernel.errors import BadInput
from server.kernel.values import canonical, read_canonical
from tests.decisions.models import NOW, decision, file_of, literal, model_of, one_table, table

DATA = '<inputData id="in_n" name="n"><variable name="n" typeRef="number"/></inputData>'


def test_the_trace_tells_inputs_rules_tried_rules_matched_outputs_and_the_hash_of_the_file() -> None:
    xml = file_of(DATA, decision("d", table([(["< 5"], ['"a"']), ([">= 5"], ['"b"'])]), ["in_n"], "string"))
    trace = decisions.load(xml).decide("d", {"n": Decimal(7)}, NOW).trace
    (step,) = trace["steps"]
    (tried,) = step["tables"]
    assert (trace["hash"], trace["inputs"], trace["rules"], trace["value"]) == (
        hashlib.sha256(xml).hexdigest(),
        {"n": Decimal(7)},
        ["r2"],
        "b",
    )
    assert tried["inputs"] == [{"label": "n", "value": Decimal(7)}]
    assert tried["rules"] == [{"id": "r1", "line": 1, "matched": False, "refused_by": "n"}, {"id": "r2", "line": 2, "matched": True}]
    assert (tried["matched"], tried["outputs"], tried["default"]) == ([{"id": "r2", "line": 2}], "b", False)


def test_the_trace_survives_writing_and_gives_the_same_decision_again() -> None:
    model = model_of(
        DATA,
        decision("low", literal("n / 3"), ["in_n"]),
        decision("d", literal('[low, date("2026-01-01"), [1..2], function(x) x]'), ["low"]),
    )
    first = model.decide("d", {"n": Decimal(1)}, NOW)
    kept = read_canonical(canonical(first.trace))
    again = model.decide(kept["id"], kept["inputs"], kept["at"], kept["kind"])
    assert canonical(again.trace) == canonical(first.trace)


def test_an_hour_in_a_zone_is_kept_with_its_zone_and_decided_again() -> None:
    data = '<inputData id="in_m" name="m"><variable name="m" typeRef="dateTime"/></inputData>'
    model = model_of(data, decision("d", literal("m.timezone"), ["in_m"]))
    first = model.decide("d", model.read_inputs("d", {"m": "2026-07-14T10:00:00@Europe/Paris"}, NOW), NOW)
    kept = read_canonical(canonical(first.trace))
    assert first.value == model.decide("d", kept["inputs"], NOW).value == "Europe/Paris"


def test_first_tries_no_rule_after_the_one_that_matches() -> None:
    outcome = one_table([(["-"], ['"a"']), (["-"], ['"b"'])], policy="FIRST").decide("d", {"n": Decimal(1)}, NOW)
    assert [r["id"] for r in outcome.trace["steps"][0]["tables"][0]["rules"]] == ["r1"]


def test_a_broken_unique_says_which_rules_match() -> None:
    outcome = one_table([(["-"], ['"a"']), (["> 0"], ['"b"'])]).decide("d", {"n": Decimal(1)}, NOW)
    assert outcome.value is None
    assert "Les règles 1, 2" in outcome.trace["steps"][0]["reasons"][0]


def test_an_input_of_a_wrong_type_is_null_and_the_trace_says_why() -> None:
    model = model_of(DATA, decision("d", literal("n"), ["in_n"]))
    outcome = model.decide("d", {"n": "sept"}, NOW)
    assert outcome.value is None
    assert "attendu : un nombre, reçu : un texte" in outcome.trace["reasons"][0]


def test_a_decision_named_like_nothing_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(BadInput, match="Il contient : d"):
        one_table([(["-"], ['"a"'])]).decide("e", {}, NOW)


def test_the_same_bytes_give_the_same_model() -> None:
    xml = file_of(decision("d", literal("1")))
    assert decisions.load(xml) is decisions.load(bytes(bytearray(xml)))


def test_now_is_what_the_caller_says() -> None:
    model = model_of(decision("d", literal("now()"), kind="dateTime"), decision("e", literal("today() - date(now())")))
    assert model.decide("d", {}, NOW).value == NOW
    assert decisions.to_json(model.decide("e", {}, NOW).value) == '"PT0S"'


def test_a_decision_is_not_replaced_by_an_input_of_its_name() -> None:
    model = model_of(decision("low", literal("1")), decision("d", literal("low"), ["low"]))
    assert model.decide("d", {"low": Decimal(99)}, NOW).value == Decimal(1)


def test_a_decision_already_known_is_not_evaluated_and_the_trace_says_so() -> None:
    model = model_of(
        decision("low", literal("1"), kind="number"), decision("mid", literal("low + 1"), ["low"]), decision("d", literal("mid"), ["mid"])
    )
    assert model.required_decisions("d") == {"low", "mid"}
    outcome = model.decide("d", {}, NOW, known={"low": Decimal(41)})
    assert (outcome.value, outcome.trace["known"]) == (Decimal(42), {"low": Decimal(41)})
    assert [s["decision"] for s in outcome.trace["steps"]] == ["mid", "d"]
    assert model.decide("d", {}, NOW, known={"low": "x"}).value is None


def test_numbers_are_written_with_all_their_digits() -> None:
    written = decisions.to_json(
        [Decimal("0.1000"), Decimal("1E+3"), Decimal("-12345678901234567890.123456789"), Decimal("1E-7"), Decimal("1E+200")]
    )
    assert written == "[0.1000, 1000, -12345678901234567890.123456789, 0.0000001, 1E+200]"


def test_the_arithmetic_keeps_34_digits() -> None:
    model = model_of(decision("d", literal("1 / 3")), decision("e", literal("0.1 + 0.2")))
    assert decisions.to_json(model.decide("d", {}, NOW).value) == "0." + "3" * 34
    assert decisions.to_json(model.decide("e", {}, NOW).value) == "0.3"


def test_the_declared_type_of_an_input_counts_more_than_the_column_that_reads_it() -> None:
    data = '<inputData id="in_jour" name="jour"><variable name="jour" typeRef="date"/></inputData>'
    model = model_of(data, decision("d", table([(['> date("2026-01-01")'], ['"a"'])], inputs=("jour",)), ["in_jour"]))
    assert model.decide("d", model.read_inputs("d", {"jour": "2026-02-01"}, NOW), NOW).value == "a"


def test_a_priority_that_nothing_orders_gives_nothing_and_says_so() -> None:
    outcome = one_table([(["-"], ['"a"']), (["-"], ['"b"'])], policy="PRIORITY").decide("d", {"n": Decimal(1)}, NOW)
    assert outcome.value is None
    assert "liste ordonnée" in outcome.trace["steps"][0]["reasons"][0]


def test_an_import_whose_name_holds_dots_gives_its_types() -> None:
    head = '<import name="lib v1.2" namespace="https://jalon.example/low" importType=""/>'
    data = '<inputData id="in_n" name="n"><variable name="n" typeRef="lib v1.2.tSmall"/></inputData>'
    small = '<itemDefinition name="tSmall"><typeRef>number</typeRef><allowedValues><text>&lt; 10</text></allowedValues></itemDefinition>'
    model = decisions.load(file_of(head, data, decision("d", literal("n"), ["in_n"])), {"low.dmn": file_of(small, name="low")})
    assert [model.decide("d", {"n": Decimal(n)}, NOW).value for n in (9, 10)] == [Decimal(9), None]


def test_a_file_written_under_its_own_namespace_is_read() -> None:
    head = '<definitions xmlns="urn:own" xmlns:semantic="http://www.omg.org/spec/DMN/20180521/MODEL/" name="x" namespace="urn:own">'
    data = '<inputData id="in_n" name="n"><variable name="n" typeRef="tns:tSmall"/></inputData>'
    small = '<itemDefinition name="tSmall"><typeRef>number</typeRef><allowedValues><text>&lt; 10</text></allowedValues></itemDefinition>'
    model = decisions.load(f"{head}{small}{data}{decision('d', literal('n + 1'), ['in_n'])}</definitions>".encode())
    assert model.decide("d", {"n": Decimal(9)}, NOW).value == Decimal(10)
    assert model.decide("d", {"n": Decimal(10)}, NOW).value is None


def _merging(name: str, *namespaces: str) -> str:
    return "".join(f'<import name="{name}" namespace="https://jalon.example/{n}" importType=""/>' for n in namespaces)


def test_a_file_imported_without_a_name_lends_its_elements_and_types_as_if_they_were_written_here() -> None:
    data = '<inputData id="in_n" name="n"><variable name="n" typeRef="tSmall"/></inputData>'
    small = '<itemDefinition name="tSmall"><typeRef>number</typeRef><allowedValues><text>&lt; 10</text></allowedValues></itemDefinition>'
    files = {
        "middle.dmn": file_of(_merging("", "low"), name="middle"),
        "low.dmn": file_of(small, data, decision("base", literal("n + 1"), ["in_n"]), name="low"),
    }
    model = decisions.load(file_of(_merging("", "middle"), decision("d", literal("base * 2"), ["base"], "tSmall")), files)
    assert [model.decide("d", {"n": Decimal(n)}, NOW).value for n in (2, 6, 12)] == [Decimal(6), None, None]
    assert model.decide("base", {"n": Decimal(2)}, NOW).value == Decimal(3)


def test_among_files_imported_without_a_name_the_first_that_bears_an_id_keeps_it() -> None:
    asked = decision("d", literal("same"), ["same"])
    files = {
        "a.dmn": file_of(_merging("", "c"), name="a"),
        "b.dmn": file_of(decision("same", literal('"b"')), name="b"),
        "c.dmn": file_of(_merging("", "a"), decision("same", literal('"c"')), name="c"),
    }
    assert decisions.load(file_of(_merging("", "a", "b"), asked), files).decide("d", {}, NOW).value == "c"
    assert decisions.load(file_of(_merging("", "b", "a"), asked), files).decide("d", {}, NOW).value == "b"
    own = file_of(_merging("", "a", "test"), asked, decision("same", literal('"own"')))
    assert decisions.load(own, files).decide("d", {}, NOW).value == "own"


def test_an_argument_of_a_wrong_type_makes_the_invocation_null_and_the_body_is_not_run() -> None:
    number = '<formalParameter name="n" typeRef="number"/>'
    function = f"<encapsulatedLogic>{number}{literal('n = null')}</encapsulatedLogic>"
    parts = [
        f'<businessKnowledgeModel id="b" name="empty"><variable name="empty"/>{function}</businessKnowledgeModel>',
        '<inputData id="in_n" name="n"><variable name="n" typeRef="number"/></inputData>',
        decision("inner", literal("n = null"), ["in_n"]),
        '<decisionService id="s" name="lent"><variable name="lent"/><outputDecision href="#inner"/><inputData href="#in_n"/></decisionService>',
    ]
    asks = '<knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>'
    asks += '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'
    text = '[empty("a"), empty(null), empty([1]), lent("a"), lent(null), lent([1])]'
    parts.append(f'<decision id="d" name="d"><variable name="d"/>{asks}{literal(text)}</decision>')
    outcome = model_of(*parts).decide("d", {}, NOW)
    assert outcome.value == [None, True, False, None, True, False]
