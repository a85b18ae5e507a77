"""The door of this module: a DMN model that decides, with the trace an auditor evaluates again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from server.decisions import elements as dmn
from server.decisions.analysis import analyse
from server.decisions.findings import Finding
from server.decisions.graph import Graph, Node, boxes_within
from server.decisions.linking import Unit, link
from server.decisions.sitting import Sitting
from server.decisions.types import ANY, Type, read_plain
from server.decisions.workbench import Evaluation
from server.decisions.writing import kept
from server.kernel.errors import BadInput, TooMuch
from server.kernel.values import Value

INVOCABLE = ("decision", "service", "bkm")
FRENCH_KINDS = {"decision": "décision", "service": "service de décision", "bkm": "connaissance métier"}


@dataclass(frozen=True)
class Outcome:
    """What was decided. `trace` holds only values that kernel.values writes: see docs/decisions.md for its keys."""

    value: Value
    trace: dict[str, Value]


class Model:
    """A DMN file with its imports, compiled. It never changes: it may be shared."""

    def __init__(self, unit: Unit) -> None:
        self.hash = unit.digest
        self.name = unit.definitions.name
        self._unit = unit
        self._graph = Graph(unit)
        self._imported = {u.definitions.name: u.digest for u in unit.reachable() if u is not unit}

    @property
    def decisions(self) -> tuple[dmn.Decision, ...]:
        """The decisions of the file, in its order."""
        return self._unit.definitions.decisions

    @property
    def definitions(self) -> dmn.Definitions:
        """All that the file says, as read."""
        return self._unit.definitions

    def analyse(self) -> list[Finding]:
        """What is wrong or doubtful in the tables and texts of this file: gaps, overlaps, rules that never match, types that disagree, unreadable FEEL."""
        return analyse(self._graph)

    def decide(
        self, name_or_id: str, inputs: Mapping[str, Value], now: datetime, kind: str | None = None, known: Mapping[str, Value] | None = None
    ) -> Outcome:
        """Evaluates a decision, a decision service or a knowledge model (`kind`: decision, service or bkm, when the name is ambiguous).

        `inputs`: values by name of input (of parameter, for a service or a bkm). `now`: aware time, for now() and today(). `known`: values of required
        decisions, by name, which are then not evaluated. An error inside gives null with its reason in the trace, as the standard asks; BadInput when
        nothing has that name, TooMuch beyond the bounds.
        """
        node = self._find(name_or_id, kind)
        evaluation = Evaluation(now)
        steps: list[dict[str, Value]] = []
        try:
            value = Sitting(self._unit, evaluation, steps).run(node, inputs, known or {})
            trace = self._trace(node, inputs, value, steps, evaluation)
            more = ({"known": kept(dict(known))} if known else {}) | ({"imports": dict(self._imported)} if self._imported else {})
            return Outcome(value, trace | more)
        except RecursionError:
            raise TooMuch(f"« {node.element.name} » : valeurs ou calculs trop imbriqués. Découpez la décision.") from None

    def read_inputs(self, name_or_id: str, plain: Mapping[str, Any], now: datetime, kind: str | None = None) -> dict[str, Value]:
        """Inputs written in JSON as FEEL values of their declared types: numbers, and ISO 8601 text of dates, times and durations."""
        node = self._find(name_or_id, kind)
        types = self._declared(node)
        return {str(name): read_plain(value, types.get(str(name), ANY), now) for name, value in plain.items()}

    def required_decisions(self, name_or_id: str, kind: str | None = None) -> frozenset[str]:
        """The names of the decisions that a decision requires, near or far: those whose values may be given as `known`."""
        node = self._find(name_or_id, kind)
        return (
            frozenset(n.name for n in _upstream(node) if n is not node and n.kind == "decision") if node.kind == "decision" else frozenset()
        )

    def _trace(
        self, node: Node, inputs: Mapping[str, Value], value: Value, steps: list[dict[str, Value]], evaluation: Evaluation
    ) -> dict[str, Value]:
        own = steps[-1]["tables"] if steps else []
        return {
            "decision": node.element.name,
            "id": node.id,
            "kind": node.kind,
            "model": self.name,
            "hash": self.hash,
            "at": evaluation.now,
            "inputs": kept(dict(inputs)),
            "steps": steps,
            "rules": [rule["id"] for table in own for rule in table["matched"]],
            "value": kept(value),
            "reasons": list(evaluation.reasons),
        }

    def _matching(self, name_or_id: str, kind: str | None = None) -> list[Node]:
        nodes = [n for n in self._graph.nodes() if n.kind in ({kind} if kind else INVOCABLE)]
        own = [n for n in nodes if n.unit is self._unit]
        found = [n for n in own if n.id == name_or_id] or [n for n in own if name_or_id in {n.element.name, n.name}]
        return found or [n for n in nodes if ".".join((*self._unit.path_to(n.unit), n.element.name)) == name_or_id]

    def _find(self, name_or_id: str, kind: str | None) -> Node:
        if kind is not None and kind not in INVOCABLE:
            raise BadInput(f"Genre « {kind} » inconnu. Choisissez decision, service ou bkm.")
        found = self._matching(name_or_id, kind)
        if len(found) == 1:
            return found[0]
        if not found:
            wanted = f"{FRENCH_KINDS[kind]} " if kind else "décision "
            known = ", ".join(n.element.name for n in self._graph.nodes() if n.kind in INVOCABLE and n.unit is self._unit)
            raise BadInput(
                f"Aucune {wanted}« {name_or_id} » dans le modèle « {self.name} ». Il contient : {known[:500] or 'rien à décider'}."
            )
        if kind is None and len({n.kind for n in found}) > 1:
            raise BadInput(f"« {name_or_id} » désigne plusieurs éléments ({', '.join(n.kind for n in found)}). Précisez le genre (--kind).")
        raise BadInput(f"« {name_or_id} » est le nom de plusieurs éléments. Donnez un identifiant : {', '.join(n.id for n in found)}.")

    def _declared(self, node: Node) -> dict[str, Type]:
        """The declared types of what may be given to an element."""
        if isinstance(node.element, dmn.KnowledgeModel):
            return {p.name: node.unit.types.get(p.type_ref) or ANY for p in node.element.function.parameters}
        if node.kind == "service":
            return {p.name: p.type for p in node.parameters()}
        types: dict[str, Type] = {}
        upstream = list(_upstream(node))
        for need in upstream:
            if need.kind in {"input", "decision"} and need is not node:
                types.setdefault(need.name, need.type)
            path = self._unit.path_to(need.unit) if need.kind == "input" else ()
            if path:
                types.setdefault(".".join((*path, need.name)), need.type)
                types.setdefault(path[0], Type(path[0], "context")).fields.setdefault(need.name, need.type)
        # A variable that no element declares takes the type of the column that reads it.
        for decision in upstream:
            for clause in _clauses(decision.element):
                types.setdefault(clause.text, decision.unit.types.get(clause.type_ref) or ANY)
        return types


def _upstream(node: Node) -> Iterable[Node]:
    seen = {node}
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        for need in (*here.needs, *(m for group in here.members for m in group)):
            if need not in seen:
                seen.add(need)
                waiting.append(need)


def _clauses(element: dmn.Element) -> Iterable[dmn.InputClause]:
    for box in boxes_within(element.expression if isinstance(element, dmn.Decision) else None):
        if isinstance(box, dmn.Table):
            yield from box.inputs


def load(xml: bytes, imports: Mapping[str, bytes] | None = None) -> Model:
    """The model of a DMN file; `imports`: file name -> content of the models that it may import. The same bytes give the same model, kept for next time.

    Raises ModelError (not DMN, missing import, circle) and TooMuch (size), in French.
    """
    return _load(xml, tuple(sorted((imports or {}).items())))


@lru_cache(maxsize=128)
def _load(xml: bytes, files: tuple[tuple[str, bytes], ...]) -> Model:
    try:
        unit = link(xml, dict(files))
        return Model(unit)
    except RecursionError:
        raise TooMuch("Modèle DMN trop imbriqué. Découpez ses expressions.") from None
