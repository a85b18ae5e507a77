"""Every diagram of a package reads well: drawn whole, nothing covered, nothing crossed, not too wide."""

import re
from pathlib import Path

import pytest

from tests.drawings import Drawing, Fault, faults_of

ROOT = Path(__file__).parents[1]
DIAGRAMS = sorted((ROOT / "processes").glob("*/process.bpmn"))
GOOD = ROOT / "processes" / "orientation" / "process.bpmn"


@pytest.mark.parametrize("path", DIAGRAMS, ids=[p.parent.name for p in DIAGRAMS])
def test_a_diagram_reads_well(path):
    assert faults_of(path) == []


def planted(pattern, replacement):
    """The kinds of faults of a good diagram in which one text is changed."""
    text = GOOD.read_text()
    changed, count = re.subn(pattern, replacement, text, count=1, flags=re.DOTALL)
    assert count == 1
    return {f.kind for f in Drawing(changed.encode()).faults()}


def bounds_of(element, x, y):
    return rf'(bpmnElement="{element}"[^>]*>\s*<dc:Bounds) x="[^"]*" y="[^"]*"', rf'\1 x="{x}" y="{y}"'


def position_of(element):
    found = re.search(rf'bpmnElement="{element}"[^>]*>\s*<dc:Bounds x="([^"]*)" y="([^"]*)"', GOOD.read_text())
    return found[1], found[2]


def test_a_task_moved_onto_another_is_found():
    kinds = planted(*bounds_of("retenir", *position_of("inscrire")))
    assert "shapes overlap" in kinds


def test_a_shape_taken_away_is_found():
    assert "not drawn" in planted(r'<bpmndi:BPMNShape [^>]*bpmnElement="retenir".*?</bpmndi:BPMNShape>', "")


def test_a_label_taken_away_is_found():
    kinds = planted(r'(bpmnElement="ecart"[^>]*>\s*<dc:Bounds [^>]*/>\s*)<bpmndi:BPMNLabel.*?</bpmndi:BPMNLabel>', r"\1")
    assert "label not placed" in kinds


def test_a_label_on_a_task_is_found():
    x, y = position_of("retenir")
    pattern = r'(bpmnElement="ecart"[^>]*>\s*<dc:Bounds [^>]*/>\s*<bpmndi:BPMNLabel>\s*<dc:Bounds) x="[^"]*" y="[^"]*"'
    assert "label covered by a shape" in planted(pattern, rf'\1 x="{x}" y="{y}"')


def test_a_slanted_line_is_found():
    pattern = r'(bpmnElement="Flux_debut_orienter"[^>]*>\s*<di:waypoint x="[^"]*" y=")([^"]*)"'
    assert "slanted segment" in planted(pattern, r'\g<1>1\g<2>"')


def test_a_line_through_a_task_is_found():
    x, y = (float(v) for v in position_of("retenir"))
    line = f'<di:waypoint x="{x - 60}" y="{y + 30}" /><di:waypoint x="{x + 160}" y="{y + 30}" />'
    pattern = r'(bpmnElement="Flux_debut_orienter"[^>]*>).*?(</bpmndi:BPMNEdge>)'
    assert "flow through a shape" in planted(pattern, rf"\1{line}\2")


def test_a_diagram_without_a_drawing_has_every_element_missing():
    text = re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", GOOD.read_text(), flags=re.DOTALL)
    drawing = Drawing(text.encode())
    assert {f for f in drawing.faults() if f.kind == "not drawn"} >= {Fault("not drawn", n) for n in drawing.diagram.nodes}
