"""Compiles boxed expressions (DMN 1.5, chapters 8 and 10.2) to closures over a scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from server import feel
from server.decisions import elements as dmn
from server.decisions.tables import compile_table
from server.decisions.types import ANY, Type, promised
from server.decisions.workbench import Evaluate, Evaluation, Scope, Workbench, converted
from server.kernel.values import Value


def compile_boxed(node: dmn.Boxed | None, bench: Workbench) -> Evaluate:
    """A closure that evaluates the expression in a scope. What is badly written is noted on the bench and gives null when evaluated."""
    if node is None:
        return _nothing
    evaluate = _COMPILERS[type(node)](node, bench)
    wanted = bench.type(node.type_ref) if node.type_ref and not isinstance(node, dmn.Function) else ANY
    # Tools write either the type of the list or that of its items on a list: only the first can be checked.
    if wanted is ANY or (isinstance(node, dmn.Relation | dmn.Items) and wanted.kind != "list"):
        return evaluate

    def typed(scope: Scope, evaluation: Evaluation) -> Value:
        return converted(evaluate(scope, evaluation), wanted, f"« {bench.title} »", evaluation)

    return typed


def _nothing(_scope: Scope, _evaluation: Evaluation) -> Value:
    return None


def _unreadable(title: str) -> Evaluate:
    def evaluate(_scope: Scope, evaluation: Evaluation) -> Value:
        evaluation.note(f"« {title} » contient une expression illisible.")

    return evaluate


def _literal(node: dmn.Literal, bench: Workbench) -> Evaluate:
    if not node.text:
        return _nothing
    expression = bench.expression(node.text, node.language)
    if expression is None:
        return _unreadable(bench.title)

    def evaluate(scope: Scope, evaluation: Evaluation) -> Value:
        value, reasons = expression.evaluate_with_reasons(scope, evaluation.now)
        for reason in reasons:
            evaluation.note(reason)
        return value

    return evaluate


def _context(node: dmn.Context, bench: Workbench) -> Evaluate:
    bench = bench.knowing(*(e.variable.name for e in node.entries if e.variable is not None))
    entries: list[tuple[str | None, Type, Evaluate]] = []
    for entry in node.entries:
        variable = entry.variable
        name = None if variable is None else variable.name
        wanted = ANY if variable is None or isinstance(entry.expression, dmn.Function) else bench.type(variable.type_ref)
        entries.append((name, wanted, _named(compile_boxed(entry.expression, bench), name)))

    def evaluate(scope: Scope, evaluation: Evaluation) -> Value:
        inner = dict(scope)
        result: dict[str, Value] = {}
        for name, wanted, entry in entries:
            value = entry(inner, evaluation)
            if name is None:
                return value
            result[name] = inner[name] = converted(value, wanted, f"L'entrée « {name} »", evaluation)
        return result

    return evaluate


def _named(evaluate: Evaluate, name: str | None) -> Evaluate:
    """A function made by an entry bears the name of the entry."""
    if name is None:
        return evaluate

    def with_name(scope: Scope, evaluation: Evaluation) -> Value:
        value = evaluate(scope, evaluation)
        return replace(value, name=name) if isinstance(value, feel.Function) and not value.name else value

    return with_name


def _invocation(node: dmn.Invocation, bench: Workbench) -> Evaluate:
    function = compile_boxed(node.function, bench)
    bindings = [(v.name, bench.type(v.type_ref), compile_boxed(e, bench)) for v, e in node.bindings]

    def evaluate(scope: Scope, evaluation: Evaluation) -> Value:
        called = function(scope, evaluation)
        if not isinstance(called, feel.Function):
            return evaluation.note(f"« {bench.title} » appelle une fonction qui n'existe pas ici.")
        arguments = {name: converted(e(scope, evaluation), t, f"Le paramètre « {name} »", evaluation) for name, t, e in bindings}
        return call(called, arguments, evaluation)

    return evaluate


def call(function: feel.Function, arguments: dict[str, Value], evaluation: Evaluation) -> Value:
    """A function called with named arguments; one that is missing is null, one too many gives null with its reason."""
    unknown = sorted(set(arguments) - set(function.parameters))
    if function.wants_run or function.variadic or function.by_name is not None:
        # A built-in function may be called in several ways: FEEL itself sorts its arguments.
        text = ", ".join(f"{name}: a{i}" for i, name in enumerate(arguments))
        scope = {"fonction": function} | {f"a{i}": value for i, value in enumerate(arguments.values())}
        return feel.compile(f"fonction({text})").evaluate(scope, evaluation.now)
    if unknown:
        return evaluation.note(f"La fonction « {function.name} » n'a pas de paramètre « {unknown[0]} ».")
    return function.call(*(arguments.get(name) for name in function.parameters))


def _relation(node: dmn.Relation, bench: Workbench) -> Evaluate:
    names = [c.name for c in node.columns]
    wanted = [bench.type(c.type_ref) for c in node.columns]
    rows = [[compile_boxed(cell, bench) for cell in row] for row in node.rows]
    if any(len(row) != len(names) for row in rows):
        bench.fault("Une ligne de la relation n'a pas autant de cellules que de colonnes. Complétez-la.")

    def evaluate(scope: Scope, evaluation: Evaluation) -> Value:
        return [
            {
                n: converted(cell(scope, evaluation), t, f"La colonne « {n} »", evaluation)
                for n, t, cell in zip(names, wanted, row, strict=False)
            }
            for row in rows
        ]

    return evaluate


def _items(node: dmn.Items, bench: Workbench) -> Evaluate:
    items = [compile_boxed(item, bench) for item in node.items]
    return lambda scope, evaluation: [item(scope, evaluation) for item in items]


def _conditional(node: dmn.Conditional, bench: Workbench) -> Evaluate:
    condition, yes, no = compile_boxed(node.condition, bench), compile_boxed(node.yes, bench), compile_boxed(node.no, bench)

    def evaluate(scope: Scope, evaluation: Evaluation) -> Value:
        holds = condition(scope, evaluation)
        if holds is not None and not isinstance(holds, bool):
            return evaluation.note(f"« {bench.title} » : la condition ne donne ni oui ni non.")
        return (yes if holds else no)(scope, evaluation)

    return evaluate


def _filter(node: dmn.Filter, bench: Workbench) -> Evaluate:
    source, match = compile_boxed(node.source, bench), compile_boxed(node.match, bench.knowing("item"))

    def evaluate(scope: Scope, evaluation: Evaluation) -> Value:
        value = source(scope, evaluation)
        items = value if isinstance(value, list) else [] if value is None else [value]
        kept = []
        for position, item in enumerate(items, 1):
            evaluation.calls += 1
            names = item if isinstance(item, dict) else {}
            found = match({**scope, **names, "item": names.get("item", item)}, evaluation)
            if isinstance(found, Decimal):
                # A number is a place (10.3.2.5), the same whatever the item: the first item tells.
                return _at(items, found, evaluation) if position == 1 else None
            if found is True:
                kept.append(item)
            elif found is not None and found is not False:
                return evaluation.note(f"« {bench.title} » : la condition du filtre ne donne ni oui ni non.")
        return kept

    return evaluate


def _at(items: list[Value], place: Decimal, evaluation: Evaluation) -> Value:
    return feel.compile("liste[place]").evaluate({"liste": items, "place": place}, evaluation.now)


def _iterator(node: dmn.Iterator, bench: Workbench) -> Evaluate:
    inner = bench.knowing(node.variable, "partial")
    source, body = compile_boxed(node.source, bench), compile_boxed(node.body, inner)
    combine = _COMBINE[node.kind]
    # A body that keeps `partial` must keep it as it was: only then is a copy worth its price.
    frozen = "partial" in node.body.text if isinstance(node.body, dmn.Literal) else node.body is not None

    def evaluate(scope: Scope, evaluation: Evaluation) -> Value:
        domain = _domain(source(scope, evaluation), evaluation)
        if domain is None:
            return evaluation.note(f"« {bench.title} » : ce qui est parcouru n'est ni une liste ni un intervalle borné.")
        results: list[Value] = []
        for item in domain:
            evaluation.calls += 1
            partial = {"partial": list(results) if frozen else results} if node.kind == "for" else {}
            results.append(body({**scope, **partial, node.variable: item}, evaluation))
        if node.kind != "for" and any(r is not None and not isinstance(r, bool) for r in results):
            return evaluation.note(f"« {bench.title} » : la condition ne donne ni oui ni non pour chaque élément.")
        return combine(results)

    return evaluate


def _domain(value: Value, evaluation: Evaluation) -> list[Value] | None:
    if isinstance(value, list):
        return value
    if feel.kind_of(value) == "range":
        found = feel.compile("for x in domaine return x").evaluate({"domaine": value}, evaluation.now)
        return found if isinstance(found, list) else None
    return None if value is None else [value]


def _some(results: list[Value]) -> bool | None:
    if any(r is True for r in results):
        return True
    return False if all(r is False for r in results) else None


def _every(results: list[Value]) -> bool | None:
    if any(r is False for r in results):
        return False
    return True if all(r is True for r in results) else None


_COMBINE: dict[str, Callable[[list[Value]], Value]] = {"for": list, "some": _some, "every": _every}


def _function(node: dmn.Function, bench: Workbench) -> Evaluate:
    make = compile_function(node, bench)
    return lambda scope, evaluation: make("", scope, evaluation)


def compile_function(node: dmn.Function, bench: Workbench, declared: Type = ANY) -> Callable[[str, Scope, Evaluation], feel.Function]:
    """What makes the function of that name in a scope. Its arguments and its result are converted to their declared types (10.3.2.9.4): those of the
    definition, else those of `declared`, the type of the variable that bears it.

    Only FEEL has a body that can be evaluated here: a Java or PMML function gives null with its reason.
    """
    names = tuple(p.name for p in node.parameters)
    own = bench.type(node.type_ref)
    known = declared.parameters | own.parameters
    types = [bench.type(p.type_ref) if p.type_ref else known.get(p.name, ANY) for p in node.parameters]
    if node.kind.upper() != "FEEL":
        bench.fault(f"Fonction externe ({node.kind}) : elle n'est pas exécutée et donne une valeur vide. Réécrivez-la en FEEL.", "externe")
    body = compile_boxed(node.body, bench.knowing(*names)) if node.kind.upper() == "FEEL" else _external
    wanted = promised(declared) if promised(own) is ANY else promised(own)

    def make(name: str, scope: Scope, evaluation: Evaluation) -> feel.Function:
        def call(*arguments: Any) -> Value:
            evaluation.enter()
            inner = dict(scope)
            for parameter, kind, value in zip(names, types, arguments, strict=True):
                taken = converted(value, kind, f"Le paramètre « {parameter} » de « {name} »", evaluation)
                if taken is None and value is not None:  # the argument does not conform: the invocation is null (10.3.2.13.2)
                    evaluation.depth -= 1
                    return None
                inner[parameter] = taken
            value = converted(body(inner, evaluation), wanted, f"Le résultat de « {name} »", evaluation)
            evaluation.depth -= 1
            return value

        return feel.Function(name, names, call)

    return make


def _external(_scope: Scope, evaluation: Evaluation) -> Value:
    evaluation.note("Une fonction externe (Java ou PMML) n'est pas exécutée : sa valeur est vide.")


_COMPILERS: dict[type, Callable[[Any, Workbench], Evaluate]] = {
    dmn.Literal: _literal,
    dmn.Table: lambda node, bench: compile_table(node, bench, compile_boxed),
    dmn.Context: _context,
    dmn.Invocation: _invocation,
    dmn.Relation: _relation,
    dmn.Items: _items,
    dmn.Function: _function,
    dmn.Conditional: _conditional,
    dmn.Filter: _filter,
    dmn.Iterator: _iterator,
}
