"""The requirements graph (DMN 1.5, chapter 6) compiled: each element knows what it needs, and gives its value or its function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from server import feel
from server.decisions import elements as dmn
from server.decisions.boxed import compile_boxed, compile_function
from server.decisions.linking import Unit
from server.decisions.types import ANY, NO_TIME, Type, coerce, is_instance
from server.decisions.workbench import Evaluate, Evaluation, Fault, Scope, Workbench
from server.kernel.errors import ModelError
from server.kernel.values import Value

KINDS: dict[type, str] = {dmn.InputData: "input", dmn.Decision: "decision", dmn.KnowledgeModel: "bkm", dmn.Service: "service"}


@dataclass(eq=False)
class Node:
    """An element ready to run. `needs` must have a value before it; `members` of a service: outputs, encapsulated, input decisions, input data."""

    unit: Unit
    element: dmn.Element
    kind: str
    name: str
    type: Type = ANY
    needs: list[Node] = field(default_factory=list)
    members: tuple[list[Node], list[Node], list[Node], list[Node]] = ([], [], [], [])
    evaluate: Evaluate | None = None
    make: Callable[[str, Scope, Evaluation], feel.Function] | None = None
    base: Scope = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The id of the element, or its name when the file gives none."""
        return self.element.id or self.element.name

    def parameters(self) -> list[Node]:
        """The parameters of a service: its input data, then its input decisions (10.4)."""
        return [*self.members[3], *self.members[2]]


