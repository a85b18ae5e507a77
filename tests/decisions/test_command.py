"""`jalon decide`, line by line, as the official kit runs it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from server.cli.decide import decide
from server.cli.main import jalon
from tests.decisions.models import decision, file_of, literal, table

DATA = '<inputData id="in_{0}" name="{0}"><variable name="{0}" typeRef="{1}"/></inputData>'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "modèle.dmn"
    parts = [DATA.format("n", "number"), DATA.format("jour", "date"), DATA.format("durée", "dayTimeDuration")]
    parts.append(decision("d", table([(["< 5"], ['"a"']), (["[4..9]"], ['"é"'])]), ["in_n"]))
    parts.append(
        decision("lendemain", literal('{jour: jour + duration("P1D"), durée: durée, suite: [null, true, 1/4]}'), ["in_jour", "in_durée"])
    )
    parts.append(decision("somme", literal("n + 0.1"), ["in_n"]))
    path.write_bytes(file_of(*parts))
    return path


def ask(file: Path, lines: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(decide, [str(file), *options], input=lines)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in result.stdout.splitlines()]


def test_each_line_gets_one_line_and_a_bad_line_stops_nothing(file: Path) -> None:
    result = ask(file, '{"n": 1}\nn = 1\n[1]\n\n{"n": 6}\n{"n": NaN}\n{"n": 4}', "--decision", "d")
    found = answers(result)
    assert [a["ok"] for a in found] == [True, False, False, False, True, False, True]
    assert [a.get("value") for a in found if a["ok"]] == ["a", "é", None]
    assert "objet JSON" in found[2]["error"]
    assert result.exit_code == 0


def test_dates_and_durations_come_and_go_as_iso_8601(file: Path) -> None:
    (answer,) = answers(ask(file, '{"jour": "2024-02-28", "durée": "PT36H"}', "--decision", "lendemain"))
    assert answer["value"] == {"jour": "2024-02-29", "durée": "P1DT12H", "suite": [None, True, Decimal("0.25")]}


def test_numbers_keep_every_digit(file: Path) -> None:
    result = ask(file, '{"n": 12345678901234567890.123456789}', "--decision", "somme")
    assert '"value": 12345678901234567890.223456789}' in result.stdout


def test_an_unknown_decision_is_told_at_each_line(file: Path) -> None:
    found = answers(ask(file, "{}\n{}\n", "--decision", "nulle part"))
    assert [a["ok"] for a in found] == [False, False]
    assert "nulle part" in found[0]["error"]


def test_a_required_decision_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "x.dmn"
    path.write_bytes(file_of(decision("a", literal('"bar"')), decision("d", literal('"foo " + a'), ["a"])))
    found = answers(ask(path, '{"a": "baz"}\n{}\n{"a": null}\n', "--decision", "d"))
    assert [a["value"] for a in found] == ["foo baz", "foo bar", None]


def test_the_trace_comes_in_the_same_line(file: Path) -> None:
    (answer,) = answers(ask(file, '{"n": 1}', "--decision", "d", "--trace"))
    assert answer["trace"]["rules"] == ["r1"]


def test_a_kind_that_does_not_fit_is_refused(file: Path) -> None:
    (answer,) = answers(ask(file, "{}", "--decision", "d", "--kind", "bkm"))
    assert not answer["ok"]


def test_lines_that_are_not_utf_8_or_too_deep_are_refused(file: Path) -> None:
    found = answers(ask(file, b'{"n": "\xff"}\n' + b"[" * 100_000 + b'\n{"n": 1}\n', "--decision", "d"))
    assert [a["ok"] for a in found] == [False, False, True]


def test_an_unreadable_file_answers_each_line_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "x.dmn"
    path.write_text("<!DOCTYPE a><a/>")
    result = ask(path, "{}\n{}\n", "--decision", "d")
    assert [a["ok"] for a in answers(result)] == [False, False]
    assert result.exit_code == 1


def test_models_imported_are_found_beside_the_file(tmp_path: Path) -> None:
    part = '<import name="voisin" namespace="https://jalon.example/voisin" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    arrow = '<informationRequirement><requiredDecision href="https://jalon.example/voisin#base"/></informationRequirement>'
    body = f'<decision id="d" name="d"><variable name="d"/>{arrow}{literal("voisin.base + 1")}</decision>'
    (tmp_path / "a.dmn").write_bytes(file_of(part, body))
    (tmp_path / "b.dmn").write_bytes(file_of(decision("base", literal("41")), name="voisin"))
    (tmp_path / "c.dmn").write_text("illisible")
    (answer,) = answers(ask(tmp_path / "a.dmn", "{}", "--decision", "d", "--trace"))
    assert answer["value"] == Decimal(42)
    assert answer["trace"]["imports"] == {"voisin": hashlib.sha256((tmp_path / "b.dmn").read_bytes()).hexdigest()}


def test_an_import_in_a_folder_is_the_one_of_that_folder(tmp_path: Path) -> None:
    def importing(where: str, body: str) -> str:
        return f'<import name="i" namespace="https://jalon.example/low" locationURI="{where}" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>{body}'

    arrow = '<informationRequirement><requiredDecision href="https://jalon.example/low#v"/></informationRequirement>'
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
        (tmp_path / number / "low.dmn").write_bytes(file_of(decision("v", literal(number)), name="low"))
    body = f'<decision id="d" name="d"><variable name="d"/>{arrow}{literal("i.v")}</decision>'
    (tmp_path / "a.dmn").write_bytes(file_of(importing("2/low.dmn", body)))
    (answer,) = answers(ask(tmp_path / "a.dmn", "{}", "--decision", "d"))
    assert answer["value"] == Decimal(2)


def test_check_prints_the_analysis_and_fails_on_an_error(file: Path) -> None:
    result = ask(file, "", "--check")
    assert result.exit_code == 1
    assert "ERREUR overlap · d : Les lignes 1 et 2 conviennent ensemble, par exemple pour « n » = 4." in result.stdout
    assert "ATTENTION gap" in result.stdout


def test_neither_decision_nor_check_is_a_usage_error(file: Path) -> None:
    assert ask(file, "").exit_code == 2


def test_a_number_beyond_feel_is_refused_and_long_ones_keep_34_digits(file: Path) -> None:
    found = answers(ask(file, '{"n": 1e999999999}\n{"n": 1.2345678901234567890123456789012345678}\n', "--decision", "somme"))
    assert "Nombre trop grand" in found[0]["error"]
    assert found[1]["value"] == Decimal("1.334567890123456789012345678901235")


def test_every_command_of_the_command_line_loads_and_decide_loads_no_other() -> None:
    context = click.Context(jalon)
    assert [name for name in jalon.list_commands(context) if jalon.get_command(context, name).name != name] == []
    script = "import sys; from server.cli.main import jalon; jalon(['decide', '--help'], standalone_mode=False); sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
