"""Our own checks of DMN, each with its clause: conformance/*.json beside the models they ask."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from server import decisions
from server.kernel.errors import JalonError

FOLDER = Path(__file__).parent / "conformance"
NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def _checks() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        sheet = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
        for number, check in enumerate(sheet["checks"], 1):
            found.append(pytest.param(sheet, check, id=f"{path.stem}-{number}-{check['clause']}"))
    return found


CHECKS = _checks()


def _model(sheet: dict[str, Any]) -> decisions.Model:
    imports = {name: (FOLDER / name).read_bytes() for name in sheet.get("imports", [])}
    return decisions.load((FOLDER / sheet["model"]).read_bytes(), imports)


@pytest.mark.parametrize(("sheet", "check"), CHECKS)
def test_a_check_of_the_standard_holds(sheet: dict[str, Any], check: dict[str, Any]) -> None:
    model, name, kind = _model(sheet), check["decision"], check.get("kind")
    if "refused" in check:
        with pytest.raises(JalonError, match=check["refused"]):
            model.decide(name, model.read_inputs(name, check["inputs"], NOW, kind), NOW, kind)
        return
    outcome = model.decide(name, model.read_inputs(name, check["inputs"], NOW, kind), NOW, kind)
    written = json.loads(decisions.to_json(outcome.value), parse_float=Decimal, parse_int=Decimal)
    assert written == check["value"], outcome.trace


def test_there_are_at_least_150_checks_each_with_its_clause() -> None:
    assert len(CHECKS) >= 150
    assert all(check.values[1]["clause"] for check in CHECKS)
