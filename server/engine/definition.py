"""What a package's diagram says, read once per worker by the hash of its content and shared by every instance."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from server import decisions
from server.engine.diagram import Diagram, Element, Flow, read_diagram
from server.engine.graph import build_graphs
from server.kernel.errors import ModelError

PROCESS_FILE = "process.bpmn"
CACHE_SIZE = 256
_cache: OrderedDict[str, Definition] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class UserTask:
    """A user task as drawn; texts are those of the diagram (FEEL after "=")."""

    element: str
    name: str
    form: str
    groups: tuple[str, ...]
    assignee: str
    due: str
    limit: str
    priority: str
    lane: str


@dataclass(frozen=True)
class DrawnExpression:
    """A FEEL or time text of the diagram, and where it stands."""

    element: str
    place: str
    text: str


@dataclass(frozen=True)
class Definition:
    """A process that can be run. Nothing in it changes, so threads and instances may share it."""

    process_id: str
    name: str
    hash: str
    user_tasks: tuple[UserTask, ...]
    called_processes: tuple[str, ...]
    job_types: tuple[str, ...]
    messages: tuple[str, ...]
    decisions: tuple[str, ...]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    expressions: tuple[DrawnExpression, ...]
    graph: Any = field(repr=False, compare=False)
    graphs: Mapping[str, Any] = field(repr=False, compare=False)


def read_definition(files: Mapping[str, bytes], process_id: str | None = None) -> Definition:
    """The definition in a package's files: "process.bpmn" and "decisions/<name>.dmn"; other names are ignored.

    `process_id` chooses among several executable processes of the file. Raises ModelError (element id, rule code, French sentence) when the diagram cannot
    be read or run, TooMuch when it passes a bound. Cached by content.
    """
    if PROCESS_FILE not in files:
        raise ModelError(f"Le paquet n'a pas de fichier {PROCESS_FILE}. Dessinez le processus dans le studio.", rule="processus")
    used = {n: files[n] for n in sorted(files) if n == PROCESS_FILE or (n.startswith("decisions/") and n.endswith(".dmn"))}
    digest = _digest(used)
    key = f"{digest}:{process_id or ''}"
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    definition = _read(used, process_id, digest)
    with _lock:
        _cache[key] = definition
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return definition


def forget_definitions() -> None:
    """Empty the cache (tests, and a worker that must free memory)."""
    with _lock:
        _cache.clear()


def _digest(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, data in files.items():
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def _read(files: Mapping[str, bytes], process_id: str | None, digest: str) -> Definition:
    diagram = read_diagram(files[PROCESS_FILE], process_id)
    graphs = build_graphs(diagram, _models(files))
    nodes = list(diagram.elements.values())
    return Definition(
        process_id=diagram.process_id,
        name=diagram.name,
        hash=digest,
        user_tasks=tuple(_user_task(e) for e in nodes if e.type == "userTask"),
        called_processes=_unique(e.zeebe.called for e in nodes if e.type == "callActivity"),
        job_types=_unique(_job_type(e) for e in nodes),
        messages=_unique(
            e.event.name
            for e in nodes
            if e.event.kind == "message" and e.type in ("receiveTask", "intermediateCatchEvent", "boundaryEvent")
        ),
        decisions=_unique(e.zeebe.decision for e in nodes if e.type == "businessRuleTask"),
        elements=diagram.elements,
        flows={f.id: f for f in diagram.flows},
        expressions=tuple(_expressions(diagram)),
        graph=graphs[diagram.process_id],
        graphs=graphs,
    )


def _models(files: Mapping[str, bytes]) -> dict[str, decisions.Model]:
    """Every decision of the tables, by id and by name; a table may import the others."""
    tables = {n: data for n, data in files.items() if n != PROCESS_FILE}
    found: dict[str, decisions.Model] = {}
    for name, data in tables.items():
        model = decisions.load(data, {n.removeprefix("decisions/"): d for n, d in tables.items() if n != name})
        for decision in model.decisions:
            found.setdefault(decision.id, model)
            found.setdefault(decision.name, model)
    return found


def _user_task(element: Element) -> UserTask:
    zeebe = element.zeebe
    groups = () if zeebe.groups.startswith("=") else tuple(g.strip() for g in zeebe.groups.split(",") if g.strip())
    limit = zeebe.properties.get("limite", "")
    return UserTask(
        element.id, element.name or element.id, zeebe.form, groups, zeebe.assignee, zeebe.due, limit, zeebe.priority, element.lane
    )


def _job_type(element: Element) -> str:
    sends = element.event.kind == "message" and element.type in ("intermediateThrowEvent", "endEvent", "sendTask")
    return element.zeebe.job_type or ("message" if sends else "")


def _unique(names: Iterator[str] | Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for n in names if n))


def _expressions(diagram: Diagram) -> Iterator[DrawnExpression]:
    for flow in diagram.flows:
        if flow.condition:
            yield DrawnExpression(flow.id, "condition", flow.condition)
    for e in diagram.elements.values():
        zeebe, loop = e.zeebe, e.loop
        drawn = {
            "échéance": zeebe.due,
            "limite": zeebe.properties.get("limite", ""),
            "script": zeebe.script,
            "minuteur": e.event.text,
            "clé du message": e.event.key,
        }
        drawn |= {f"entrée {target}": source for target, source in zeebe.inputs} | {
            f"sortie {target}": source for target, source in zeebe.outputs
        }
        drawn |= {
            p: t for p, t in (("groupes", zeebe.groups), ("personne", zeebe.assignee), ("priorité", zeebe.priority)) if t.startswith("=")
        }
        if loop is not None:
            drawn |= {
                "liste": loop.collection,
                "nombre": loop.cardinality,
                "élément de sortie": loop.output_item,
                "condition de fin": loop.until,
            }
        yield from (DrawnExpression(e.id, place, text) for place, text in drawn.items() if text)