class Graph:
    """Every element of a file and of those it imports, compiled; `faults` is what is badly written in them."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.faults: list[Fault] = []
        self._nodes: dict[int, Node] = {}
        for each in unit.reachable():
            for element in each.definitions.elements():
                self._nodes[id(element)] = Node(each, element, KINDS[type(element)], element.variable.name)
        for node in self._nodes.values():
            self._connect(node)
        self._refuse_circles()
        self._names = {id(each): _names_in_types(each) for each in unit.reachable()}
        self._types = {id(each): _named_types(each) for each in unit.reachable()}
        for node in self._nodes.values():
            self._compile(node)

    def nodes(self) -> Iterable[Node]:
        """All elements, those of the file itself first."""
        return self._nodes.values()

    def _target(self, node: Node, href: str) -> Node:
        _, element = node.unit.find(href)
        return self._nodes[id(element)]

    def _connect(self, node: Node) -> None:
        element = node.element
        if isinstance(element, dmn.Decision):
            node.needs = [self._target(node, href) for href in (*element.requires, *element.knows)]
        elif isinstance(element, dmn.KnowledgeModel):
            # A knowledge model may call itself: that is no requirement.
            node.needs = [target for target in (self._target(node, href) for href in element.knows) if target is not node]
        elif isinstance(element, dmn.Service):
            groups = (element.outputs, element.encapsulated, element.input_decisions, element.input_data)
            outputs, encapsulated, decisions, data = ([self._target(node, href) for href in group] for group in groups)
            node.members = (outputs, encapsulated, decisions, data)

    def _refuse_circles(self) -> None:
        """Raises ModelError when an element needs itself through others. Without recursion: a graph may be thousands deep."""
        done: set[int] = set()
        for start in self._nodes.values():
            path: list[Node] = []
            on_path: set[int] = set()
            waiting: list[tuple[Node, Iterator[Node]]] = [] if id(start) in done else [(start, _edges(start))]
            while waiting:
                node, edges = waiting[-1]
                if id(node) not in on_path:
                    path.append(node)
                    on_path.add(id(node))
                following = next((n for n in edges if id(n) not in done), None)
                if following is None:
                    waiting.pop()
                    done.add(id(path.pop()))
                    on_path.discard(id(node))
                elif id(following) in on_path:
                    _refuse(path, following)
                else:
                    waiting.append((following, _edges(following)))

    def _compile(self, node: Node) -> None:
        element, unit = node.element, node.unit
        seen = {_seen_as(unit, n) for n in node.needs} | {node.name}
        names = frozenset(seen) | self._names[id(unit)] | _names_within(element)
        bench = Workbench(node.id, element.name, unit.types, names, self.faults, unit.definitions.language)
        node.names = names
        declared = bench.type(element.variable.type_ref)
        node.type = declared
        node.base = self._types[id(unit)]
        if isinstance(element, dmn.Decision):
            node.evaluate = compile_boxed(element.expression, bench)
        elif isinstance(element, dmn.KnowledgeModel):
            node.make = compile_function(element.function, bench, declared)


def scope_of(node: Node, values: dict[Node, Value], free: Scope) -> Scope:
    """What the element may read: only what it requires, imported elements under the name of their import, and names no element bears."""
    scope: Scope = {**node.base, **free}
    for need in node.needs:
        inner = scope
        for step in node.unit.path_to(need.unit) if need.unit is not node.unit else ():
            known = inner.get(step)
            inner[step] = inner = dict(known) if isinstance(known, dict) else {}
        inner[need.name] = values[need]
        if inner is scope and need.kind == "decision":
            # Other tools read a required decision by its id.
            scope.setdefault(need.id, values[need])
            scope.setdefault(need.element.name, values[need])
    return scope


def _edges(node: Node) -> Iterator[Node]:
    yield from node.needs
    yield from node.members[0]


def _refuse(path: list[Node], again: Node) -> None:
    circle = [n.element.name for n in path[path.index(again) :]]
    shown = " → ".join([*circle[:10], again.element.name])
    raise ModelError(f"Les exigences tournent en rond : {shown}. Retirez une des flèches.", again.id, "dmn-cycle")


def _seen_as(unit: Unit, node: Node) -> str:
    path = () if node.unit is unit else unit.path_to(node.unit)
    return path[0] if path else node.name


def _named_types(unit: Unit) -> Scope:
    """The declared types under their names, for `instance of`."""
    found: Scope = {}
    for each in unit.reachable():
        path = unit.path_to(each)
        for name in each.types.names():
            declared = each.types.get(name)
            if declared is not None:
                found[".".join((*path, name))] = feel.NamedType(name, partial(_accepts, declared), partial(_convert, declared))
    return found


def _convert(declared: Type, value: Value) -> tuple[bool, Value]:
    # Allowed values are constants: the time given to their tests tells nothing.
    value, reason = coerce(value, declared, NO_TIME)
    return not reason, value


def _accepts(declared: Type, value: Value) -> bool:
    return is_instance(value, declared)


def _names_in_types(unit: Unit) -> frozenset[str]:
    """Names of entries of contexts declared in this file and those it imports, and names of imported elements: they may follow a dot."""
    names: set[str] = set()
    for each in unit.reachable():
        waiting = list(each.definitions.items)
        while waiting:
            item = waiting.pop()
            names.add(item.name)
            waiting.extend(item.components)
        if each is not unit:
            names.update(element.variable.name for element in each.definitions.elements())
    return frozenset(names)


def _names_within(element: dmn.Element) -> frozenset[str]:
    """Names that the boxed expressions of an element bring in: entries, parameters, columns, outputs of tables."""
    names: set[str] = set()
    start = (
        element.expression if isinstance(element, dmn.Decision) else element.function if isinstance(element, dmn.KnowledgeModel) else None
    )
    for node in boxes_within(start):
        if isinstance(node, dmn.Context):
            names.update(e.variable.name for e in node.entries if e.variable is not None)
        elif isinstance(node, dmn.Function):
            names.update(p.name for p in node.parameters)
        elif isinstance(node, dmn.Relation):
            names.update(c.name for c in node.columns)
        elif isinstance(node, dmn.Table):
            names.update(o.name for o in node.outputs)
        elif isinstance(node, dmn.Iterator):
            names.add(node.variable)
    return frozenset(names)


def boxes_within(start: dmn.Boxed | None) -> Iterator[dmn.Boxed]:
    """An expression and all those it holds."""
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        yield node
        waiting.extend(_parts(node))


def _parts(node: dmn.Boxed) -> Iterable[dmn.Boxed | None]:
    match node:
        case dmn.Context():
            return [e.expression for e in node.entries]
        case dmn.Invocation():
            return [node.function, *(e for _, e in node.bindings)]
        case dmn.Relation():
            return [cell for row in node.rows for cell in row]
        case dmn.Items():
            return node.items
        case dmn.Function():
            return [node.body]
        case dmn.Conditional():
            return [node.condition, node.yes, node.no]
        case dmn.Filter():
            return [node.source, node.match]
        case dmn.Iterator():
            return [node.source, node.body]
        case _:
            return []
