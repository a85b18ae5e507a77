"""Finds right-angled paths for sequence flows: the cheapest way through the gaps of the grid, avoiding shapes, other lines and bends."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]
SIDES = {"R": (1, 0), "L": (-1, 0), "T": (0, -1), "B": (0, 1)}
THROUGH_SHAPE, SHARED_LINE, CROSSING, BEND, PER_PIXEL, MARGIN, PASSES = 900.0, 200.0, 90.0, 24.0, 0.12, 8.0, 3


@dataclass
class Box:
    """A node of the drawing; units are diagram pixels, `host` is the activity a boundary event sits on."""

    id: str
    kind: str
    x: float
    y: float
    w: float
    h: float
    name: str
    host: str | None
    label: Rectangle | None = None

    def port(self, side: str) -> Point:
        dx, dy = SIDES[side]
        return (round(self.x + self.w / 2 + dx * self.w / 2, 1), round(self.y + self.h / 2 + dy * self.h / 2, 1))


@dataclass
class Flow:
    id: str
    source: str
    target: str
    name: str
    points: list[Point] = field(default_factory=list)
    sides: str = ""
    label: Rectangle | None = None


def route(nodes: dict[str, Box], flows: list[Flow], xs: list[float], ys: list[float]) -> None:
    """Sets the points of each flow; short flows first, then each again with all others known."""
    ports = [box.port(side) for box in nodes.values() for side in SIDES]
    columns, rows = sorted({round(x, 1) for x in xs} | {p[0] for p in ports}), sorted({round(y, 1) for y in ys} | {p[1] for p in ports})
    order = sorted(flows, key=lambda f: distance(nodes[f.source], nodes[f.target]))
    for _ in range(PASSES):
        for flow in order:
            flow.points = []
            search = Search(nodes, flows, flow, columns, rows)
            flow.points, flow.sides = search.best()


def distance(a: Box, b: Box) -> float:
    return abs(a.x - b.x) + 3 * abs(a.y - b.y)


class Search:
    """One shortest-path search on the lattice of channels and ports, for one flow among others already drawn."""

    def __init__(self, nodes: dict[str, Box], flows: list[Flow], flow: Flow, columns: list[float], rows: list[float]) -> None:
        self.nodes, self.flow, self.columns, self.rows = nodes, flow, columns, rows
        self.source, self.target = nodes[flow.source], nodes[flow.target]
        self.others = [f for f in flows if f.points and f is not flow]
        self.lines = [(f, a, b) for f in self.others for a, b in zip(f.points, f.points[1:], strict=False)]
        self.costs: dict[tuple[Point, Point], float] = {}

    def best(self) -> tuple[list[Point], str]:
        """The points of the cheapest path and its two sides (of departure, of arrival)."""
        arrivals = {
            (self.target.port(side), side): self.arrival_cost(side) for side in ("LTBR" if self.target.x < self.source.x else "LTB")
        }
        heap: list[tuple[float, int, Point, str, tuple[Point, ...], str]] = []
        count = 0
        for side in "B" if self.source.host else "RTBL" if self.target.x < self.source.x else "RTB":
            heappush(heap, (self.departure_cost(side), count, self.source.port(side), side, (self.source.port(side),), side))
            count += 1
        seen: set[tuple[Point, str]] = set()
        while heap:
            cost, _, point, heading, path, first = heappop(heap)
            if heading == "end":
                return straighten(list(path)), first
            if (point, heading) in seen:
                continue
            seen.add((point, heading))
            for side, (dx, dy) in SIDES.items():
                if SIDES[heading] == (-dx, -dy) or (len(path) == 1 and side != heading):
                    continue
                follower = self.next_point(point, dx, dy)
                if follower is None:
                    continue
                price = cost + self.segment_cost(point, follower) + (BEND if side != heading else 0)
                if side == heading and len(path) > 1:
                    price += self.crossing_cost(point, side)
                count += 1
                heappush(heap, (price, count, follower, side, (*path, follower), first))
                opposite = {"R": "L", "L": "R", "T": "B", "B": "T"}[side]
                if (follower, opposite) in arrivals:
                    count += 1
                    heappush(heap, (price + arrivals[follower, opposite], count, follower, "end", (*path, follower), first + opposite))
        raise ValueError(f"no path for {self.flow.id}")

    def next_point(self, point: Point, dx: int, dy: int) -> Point | None:
        line, value = (self.columns, point[0]) if dx else (self.rows, point[1])
        place = line.index(value) + dx + dy
        if not 0 <= place < len(line):
            return None
        return (line[place], point[1]) if dx else (point[0], line[place])

    def departure_cost(self, side: str) -> float:
        """Prefers the side that looks towards the target, and one that no other flow uses."""
        level = abs(self.target.port("L")[1] - self.source.port("L")[1]) < 1
        below = self.target.y > self.source.y
        ahead = self.target.x > self.source.x
        if self.source.kind.endswith("Gateway"):
            towards = ("R" if ahead else "TB") if level else "B" if below else "T"
            cost = 0.0 if side in towards else 22.0 if side in "RL" else 40.0
        else:
            cost = 0.0 if side == "R" or self.source.host else 5.0 if side == "L" else 45.0 if ahead else 15.0
        cost += sum(25 for f in self.others if f.source == self.flow.source and f.sides[0] == side)
        return cost + sum(80 for f in self.others if f.target == self.flow.source and f.sides[1] == side)

    def arrival_cost(self, side: str) -> float:
        """Prefers entering from the left, or on the side that the flow comes from."""
        back = self.target.x < self.source.x
        facing = side == ("T" if self.target.y > self.source.y else "B")
        cost = (
            0.0
            if side == "L" and not back
            else 2.0
            if side == "R"
            else 8.0
            if self.target.kind.endswith("Gateway") or back
            else 14.0
            if facing
            else 30.0
        )
        cost += sum(8 for f in self.others if f.target == self.flow.target and f.sides[1] == side)
        return cost + sum(80 for f in self.others if f.source == self.flow.target and f.sides[0] == side)

    def segment_cost(self, a: Point, b: Point) -> float:
        if (a, b) not in self.costs:
            self.costs[a, b] = self.costs[b, a] = self.compute_segment_cost(a, b)
        return self.costs[a, b]

    def compute_segment_cost(self, a: Point, b: Point) -> float:
        length = abs(a[0] - b[0]) + abs(a[1] - b[1])
        cost = length * PER_PIXEL + sum(THROUGH_SHAPE for box in self.nodes.values() if self.blocked(box, a, b))
        cost += sum(25 for box in self.nodes.values() if box is not self.target and touches(usual_label(box), a, b))
        for flow, c, d in self.lines:
            if along(a, b, c, d):
                friends = flow.target == self.flow.target or flow.source == self.flow.source
                cost += length * 0.03 + 4 if friends else SHARED_LINE
        return cost

    def blocked(self, box: Box, a: Point, b: Point) -> bool:
        """True if the segment comes too near to a shape; the two ends may be touched in the axis of a port only."""
        near = (box.x - MARGIN, box.y - MARGIN, box.x + box.w + MARGIN, box.y + box.h + MARGIN)
        if not touches(near, a, b):
            return False
        if box.id not in (self.flow.source, self.flow.target):
            return not (self.source.host == box.id and a[1] >= box.y + box.h and b[1] >= box.y + box.h)
        inside = (box.x, box.y, box.x + box.w, box.y + box.h)
        on_axis = (a[0] == b[0] == box.port("T")[0]) or (a[1] == b[1] == box.port("R")[1])
        return not on_axis or touches(inside, a, b)

    def crossing_cost(self, point: Point, heading: str) -> float:
        """What it costs to go straight on through a point that another line passes or turns at."""
        cost = 0.0
        for flow, a, b in self.lines:
            across = a[0] == b[0] if heading in "LR" else a[1] == b[1]
            on = min(a[0], b[0]) <= point[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
            if across and on and flow.target != self.flow.target and flow.source != self.flow.source:
                cost += CROSSING
        return cost


def usual_label(box: Box) -> Rectangle:
    """Where the name of an event usually stands, so that lines keep away from it."""
    if not box.kind.endswith("Event") or not box.name or box.host:
        return (0, 0, 0, 0)
    return (box.x - 20, box.y + box.h + 4, box.x + box.w + 20, box.y + box.h + 30)


def touches(area: Rectangle, a: Point, b: Point) -> bool:
    left, top, right, bottom = area
    return min(a[0], b[0]) < right and max(a[0], b[0]) > left and min(a[1], b[1]) < bottom and max(a[1], b[1]) > top


def along(a: Point, b: Point, c: Point, d: Point) -> bool:
    """True if the two segments lie on one line, or nearly, for some length."""
    axis = 0 if a[1] == b[1] else 1
    if (c[1] == d[1]) != (axis == 0) or abs(a[1 - axis] - c[1 - axis]) > 7:
        return False
    return min(max(a[axis], b[axis]), max(c[axis], d[axis])) - max(min(a[axis], b[axis]), min(c[axis], d[axis])) > 0


def straighten(points: list[Point]) -> list[Point]:
    """Without the points that lie on a straight line."""
    kept = [points[0]]
    for here, after in pairwise(points[1:]):
        if not (kept[-1][0] == here[0] == after[0] or kept[-1][1] == here[1] == after[1]):
            kept.append(here)
    return [*kept, points[-1]]
