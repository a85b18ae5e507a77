"""One evaluation of a requirements graph: each element once, those it needs first, with the steps of the trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server import feel
from server.decisions.boxed import call
from server.decisions.graph import Node, scope_of
from server.decisions.linking import Unit
from server.decisions.types import completed, promised
from server.decisions.workbench import Evaluation, Scope, converted
from server.decisions.writing import kept
from server.kernel.values import Value


class Sitting:
    """One evaluation of a graph: values already known, by element."""

    def __init__(self, unit: Unit, evaluation: Evaluation, steps: list[dict[str, Value]]) -> None:
        self._unit = unit
        self._evaluation = evaluation
        self._steps = steps
        self._own = frozenset(e.variable.name for e in unit.definitions.elements()) | unit.imports.keys()

    def run(self, node: Node, inputs: Mapping[str, Value], known: Mapping[str, Value]) -> Value:
        """The value of a decision, or of a service or knowledge model called with the inputs that are its parameters."""
        if node.kind == "decision":
            values = self._known(node, known)
            return self._value(node, values, inputs, self._free(inputs))
        function = self._value(node, {}, {}, {})
        known = {name: value for name, value in inputs.items() if name in function.parameters}
        value = call(function, known, self._evaluation)
        self._note(node, known, value)
        return value

    def _known(self, node: Node, known: Mapping[str, Value]) -> dict[Node, Value]:
        """The values given for required decisions, in their types."""
        values: dict[Node, Value] = {}
        waiting = [node] if known else []
        seen = {node}
        while waiting:
            for need in waiting.pop().needs:
                if need.kind == "decision" and need.name in known:
                    values[need] = converted(known[need.name], need.type, f"La décision « {need.name} » donnée", self._evaluation)
                elif need not in seen:
                    seen.add(need)
                    waiting.append(need)
        return values

    def _free(self, inputs: Mapping[str, Value]) -> Scope:
        """The inputs no element of the file is named after: tables drawn without input data read them directly."""
        return {name: value for name, value in inputs.items() if name not in self._own}

    def _value(self, target: Node, values: dict[Node, Value], inputs: Mapping[str, Value], free: Scope) -> Value:
        """The value of an element, those it needs first; without recursion, since a graph may be thousands deep."""
        waiting = [target]
        while waiting:
            node = waiting[-1]
            missing = [] if node in values else [n for n in node.needs if n not in values]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if node not in values:
                values[node] = self._one(node, values, inputs, free)
        return values[target]

    def _one(self, node: Node, values: dict[Node, Value], inputs: Mapping[str, Value], free: Scope) -> Value:
        if node.kind == "input":
            given = self._given(node, inputs)
            return converted(completed(given, node.type), node.type, f"La donnée « {node.name} »", self._evaluation)
        if node.kind == "service":
            return self._service(node)
        scope = scope_of(node, values, free)
        if node.make is not None:
            function = node.make(node.name, scope, self._evaluation)
            # A knowledge model may call itself.
            scope.setdefault(node.name, function)
            return function
        return self._decision(node, scope, values)

    def _given(self, node: Node, inputs: Mapping[str, Value]) -> Value:
        """An imported input may be given under its import (`{"i": {"age": 3}}` or `"i.age": 3`) or under its own name."""
        path = () if node.unit is self._unit else self._unit.path_to(node.unit)
        inner: Any = inputs
        for step in path:
            inner = inner.get(step) if isinstance(inner, Mapping) else None
        if path and isinstance(inner, Mapping) and node.name in inner:
            return inner[node.name]
        dotted = ".".join((*path, node.name))
        if dotted in inputs:
            return inputs[dotted]
        return inputs[node.name] if node.name in inputs else inputs.get(node.element.name)

    def _decision(self, node: Node, scope: Scope, values: dict[Node, Value]) -> Value:
        evaluation = self._evaluation
        kept_reasons, kept_tables = evaluation.reasons, evaluation.tables
        evaluation.reasons, evaluation.tables = [], []
        value = None if node.evaluate is None else node.evaluate(scope, evaluation)
        value = converted(value, node.type, f"La décision « {node.name} »", evaluation)
        read = {need.name: values[need] for need in node.needs if need.kind in {"input", "decision"}}
        self._note(node, read, value)
        evaluation.reasons, evaluation.tables = kept_reasons, kept_tables
        return value

    def _note(self, node: Node, read: Mapping[str, Value], value: Value) -> None:
        evaluation = self._evaluation
        self._steps.append(
            {
                "decision": node.element.name,
                "id": node.id,
                "inputs": kept(dict(read)),
                "tables": list(evaluation.tables),
                "value": kept(value),
                "reasons": list(evaluation.reasons),
            }
        )

    def _service(self, node: Node) -> feel.Function:
        """A service as a function: its parameters stand for its input data and input decisions, whatever is outside (10.4)."""
        outputs = node.members[0]
        parameters = node.parameters()

        def invoke(*arguments: Value) -> Value:
            evaluation = self._evaluation
            evaluation.enter()
            known = node.type.parameters
            values = {}
            for p, given in zip(parameters, arguments, strict=True):
                values[p] = converted(given, known.get(p.name, p.type), f"Le paramètre « {p.name} » de « {node.name} »", evaluation)
                if values[p] is None and given is not None:  # the argument does not conform: the invocation is null (10.3.2.13.2)
                    evaluation.depth -= 1
                    return None
            results = {output.name: self._value(output, values, {}, {}) for output in outputs}
            evaluation.depth -= 1
            value = results[outputs[0].name] if len(outputs) == 1 else results
            return converted(value, promised(node.type), f"Le service « {node.name} »", evaluation)

        return feel.Function(node.name, tuple(p.name for p in parameters), invoke)
