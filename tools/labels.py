"""Finds a free place for each name of an event, a gateway or a flow, as near as can be to what it names."""

from __future__ import annotations

from itertools import pairwise

from tools.routing import Box, Flow, Point, Rectangle

Line = tuple[Point, Point]
LETTER, LINE, WRAP = 6.1, 13.5, 92.0


def text_size(text: str) -> tuple[float, float]:
    """Width and height in pixels of a name as bpmn-js will draw it at 11 px."""
    lines = [""]
    for word in text.split():
        if lines[-1] and (len(lines[-1]) + 1 + len(word)) * LETTER > WRAP:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return max(len(line) for line in lines) * LETTER + 8, len(lines) * LINE + 1


def place_labels(boxes: list[Box], flows: list[Flow]) -> None:
    """Sets the label of each named event, gateway and flow."""
    taken: list[Rectangle] = []
    solid = [b for b in boxes if b.kind != "subProcess"]
    lines = [segment for flow in flows for segment in pairwise(flow.points)]
    lines += [segment for b in boxes if b.kind == "subProcess" for segment in pairwise(outline(b))]
    for box in boxes:
        if box.name and box.kind.endswith(("Event", "Gateway")):
            box.label = cheapest(node_places(box), solid, lines, taken, box)
            taken.append(box.label)
    for flow in flows:
        if flow.name:
            flow.label = cheapest(flow_places(flow), solid, lines, taken, None)
            taken.append(flow.label)


def cheapest(places: list[Rectangle], boxes: list[Box], lines: list[Line], taken: list[Rectangle], owner: Box | None) -> Rectangle:
    def cost(ranked: tuple[int, Rectangle]) -> float:
        rank, place = ranked
        total = rank * 2.0
        total += sum(60 if box is owner else 100 for box in boxes if meets(place, (box.x, box.y, box.w, box.h), 1))
        total += sum(120 for other in taken if meets(place, other, 2))
        for (x1, y1), (x2, y2) in lines:
            total += 50 if meets(place, (min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2)), 2) else 0
        return total

    return min(enumerate(places), key=cost)[1]


def meets(a: Rectangle, b: Rectangle, margin: float) -> bool:
    return all(min(a[k] + a[k + 2], b[k] + b[k + 2]) - max(a[k], b[k]) > -margin for k in (0, 1))


def outline(box: Box) -> list[Point]:
    """The corners of a sub-process, the first one again at the end."""
    right, under = box.x + box.w, box.y + box.h
    return [(box.x, box.y), (right, box.y), (right, under), (box.x, under), (box.x, box.y)]


def node_places(box: Box) -> list[Rectangle]:
    w, h = text_size(box.name)
    middle, under, right = box.x + box.w / 2, box.y + box.h, box.x + box.w
    above, below = (middle - w / 2, box.y - h - 5, w, h), (middle - w / 2, under + 5, w, h)
    corners = [
        (right + 2, under - 4, w, h),
        (box.x - w - 2, under - 4, w, h),
        (right + 2, box.y - h + 4, w, h),
        (box.x - w - 2, box.y - h + 4, w, h),
    ]
    if box.host:
        return [*corners[:2], (right + 2, under + 8, w, h), (box.x - w - 2, under + 8, w, h), below]
    if box.kind.endswith("Gateway"):
        aside = [(middle + shift, y, w, h) for shift in (-w - 8, 8) for y in (box.y - h - 3, under + 3)]
        return [above, below, *aside, *corners]
    return [below, above, *corners]


def flow_places(flow: Flow) -> list[Rectangle]:
    """Beside its first segments, nearest to the start first."""
    w, h = text_size(flow.name)
    places: list[tuple[float, Rectangle]] = []
    for rank, ((x1, y1), (x2, y2)) in enumerate(zip(flow.points, flow.points[1:], strict=False)):
        length = abs(x1 - x2) + abs(y1 - y2)
        for step in (14.0, 8.0, 22.0, (length - (w if y1 == y2 else h)) / 2):
            if y1 == y2:
                x = x1 + step if x2 > x1 else x1 - step - w
                places += [(rank * 6, (x, y1 - h - 3, w, h)), (rank * 6 + 2, (x, y1 + 4, w, h))]
            else:
                y = y1 + step if y2 > y1 else y1 - step - h
                places += [(rank * 6 + 1, (x1 + 5, y, w, h)), (rank * 6 + 3, (x1 - w - 5, y, w, h))]
    return [place for _, place in sorted(places, key=lambda p: p[0])]
