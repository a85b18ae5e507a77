"""Draws a diagram that has no drawing yet: a grid of ids, chosen by a person, becomes BPMNDI (development tool, never used at run time).

Usage: python -m tools.layout processes/<slug>/process.bpmn grid.txt

The grid file has one block per scope (the process or an expanded sub-process): `[id]` or `[id gap=36]`, then rows of ids, `.` for an empty cell.
A line `@lane` before rows of a process puts them in that lane. A drawing that an owner has adjusted is never laid out again.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from tools.labels import place_labels, text_size
from tools.routing import Box, Flow, route

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SIZES = {"Event": (36, 36), "Gateway": (50, 50), "Task": (100, 80), "callActivity": (100, 80)}
COLUMN_GAP, ROW_GAP, PADDING = 44, 48, 34


@dataclass
class Scope:
    """A process or an expanded sub-process: its nodes, its flows and its grid of ids."""

    id: str
    nodes: dict[str, Box]
    flows: list[Flow]
    grid: list[list[str]]
    gap: float = COLUMN_GAP
    lanes: list[tuple[str, int, int]] = field(default_factory=list)
    inner: dict[str, Scope] = field(default_factory=dict)
    row_edges: list[float] = field(default_factory=list)
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)


def read_grids(text: str) -> dict[str, list[list[str]]]:
    """The rows of each block; a lane mark stays as a row of one cell that begins with @."""
    grids: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.splitlines():
        if found := re.fullmatch(r"\[(\w+)( gap=\d+)?\]", line.strip()):
            rows = grids.setdefault(found[1], [])
            rows += [[found[2].strip()]] if found[2] else []
        elif line.strip() and not line.startswith("#"):
            rows.append(line.split())
    return grids


def size_of(tag: str) -> tuple[float, float]:
    return next((size for end, size in SIZES.items() if tag.endswith(end) or tag == end), (0, 0))


def read_scope(element: etree._Element, grids: dict[str, list[list[str]]]) -> Scope:
    """Nodes and flows of one level; the levels below are read the same way."""
    scope = Scope(element.get("id"), {}, [], [])
    for row in grids[scope.id]:
        if row[0].startswith("gap="):
            scope.gap = float(row[0][4:])
        elif row[0].startswith("@"):
            scope.lanes.append((row[0][1:], len(scope.grid), len(scope.grid)))
        else:
            scope.grid.append(row)
            if scope.lanes:
                scope.lanes[-1] = (*scope.lanes[-1][:2], len(scope.grid))
    for child in element:
        tag = etree.QName(child).localname
        if tag == "sequenceFlow":
            scope.flows.append(Flow(child.get("id"), child.get("sourceRef"), child.get("targetRef"), child.get("name") or ""))
        elif tag == "subProcess" or size_of(tag) != (0, 0):
            width, height = size_of(tag)
            scope.nodes[child.get("id")] = Box(
                child.get("id"), tag, 0, 0, width, height, child.get("name") or "", child.get("attachedToRef")
            )
        if tag == "subProcess":
            scope.inner[child.get("id")] = read_scope(child, grids)
    placed = {cell for row in scope.grid for cell in row}
    missing = [i for i, box in scope.nodes.items() if i not in placed and not box.host]
    if missing:
        sys.exit(f"{scope.id}: the grid does not place {', '.join(missing)}")
    return scope


def column_gaps(scope: Scope, columns: int) -> list[float]:
    """Between two columns: wider where a named flow leaves a gateway to the right, so that its name has a place."""
    gaps: list[float] = [scope.gap] * columns
    cell = {name: (row, column) for row, names in enumerate(scope.grid) for column, name in enumerate(names)}
    for flow in scope.flows:
        source, target = cell.get(flow.source), cell.get(flow.target)
        if not (flow.name and source and target and scope.nodes[flow.source].kind.endswith("Gateway")):
            continue
        if target[1] > source[1]:
            gaps[source[1]] = max(gaps[source[1]], text_size(flow.name)[0] + 26)
    for host in {box.host for box in scope.nodes.values() if box.host in cell and box.host not in scope.inner}:
        events = [box for box in scope.nodes.values() if box.host == host]
        if len(events) > 1 and cell[host][1] > 0:
            gaps[cell[host][1] - 1] = max(gaps[cell[host][1] - 1], text_size(events[0].name)[0] + 8)
    return gaps


def place(scope: Scope, left: float, top: float) -> tuple[float, float]:
    """Gives each node its place; returns the width and height of the whole scope."""
    for name, inner in scope.inner.items():
        scope.nodes[name].w, scope.nodes[name].h = (2 * round(side / 2) for side in place(inner, 0, 0))
    columns = max(len(row) for row in scope.grid)
    widths, heights = [36.0] * columns, [60.0] * len(scope.grid)
    cells = [(row, column, scope.nodes[name]) for row, names in enumerate(scope.grid) for column, name in enumerate(names) if name != "."]
    for row, column, box in cells:
        widths[column], heights[row] = max(widths[column], box.w), max(heights[row], box.h)
    gaps = column_gaps(scope, columns)
    lefts, tops = [left + PADDING + 8], [top + PADDING + 18]
    for width, gap in zip(widths, gaps, strict=True):
        lefts.append(lefts[-1] + width + gap)
    for height in heights:
        tops.append(tops[-1] + height + ROW_GAP)
    for row, column, box in cells:
        box.x, box.y = round(lefts[column] + (widths[column] - box.w) / 2), round(tops[row] + (heights[row] - box.h) / 2)
        if box.id in scope.inner:
            place(scope.inner[box.id], box.x, box.y)
    place_boundary_events(scope)
    scope.row_edges = [y - ROW_GAP / 2 for y in tops]
    scope.xs = [lefts[0] - 22] + [x - gap / 2 + shift for x, gap in zip(lefts[1:], gaps, strict=True) for shift in (-12, 0, 12)]
    scope.ys = [tops[0] - 26, tops[0] - 14] + [y - ROW_GAP / 2 + shift for y in tops[1:] for shift in (-12, 0, 12)]
    return lefts[-1] - gaps[-1] + PADDING + 8 - left, tops[-1] - ROW_GAP + PADDING + 14 - top


def place_boundary_events(scope: Scope) -> None:
    """On the lower edge: one at the right of the middle, two at 24 % and 76 %, on a sub-process spread from its left."""
    hosts: dict[str, list[Box]] = {}
    for box in scope.nodes.values():
        if box.host:
            hosts.setdefault(box.host, []).append(box)
    for name, events in hosts.items():
        host = scope.nodes[name]
        for rank, event in enumerate(events):
            spots = [0.7] if len(events) == 1 else [0.24, 0.76]
            middle = host.x + (90 + rank * 150 if name in scope.inner else host.w * spots[rank])
            event.x, event.y = round(middle - event.w / 2), round(host.y + host.h - event.h / 2)


def every_scope(scope: Scope) -> list[Scope]:
    return [scope, *(below for inner in scope.inner.values() for below in every_scope(inner))]


def bounds(x: float, y: float, w: float, h: float, indent: str) -> str:
    return f'{indent}<dc:Bounds x="{round(x)}" y="{round(y)}" width="{round(w)}" height="{round(h)}" />\n'


def label_xml(label: tuple[float, float, float, float] | None) -> str:
    return f"        <bpmndi:BPMNLabel>\n{bounds(*label, ' ' * 10)}        </bpmndi:BPMNLabel>\n" if label else ""


def shape_xml(name: str, box: tuple[float, float, float, float], attributes: str, label: tuple[float, float, float, float] | None) -> str:
    head = f'      <bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"{attributes}>\n'
    return head + bounds(*box, " " * 8) + label_xml(label) + "      </bpmndi:BPMNShape>\n"


def lane_shapes(scope: Scope, pool: str, width: float, height: float) -> str:
    """The pool and its lanes, each as high as its rows."""
    left, top, marks = scope.nodes[next(iter(scope.nodes))].x, 60.0, ' isHorizontal="true"'
    left = min(box.x for box in scope.nodes.values()) - PADDING - 8
    text = shape_xml(pool, (left - 60, top, width + 60, height), marks, None)
    for rank, (lane, first, after) in enumerate(scope.lanes):
        upper = top if rank == 0 else scope.row_edges[first]
        lower = top + height if rank == len(scope.lanes) - 1 else scope.row_edges[after]
        text += shape_xml(lane, (left - 30, upper, width + 30, lower - upper), marks, None)
    return text


def drawing(scope: Scope, pool: str | None) -> str:
    """The whole BPMNDiagram element of one process."""
    width, height = place(scope, 220 if pool else 160, 60)
    scopes = every_scope(scope)
    for each in scopes:
        route(each.nodes, each.flows, each.xs, each.ys)
    boxes, flows = [b for s in scopes for b in s.nodes.values()], [f for s in scopes for f in s.flows]
    place_labels(boxes, flows)
    text = (
        f'  <bpmndi:BPMNDiagram id="Diagramme">\n    <bpmndi:BPMNPlane id="Plan" bpmnElement="{"Collaboration" if pool else scope.id}">\n'
    )
    text += lane_shapes(scope, pool, width, height) if pool else ""
    for box in boxes:
        marks = ' isExpanded="true"' if box.kind == "subProcess" else ' isMarkerVisible="true"' if box.kind == "exclusiveGateway" else ""
        text += shape_xml(box.id, (box.x, box.y, box.w, box.h), marks, box.label)
    for flow in flows:
        points = "".join(f'        <di:waypoint x="{round(x)}" y="{round(y)}" />\n' for x, y in flow.points)
        text += (
            f'      <bpmndi:BPMNEdge id="{flow.id}_di" bpmnElement="{flow.id}">\n{points}{label_xml(flow.label)}      </bpmndi:BPMNEdge>\n'
        )
    return text + "    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n"


def main(diagram: Path, grid: Path) -> None:
    """Writes the drawing into the file, in place of the one it had."""
    text = diagram.read_text(encoding="utf-8")
    root = etree.fromstring(text.encode())
    process = root.find(f"{MODEL}process")
    pool = root.find(f"{MODEL}collaboration/{MODEL}participant")
    scope = read_scope(process, read_grids(grid.read_text(encoding="utf-8")))
    text = re.sub(r" *<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>\n", "", text, flags=re.DOTALL)
    di = drawing(scope, None if pool is None else pool.get("id"))
    diagram.write_text(text.replace("</bpmn:definitions>", di + "</bpmn:definitions>"), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
