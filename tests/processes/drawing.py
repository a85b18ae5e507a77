"""Reads the drawing of a process file and says what a reader would stumble on (domain rules for a readable diagram)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
NODES = ("Event", "Task", "Gateway", "callActivity", "subProcess", "Activity", "Process")
NAMED_APART = ("Event", "Gateway", "sequenceFlow")


@dataclass(frozen=True)
class Area:
    """A rectangle, in diagram pixels; a line is an area without width or height."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Area, least: float) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > least and down > least

    @property
    def level(self) -> bool:
        return self.top == self.bottom


@dataclass
class Drawing:
    """What a file draws: nodes, flows as segments, labels."""

    elements: dict[str, etree._Element]
    nodes: dict[str, Area] = field(default_factory=dict)
    flows: dict[str, list[Area]] = field(default_factory=dict)
    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    labels: dict[str, Area] = field(default_factory=dict)

    def kind(self, name: str) -> str:
        return str(etree.QName(self.elements[name]).localname)

    def ends(self, flow: str) -> tuple[str, str]:
        return self.elements[flow].get("sourceRef", ""), self.elements[flow].get("targetRef", "")

    def related(self, a: str, b: str) -> bool:
        """True for a host and its boundary event, and for a sub-process and what it holds."""
        one, other = self.elements[a], self.elements[b]
        return (
            one.get("attachedToRef") == b or other.get("attachedToRef") == a or one in other.iterancestors() or other in one.iterancestors()
        )


def read_drawing(path: Path) -> Drawing:
    root = etree.parse(str(path)).getroot()
    found = Drawing({e.get("id", ""): e for e in root.iter(f"{BPMN}*") if e.get("id")})
    for shape in root.iter(f"{DI}BPMNShape"):
        name = shape.get("bpmnElement", "")
        if found.kind(name).endswith(NODES):
            found.nodes[name] = _area(shape.find(f"{DC}Bounds"))
        _label(found, name, shape)
    for edge in root.iter(f"{DI}BPMNEdge"):
        name = edge.get("bpmnElement", "")
        found.points[name] = [(float(p.get("x", "")), float(p.get("y", ""))) for p in edge if p.tag.endswith("waypoint")]
        found.flows[name] = [Area(min(a, c), min(b, d), max(a, c), max(b, d)) for (a, b), (c, d) in pairwise(found.points[name])]
        _label(found, name, edge)
    return found


def _area(bounds: etree._Element | None) -> Area:
    assert bounds is not None
    x, y, w, h = (float(bounds.get(k, "")) for k in ("x", "y", "width", "height"))
    return Area(x, y, x + w, y + h)


def _label(found: Drawing, name: str, shape: etree._Element) -> None:
    bounds = shape.find(f"{DI}BPMNLabel/{DC}Bounds")
    if bounds is not None:
        found.labels[name] = _area(bounds)


def not_drawn(d: Drawing) -> Iterator[str]:
    for name, element in d.elements.items():
        kind = d.kind(name)
        if kind.endswith(NODES) and kind != "process" and name not in d.nodes:
            yield f"{name} n'est pas dessiné"
        elif kind == "sequenceFlow" and name not in d.flows:
            yield f"{name} n'a pas de ligne"
        elif element.get("name") and kind.endswith(NAMED_APART) and name not in d.labels:
            yield f"le nom de {name} n'a pas de place"


def overlapping(d: Drawing) -> Iterator[str]:
    for (a, one), (b, other) in combinations(d.nodes.items(), 2):
        if one.meets(other, 1) and not d.related(a, b):
            yield f"{a} et {b} se recouvrent"


def through_shapes(d: Drawing) -> Iterator[str]:
    for flow, segments in d.flows.items():
        ends = d.ends(flow)
        for name, area in d.nodes.items():
            mine = name in ends or any(d.related(name, end) for end in ends)
            if not mine and any(segment.meets(area, -2) for segment in segments):
                yield f"{flow} traverse {name}"


def tangled(d: Drawing) -> Iterator[str]:
    """Two flows without a common end that cross or share a line."""
    for (a, ones), (b, others) in combinations(d.flows.items(), 2):
        if set(d.ends(a)) & set(d.ends(b)):
            continue
        if any(s.meets(t, -0.5) for s in ones for t in others):
            yield f"{a} et {b} se touchent"


def covered_labels(d: Drawing) -> Iterator[str]:
    lines = [(name, s) for name, segments in d.flows.items() for s in segments]
    for name, label in d.labels.items():
        solid = [(n, a) for n, a in d.nodes.items() if d.kind(n) != "subProcess" and n != name]
        for other, area in solid:
            if label.meets(area, 2):
                yield f"le nom de {name} est sous {other}"
        for other, line in lines:
            if label.meets(line, -0.5):
                yield f"le nom de {name} est sur la ligne {other}"
        for other, twin in d.labels.items():
            if other > name and label.meets(twin, 2):
                yield f"les noms de {name} et {other} se recouvrent"


def crooked(d: Drawing) -> Iterator[str]:
    for flow, points in d.points.items():
        if any(a != c and b != e for (a, b), (c, e) in pairwise(points)):
            yield f"{flow} est de travers"
        if len(points) > 6:
            yield f"{flow} tourne plus de quatre fois"


def too_large(d: Drawing) -> Iterator[str]:
    areas = d.nodes.values()
    width = max(a.right for a in areas) - min(a.left for a in areas)
    if width > 1800:
        yield f"{width:.0f} px de large"
    if len(d.nodes) > 25:
        yield f"{len(d.nodes)} éléments"


RULES = (not_drawn, overlapping, through_shapes, tangled, covered_labels, crooked, too_large)
