"""Looks at the drawing of a BPMN file as a reader would: what is missing, covered, crossed, slanted or too wide. Units: pixels of the diagram."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

from server.catalog.diagram import GATEWAYS, NODES, Diagram, read_diagram

MOST_NODES, MOST_WIDTH, MOST_BENDS, MOST_BACK, COLUMN = 25, 1_800, 4, 2, 150
LETTER, LINE, WRAP = 6.1, 13.5, 92  # what bpmn-js draws at 11 px


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> tuple[float, float]:
        """How far the two reach into each other, across and down; negative when they are apart."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across, down

    def meets(self, other: "Box", by: float) -> bool:
        return min(self.overlap(other)) > by


@dataclass(frozen=True)
class Fault:
    """One fault: what it is, and the ids it concerns."""

    kind: str
    one: str = ""
    other: str = ""


class Drawing:
    """The shapes, lines and labels of one file."""

    def __init__(self, content: bytes) -> None:
        self.diagram: Diagram = read_diagram(content)
        self.boxes: dict[str, Box] = {}
        self.lines: dict[str, list[tuple[float, float]]] = {}
        self.labels: dict[str, Box] = {}
        for shape in self.diagram.root.iter("{*}BPMNShape"):
            self._keep_shape(shape)
        for edge in self.diagram.root.iter("{*}BPMNEdge"):
            element = edge.get("bpmnElement", "")
            self.lines[element] = [(float(w.get("x")), float(w.get("y"))) for w in edge.iterchildren("{*}waypoint")]
            self._keep_label(element, edge)
        self.flows = {f.id: f for f in self.diagram.flows if f.id in self.lines}

    def _keep_shape(self, shape) -> None:
        element = shape.get("bpmnElement", "")
        if element in self.diagram.nodes:
            self.boxes[element] = _box(shape.find("{*}Bounds"))
        self._keep_label(element, shape)

    def _keep_label(self, element: str, owner) -> None:
        bounds = owner.find("{*}BPMNLabel/{*}Bounds")
        if bounds is not None:
            self.labels[element] = _box(bounds)

    def faults(self) -> Iterator[Fault]:
        """Everything a reader would stumble over."""
        for look in (self._missing, self._shapes, self._through, self._pairs_of_lines, self._covered, self._paths, self._size):
            yield from look()

    def _missing(self) -> Iterator[Fault]:
        for node in self.diagram.nodes.values():
            if node.id not in self.boxes:
                yield Fault("not drawn", node.id)
            elif node.name and (node.type in GATEWAYS or node.type.endswith("Event")) and node.id not in self.labels:
                yield Fault("label not placed", node.id)
        for flow in self.diagram.flows:
            if flow.id not in self.lines:
                yield Fault("not drawn", flow.id)
            elif flow.name and flow.id not in self.labels:
                yield Fault("label not placed", flow.id)

    def _shapes(self) -> Iterator[Fault]:
        for one, other in combinations(self.boxes, 2):
            related = self._host(one) == other or self._host(other) == one or other in self._around(one) or one in self._around(other)
            if not related and self.boxes[one].meets(self.boxes[other], 1):
                yield Fault("shapes overlap", one, other)

    def _through(self) -> Iterator[Fault]:
        for flow in self.flows.values():
            own = {flow.source, flow.target, self._host(flow.source), *self._around(flow.source), *self._around(flow.target)}
            for node, box in self.boxes.items():
                if node not in own and any(part.meets(box, 2) for part in self._parts(flow.id, 2.5)):
                    yield Fault("flow through a shape", flow.id, node)

    def _pairs_of_lines(self) -> Iterator[Fault]:
        for one, other in combinations(self.flows, 2):
            a, b = self.flows[one], self.flows[other]
            if {a.source, a.target} & {b.source, b.target}:
                continue
            for first in self._parts(one, 0):
                for second in self._parts(other, 0):
                    across, down = first.overlap(second)
                    if across >= 0 and down >= 0:
                        yield Fault("flows share a line" if max(across, down) > 1 else "flows cross", one, other)

    def _covered(self) -> Iterator[Fault]:
        for element, bounds in self.labels.items():
            name = self._name(element)
            if not name:
                continue
            text = _text_box(bounds, name)
            if bounds.right - bounds.left < LETTER * max(map(len, name.split())) - 2 and bounds.right - bounds.left < WRAP:
                yield Fault("label too narrow", element)
            shapes = [n for n in self.boxes if n != element and self.diagram.nodes[n].type not in ("subProcess", "transaction")]
            yield from (Fault("label covered by a shape", element, n) for n in shapes if text.meets(self.boxes[n], 2))
            yield from (
                Fault("label covered by a line", element, f) for f in self.flows if any(text.meets(p, 2) for p in self._parts(f, 2.5))
            )
            others = [o for o in self.labels if o > element and self._name(o)]
            yield from (
                Fault("label covered by a label", element, o) for o in others if text.meets(_text_box(self.labels[o], self._name(o)), 2)
            )

    def _paths(self) -> Iterator[Fault]:
        back = 0
        for flow in self.flows.values():
            points = self.lines[flow.id]
            if any(abs(x - u) > 0.5 and abs(y - v) > 0.5 for (x, y), (u, v) in pairwise(points)):
                yield Fault("slanted segment", flow.id)
            if len(points) - 2 > MOST_BENDS:
                yield Fault("too many bends", flow.id)
            back += points[0][0] - points[-1][0] > COLUMN
        if back > MOST_BACK:
            yield Fault("too many flows going back", str(back))

    def _size(self) -> Iterator[Fault]:
        if len(self.boxes) > MOST_NODES:
            yield Fault("too many nodes", str(len(self.boxes)))
        drawn = list(self.boxes.values())
        if drawn and max(b.right for b in drawn) - min(b.left for b in drawn) > MOST_WIDTH:
            yield Fault("too wide")

    def _parts(self, flow: str, half: float) -> Iterator[Box]:
        """The straight parts of a line, thickened by `half` on each side."""
        for (x, y), (u, v) in pairwise(self.lines[flow]):
            yield Box(min(x, u) - half, min(y, v) - half, max(x, u) + half, max(y, v) + half)

    def _host(self, node: str) -> str:
        known = self.diagram.nodes.get(node)
        return known.xml.get("attachedToRef", "") if known is not None else ""

    def _around(self, node: str) -> set[str]:
        return {n.scope for n in self.diagram.with_holders(node)}

    def _name(self, element: str) -> str:
        if element in self.diagram.nodes:
            return self.diagram.nodes[element].name if self.diagram.nodes[element].type in NODES else ""
        return next((f.name for f in self.diagram.flows if f.id == element), "")


def faults_of(path: Path) -> list[Fault]:
    """The faults of the drawing in a file."""
    return list(Drawing(path.read_bytes()).faults())


def _box(bounds) -> Box:
    x, y, width, height = (float(bounds.get(key)) for key in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


def _text_box(bounds: Box, name: str) -> Box:
    """Where the text itself stands in its bounds: centred, as tall as its lines."""
    room = max(bounds.right - bounds.left, WRAP)
    lines, current, widest = 1, 0.0, 0.0
    for word in name.split():
        width = len(word) * LETTER
        if current and current + LETTER + width > room:
            lines, current = lines + 1, width
        else:
            current += width + (LETTER if current else 0)
        widest = max(widest, current)
    middle = (bounds.left + bounds.right) / 2
    return Box(middle - widest / 2, bounds.top, middle + widest / 2, bounds.top + lines * LINE)
