"""Decision tables (DMN 1.5, chapter 8): which rules match, what the hit policy makes of them, and the trace of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from server import feel
from server.decisions import elements as dmn
from server.decisions.types import Type
from server.decisions.workbench import Evaluate, Evaluation, Scope, Workbench, converted
from server.decisions.writing import kept
from server.kernel.values import Value

CompileLiteral = Callable[[dmn.Literal, Workbench], Evaluate]


@dataclass(frozen=True, slots=True)
class _Column:
    """An input: its expression, its type, its allowed values, and its distinct cells (None: a cell that cannot be read)."""

    label: str
    evaluate: Evaluate
    type: Type
    allowed: feel.UnaryTests | None
    cells: tuple[feel.UnaryTests | None, ...]


@dataclass(frozen=True, slots=True)
class _Output:
    """An output; `rank` gives the place of a value in the order of priority, of the values listed."""

    name: str
    label: str
    type: Type
    allowed: feel.UnaryTests | None
    ranked: tuple[feel.UnaryTests, ...]
    default: Evaluate | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A rule: the (column, distinct cell) pairs to test, dashes left out, and the closures of its outputs."""

    rule: dmn.Rule
    tests: tuple[tuple[int, int], ...]
    outputs: tuple[Evaluate, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    node: dmn.Table
    columns: tuple[_Column, ...]
    outputs: tuple[_Output, ...]
    lines: tuple[_Line, ...]


def compile_table(node: dmn.Table, bench: Workbench, literal: CompileLiteral) -> Evaluate:
    """A closure that decides with the table; each evaluation adds its trace to `evaluation.tables`."""
    cells: list[dict[str, int]] = [{} for _ in node.inputs]
    texts = [[_plain(t) for t in rule.inputs] for rule in node.rules]
    for row in texts:
        for column, text in enumerate(row):
            if text:
                cells[column].setdefault(text, len(cells[column]))
    columns = tuple(_column(clause, cells[i], bench, literal) for i, clause in enumerate(node.inputs))
    outputs = tuple(_output(clause, bench, literal, node.policy in {"PRIORITY", "OUTPUT ORDER"}) for clause in node.outputs)
    lines = tuple(
        _Line(rule, tuple((c, cells[c][t]) for c, t in enumerate(row) if t), _results(rule, bench, literal))
        for rule, row in zip(node.rules, texts, strict=True)
    )
    table = _Compiled(node, columns, outputs, lines)
    _refuse_what_has_no_meaning(table, bench)
    return lambda scope, evaluation: _decide(table, scope, evaluation)


def _results(rule: dmn.Rule, bench: Workbench, literal: CompileLiteral) -> tuple[Evaluate, ...]:
    types = rule.output_types or ("",) * len(rule.outputs)
    return tuple(literal(dmn.Literal(text, type_ref=kind), bench) for text, kind in zip(rule.outputs, types, strict=True))


def _plain(text: str) -> str:
    return "" if text == "-" else text


def _column(clause: dmn.InputClause, cells: dict[str, int], bench: Workbench, literal: CompileLiteral) -> _Column:
    return _Column(
        label=clause.label,
        evaluate=literal(dmn.Literal(clause.text), bench),
        type=bench.type(clause.type_ref),
        allowed=bench.tests(clause.allowed) if _plain(clause.allowed) else None,
        cells=tuple(bench.tests(text) for text in cells),
    )


def _output(clause: dmn.OutputClause, bench: Workbench, literal: CompileLiteral, ordered: bool) -> _Output:  # noqa: FBT001 - a fact of the table
    kind = bench.type(clause.type_ref)
    listed = _plain(clause.allowed) or (kind.allowed[0][1] if kind.allowed else "")
    return _Output(
        name=clause.name,
        label=clause.label,
        type=kind,
        allowed=bench.tests(clause.allowed) if _plain(clause.allowed) else None,
        ranked=tuple(tests for tests in map(bench.tests, split_tests(listed)) if tests is not None) if ordered and listed else (),
        default=literal(dmn.Literal(clause.default), bench) if clause.default else None,
    )


def split_tests(text: str) -> list[str]:
    """The tests of a list such as `"A", "B", [1..3]`, one by one: commas inside quotes, brackets or parentheses do not count."""
    parts, start, level, quoted = [], 0, 0, False
    for at, sign in enumerate(text):
        if sign == '"' and (at == 0 or text[at - 1] != "\\"):
            quoted = not quoted
        elif not quoted and sign in "([{":
            level += 1
        elif not quoted and sign in ")]}":
            level -= 1
        elif not quoted and sign == "," and level == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _refuse_what_has_no_meaning(table: _Compiled, bench: Workbench) -> None:
    node = table.node
    if node.aggregation not in {"", "COUNT"} and len(node.outputs) > 1:
        bench.fault(
            "COLLECT avec un calcul n'a de sens que pour une seule colonne de résultat (DMN 8.2.8). Retirez le calcul ou les autres colonnes.",
            "table",
        )
    if node.policy in {"PRIORITY", "OUTPUT ORDER"} and not any(o.ranked for o in table.outputs):
        bench.fault(f"La politique {node.policy} demande la liste ordonnée des valeurs de résultat. Ajoutez-la à la colonne.", "table")
    if not node.outputs:
        bench.fault("La table n'a pas de colonne de résultat. Ajoutez-en une.", "table")


def _decide(table: _Compiled, scope: Scope, evaluation: Evaluation) -> Value:
    values = _inputs(table, scope, evaluation)
    tried: list[dict[str, Value]] = []
    matched = _matching(table, values, scope, evaluation, tried)
    results = [_outputs(table, line, scope, evaluation) for line in matched]
    defaulted = not matched and any(o.default for o in table.outputs)
    value = _defaults(table, scope, evaluation) if defaulted else _apply(table, matched, results, evaluation)
    evaluation.tables.append(
        {
            "id": table.node.id,
            "policy": f"{table.node.policy} {table.node.aggregation}".strip(),
            "inputs": [{"label": c.label, "value": kept(v)} for c, v in zip(table.columns, values, strict=True)],
            "rules": tried,
            "matched": [{"id": line.rule.id, "line": line.rule.line} for line in matched],
            "default": defaulted,
            "outputs": kept(value),
        }
        | ({"annotations": [list(line.rule.annotations) for line in matched]} if any(line.rule.annotations for line in matched) else {})
    )
    return value


def _inputs(table: _Compiled, scope: Scope, evaluation: Evaluation) -> list[Value]:
    """The value of each input, evaluated once; null with its reason when it is not of its type or among its allowed values."""
    values: list[Value] = []
    for column in table.columns:
        value = converted(column.evaluate(scope, evaluation), column.type, f"L'entrée « {column.label} »", evaluation)
        if value is not None and column.allowed is not None and column.allowed.test(value, scope, evaluation.now) is not True:
            evaluation.note(f"L'entrée « {column.label} » n'est pas une valeur permise par la table.")
            value = None
        values.append(value)
    return values


def _matching(table: _Compiled, values: list[Value], scope: Scope, evaluation: Evaluation, tried: list[dict[str, Value]]) -> list[_Line]:
    """The rules that match, in the order of the table; each rule tried is noted with the column that refused it."""
    only_first = table.node.policy == "FIRST"
    known: list[list[bool | None]] = [[None] * len(column.cells) for column in table.columns]
    matched: list[_Line] = []
    now = evaluation.now
    for line in table.lines:
        failed = -1
        for column, cell in line.tests:
            answer = known[column][cell]
            if answer is None:
                tests = table.columns[column].cells[cell]
                answer = known[column][cell] = tests is not None and tests.test(values[column], scope, now) is True
            if not answer:
                failed = column
                break
        if failed < 0:
            matched.append(line)
            tried.append({"id": line.rule.id, "line": line.rule.line, "matched": True})
            if only_first:
                break
        else:
            tried.append({"id": line.rule.id, "line": line.rule.line, "matched": False, "refused_by": table.columns[failed].label})
    return matched


def _outputs(table: _Compiled, line: _Line, scope: Scope, evaluation: Evaluation) -> list[Value]:
    values = []
    for output, evaluate in zip(table.outputs, line.outputs, strict=True):
        values.append(
            _checked(output, evaluate(scope, evaluation), f"Ligne {line.rule.line}, résultat « {output.label} »", scope, evaluation)
        )
    return values


def _checked(output: _Output, value: Value, what: str, scope: Scope, evaluation: Evaluation) -> Value:
    value = converted(value, output.type, what, evaluation)
    if value is not None and output.allowed is not None and output.allowed.test(value, scope, evaluation.now) is not True:
        return evaluation.note(f"{what} : la valeur n'est pas dans la liste des valeurs de résultat.")
    return value


def _defaults(table: _Compiled, scope: Scope, evaluation: Evaluation) -> Value:
    values = [
        None if o.default is None else _checked(o, o.default(scope, evaluation), f"Valeur par défaut « {o.label} »", scope, evaluation)
        for o in table.outputs
    ]
    return _shaped(table, values)


def _shaped(table: _Compiled, values: list[Value]) -> Value:
    """One output gives its value, several give a context (8.3.1)."""
    if len(values) == 1:
        return values[0]
    return {output.name: value for output, value in zip(table.outputs, values, strict=True)}


def _apply(table: _Compiled, matched: list[_Line], results: list[list[Value]], evaluation: Evaluation) -> Value:
    """What the hit policy makes of the results (8.2.8)."""
    policy = table.node.policy
    if policy in {"PRIORITY", "OUTPUT ORDER"}:
        if len(results) > 1 and not any(o.ranked for o in table.outputs):
            return evaluation.note(
                f"La politique {policy} n'a pas de liste ordonnée de valeurs de résultat : rien ne dit laquelle passe avant."
            )
        results = _by_priority(table, results, evaluation)
    shaped = [_shaped(table, values) for values in results]
    if policy == "COLLECT":
        return _collect(table, shaped, evaluation)
    if policy in {"RULE ORDER", "OUTPUT ORDER"}:
        return shaped
    if not shaped:
        return None
    if policy == "UNIQUE" and len(shaped) > 1:
        return evaluation.note(f"Les règles {_lines(matched)} conviennent ensemble, alors que la table est UNIQUE.")
    if policy == "ANY" and any(value != shaped[0] for value in shaped[1:]):
        return evaluation.note(
            f"Les règles {_lines(matched)} conviennent ensemble et leurs résultats diffèrent, alors que la table est ANY."
        )
    return shaped[0]


def _lines(matched: list[_Line]) -> str:
    return ", ".join(str(line.rule.line) for line in matched)


def _by_priority(table: _Compiled, results: list[list[Value]], evaluation: Evaluation) -> list[list[Value]]:
    """Decreasing priority: the order of the output values, first column first; rules of equal priority stay in the order of the table."""

    def rank(values: list[Value]) -> list[int]:
        return [
            next((place for place, tests in enumerate(o.ranked) if tests.test(v, {}, evaluation.now) is True), len(o.ranked))
            for o, v in zip(table.outputs, values, strict=True)
        ]

    return sorted(results, key=rank)


def _collect(table: _Compiled, shaped: list[Value], evaluation: Evaluation) -> Value:
    aggregation = table.node.aggregation
    if not aggregation:
        return shaped
    if aggregation == "COUNT":
        return Decimal(len(shaped))
    if len(table.outputs) > 1:
        return evaluation.note("COLLECT avec un calcul n'a de sens que pour une seule colonne de résultat.")
    if not shaped:
        return None
    value, reasons = feel.compile(f"{aggregation.lower()}(liste)").evaluate_with_reasons({"liste": shaped}, evaluation.now)
    for reason in reasons:
        evaluation.note(reason)
    return value
