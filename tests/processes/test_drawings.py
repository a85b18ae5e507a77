"""Every process of the repository is drawn so that a person reads it at first sight."""

from pathlib import Path

import pytest
from lxml import etree

from server.settings import ROOT
from tests.processes.drawing import DC, DI, RULES, Drawing, overlapping, read_drawing

FILES = sorted((Path(ROOT) / "processes").glob("*/process.bpmn"))


@pytest.fixture(scope="module", params=FILES, ids=lambda p: p.parent.name)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return read_drawing(request.param)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_a_diagram_is_readable(drawing: Drawing, rule) -> None:
    assert list(rule(drawing)) == []


def test_a_planted_fault_is_found(tmp_path: Path) -> None:
    tree = etree.parse(str(Path(ROOT) / "processes/orientation/process.bpmn"))
    places = {s.get("bpmnElement"): s.find(f"{DC}Bounds") for s in tree.iter(f"{DI}BPMNShape")}
    places["proposer"].set("x", places["orienter"].get("x"))
    path = tmp_path / "process.bpmn"
    tree.write(str(path))
    assert "orienter et proposer se recouvrent" in list(overlapping(read_drawing(path)))
