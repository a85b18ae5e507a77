"""Files made to harm: each ends quickly with a French sentence, and nothing outside is read."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from server import decisions
from server.kernel.errors import JalonError, ModelError, TooMuch
from tests.decisions.models import NOW, decision, file_of, literal, model_of, one_table

BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY e "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><definitions>&e;</definitions>"""


def _refused(build: Callable[[], object], error: type[JalonError], words: str, seconds: float = 2.0) -> None:
    start = time.perf_counter()
    with pytest.raises(error, match=words):
        build()
    assert time.perf_counter() - start < seconds


def test_entities_are_refused_before_they_grow() -> None:
    _refused(lambda: decisions.load(BOMB), ModelError, "DOCTYPE")


def test_a_document_type_in_another_encoding_is_refused_too() -> None:
    text = BOMB.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"')
    _refused(lambda: decisions.load(text.encode("utf-16")), ModelError, "DOCTYPE")


def test_an_outside_file_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    xml = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><definitions>&x;</definitions>'.encode()
    _refused(lambda: decisions.load(xml), ModelError, "DOCTYPE")


def test_an_entity_that_nothing_declares_is_refused() -> None:
    _refused(lambda: decisions.load(file_of("&nobody;")), ModelError, "XML")


@pytest.mark.parametrize(
    ("xml", "words"), [(b"", "XML"), (b"<a", "XML"), (b"<bpmn/>", "definitions"), (b"\x00\xff", "XML"), (b"<definitions/>", "DMN")]
)
def test_what_is_not_dmn_is_refused(xml: bytes, words: str) -> None:
    _refused(lambda: decisions.load(xml), ModelError, words)


def test_a_file_too_big_is_refused() -> None:
    _refused(lambda: decisions.load(b" " * 8_000_001), TooMuch, "octets")


def test_a_file_too_deep_is_refused() -> None:
    _refused(lambda: decisions.load(file_of("<list>" * 5000 + "</list>" * 5000)), JalonError, "XML|profond")


def test_boxes_nested_to_the_limit_are_evaluated_or_refused_in_french() -> None:
    body = "<list>" * 150 + literal("1") + "</list>" * 150
    model = model_of(decision("d", body))
    value = model.decide("d", {}, NOW).value
    for _ in range(150):
        (value,) = value
    assert value == Decimal(1)


def test_a_circle_of_decisions_is_refused_and_named() -> None:
    parts = [decision("a", literal("1"), ["b"]), decision("b", literal("1"), ["c"]), decision("c", literal("1"), ["a"])]
    with pytest.raises(ModelError, match="a → b → c → a"):
        model_of(*parts)


def test_a_decision_that_requires_itself_is_refused() -> None:
    with pytest.raises(ModelError, match="tournent en rond"):
        model_of(decision("a", literal("1"), ["a"]))


def test_a_chain_of_a_thousand_decisions_is_evaluated() -> None:
    parts = [decision("d0", literal("0"))]
    parts += [decision(f"d{i}", literal(f"d{i - 1} + 1"), [f"d{i - 1}"]) for i in range(1, 1000)]
    start = time.perf_counter()
    assert model_of(*parts).decide("d999", {}, NOW).value == Decimal(999)
    assert time.perf_counter() - start < 10


def test_a_diamond_repeated_fifty_times_is_evaluated_once_per_decision() -> None:
    parts = [decision("d0", literal("1"))]
    for i in range(1, 51):
        parts += [
            decision(f"l{i}", literal(f"d{i - 1}"), [f"d{i - 1}"]),
            decision(f"d{i}", literal(f"l{i} + d{i - 1}"), [f"l{i}", f"d{i - 1}"]),
        ]
    outcome = model_of(*parts).decide("d50", {}, NOW)
    assert outcome.value == Decimal(2) ** 50
    assert len(outcome.trace["steps"]) == 101


def test_an_arrow_to_nothing_is_refused() -> None:
    with pytest.raises(ModelError, match="n'existe pas"):
        model_of(decision("a", literal("1"), ["nobody"]))


def test_two_elements_of_one_id_are_refused() -> None:
    with pytest.raises(ModelError, match="identifiant"):
        model_of(decision("a", literal("1")), decision("a", literal("2")))


@pytest.mark.parametrize(
    "items",
    [
        '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition><itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>',
        '<itemDefinition name="a"><typeRef>a</typeRef></itemDefinition>',
        '<itemDefinition name="a" isCollection="true"><typeRef>a</typeRef></itemDefinition>',
    ],
)
def test_a_type_that_is_only_itself_is_refused(items: str) -> None:
    with pytest.raises(ModelError, match="se définit par lui-même"):
        model_of(items, decision("d", literal("1"), kind="a"))


def test_a_model_that_imports_itself_through_another_is_refused() -> None:
    def importing(name: str, other: str) -> bytes:
        return file_of(f'<import name="{other}" namespace="https://jalon.example/{other}" importType=""/>', name=name)

    with pytest.raises(ModelError, match="s'importe lui-même"):
        decisions.load(importing("a", "b"), {"b.dmn": importing("b", "a")})


def test_an_import_that_is_not_there_is_refused_by_name() -> None:
    part = '<import name="autre" namespace="urn:x" locationURI="../../etc/passwd" importType=""/>'
    with pytest.raises(ModelError, match="autre"):
        decisions.load(file_of(part), {"passwd": b"root:x"})


def test_a_rule_with_a_cell_too_few_is_refused_with_its_line() -> None:
    with pytest.raises(ModelError, match="ligne 1"):
        one_table([(["1", "2"], ['"a"'])])


def test_a_table_of_a_thousand_rules_is_decided_and_analysed_in_time() -> None:
    lines = [([f"[{i}..{i + 1})", f'"{"abc"[i % 3]}"'], ['"x"']) for i in range(1000)]
    start = time.perf_counter()
    model = one_table(lines, inputs=("n:number", "s:string"))
    assert model.decide("d", {"n": Decimal(999), "s": "a"}, NOW).value == "x"
    assert model.analyse()
    assert time.perf_counter() - start < 10


def test_a_table_made_to_explode_its_analysis_is_cut_short_and_says_so() -> None:
    lines = [(["-" if c != i % 10 else f"not({i})" for c in range(10)], ['"x"']) for i in range(60)]
    start = time.perf_counter()
    findings = one_table(lines, inputs=[f"v{c}:number" for c in range(10)]).analyse()
    assert time.perf_counter() - start < 10
    assert findings


def test_values_too_deep_to_read_are_refused() -> None:
    deep: object = 1
    for _ in range(5000):
        deep = [deep]
    model = model_of('<inputData id="in_x" name="x"><variable name="x"/></inputData>', decision("d", literal("x"), ["in_x"]))
    with pytest.raises(JalonError, match="imbriqu"):
        model.decide("d", {"x": deep}, NOW)
