"""Checks that declared types agree: a column with its cells, a result with its column, a table with what its decision promises."""

from __future__ import annotations

from collections.abc import Iterator

from server import feel
from server.decisions import elements as dmn
from server.decisions.cells import constant, constants
from server.decisions.findings import ERROR, WARNING, Finding
from server.decisions.graph import Node, boxes_within
from server.decisions.sheet import tests_of
from server.decisions.types import ANY, FRENCH, NO_TIME, Type, coerce
from server.kernel.errors import ModelError, TooMuch
from server.kernel.values import Value


def disagreements(node: Node) -> Iterator[Finding]:
    """The findings of kind `type` in the tables of an element, and names that nothing gives it."""
    element = node.element
    if isinstance(element, dmn.Decision):
        yield from _promised(node, element)
        yield from _unknown_names(node, element)
    start = (
        element.expression if isinstance(element, dmn.Decision) else element.function if isinstance(element, dmn.KnowledgeModel) else None
    )
    for box in boxes_within(start):
        if isinstance(box, dmn.Table):
            yield from _inputs(node, box)
            yield from _outputs(node, box)


def _finding(node: Node, table: dmn.Table | None, severity: str, message: str, rule: dmn.Rule | None = None) -> Finding:
    rules, lines = ((rule.id,), (rule.line,)) if rule else ((), ())
    return Finding("type", severity, node.id, node.element.name, message, rules, lines, {}, table.id if table else "")


def _type(node: Node, type_ref: str) -> Type:
    return node.unit.types.get(type_ref) or ANY


def _inputs(node: Node, table: dmn.Table) -> Iterator[Finding]:
    needs = {n.name: n for n in node.needs}
    for place, clause in enumerate(table.inputs):
        declared = _type(node, clause.type_ref)
        required = needs[clause.text].type if clause.text in needs else ANY
        if "Any" not in {declared.kind, required.kind} and declared.kind != required.kind:
            yield _finding(
                node,
                table,
                ERROR,
                f"La colonne « {clause.label} » attend {_french(declared)}, mais « {clause.text} » est {_french(required)}. Accordez-les.",
            )
        wanted = required if declared.kind == "Any" else declared
        yield from _cells(node, table, place, wanted)


def _cells(node: Node, table: dmn.Table, place: int, wanted: Type) -> Iterator[Finding]:
    label = table.inputs[place].label
    first_kind = ""
    for rule in table.rules:
        tests = tests_of(rule.inputs[place])
        kinds = {feel.kind_of(v) for v in (constants(tests) if tests else None) or [] if v is not None}
        for kind in sorted(kinds):
            if wanted.kind not in {"Any", "list", kind} and not (wanted.kind == "date and time" and kind == "date"):
                yield _finding(
                    node,
                    table,
                    ERROR,
                    f"Ligne {rule.line} : la condition sur « {label} » compare {_french(wanted)} à {FRENCH.get(kind, kind)}.",
                    rule,
                )
            elif wanted.kind == "Any" and first_kind not in {"", kind}:
                told = f"Ligne {rule.line} : la condition sur « {label} » parle de {FRENCH.get(kind, kind)}, d'autres lignes de {FRENCH.get(first_kind)}."
                yield _finding(node, table, WARNING, told, rule)
            first_kind = first_kind or kind


def _outputs(node: Node, table: dmn.Table) -> Iterator[Finding]:
    names = [o.name for o in table.outputs]
    if len(names) > 1 and (len(set(names)) < len(names) or "" in names):
        yield _finding(node, table, ERROR, "Les colonnes de résultat doivent avoir chacune un nom, et un seul. Nommez-les.")
    for place, clause in enumerate(table.outputs):
        wanted = _type(node, clause.type_ref)
        allowed = tests_of(clause.allowed) if clause.allowed else None
        for rule in table.rules:
            known, value = _constant(rule.outputs[place])
            if not known or value is None:
                continue
            reason = coerce(value, wanted, NO_TIME)[1]
            if not reason and allowed is not None and allowed.test(value, {}, NO_TIME) is not True:
                reason = f"la valeur n'est pas dans la liste de la colonne ({clause.allowed})"
            if reason:
                yield _finding(
                    node,
                    table,
                    ERROR,
                    f"Ligne {rule.line}, résultat « {clause.label} » : {reason}. Corrigez la cellule ou la colonne.",
                    rule,
                )


def _constant(text: str) -> tuple[bool, Value]:
    try:
        return constant(feel.compile(text).tree) if text else (False, None)
    except (ModelError, TooMuch):
        return False, None


def _promised(node: Node, decision: dmn.Decision) -> Iterator[Finding]:
    """A table of one result and its decision must name the same kind of value."""
    table = decision.expression
    if not isinstance(table, dmn.Table) or len(table.outputs) != 1:
        return
    given, wanted = _type(node, table.outputs[0].type_ref), node.type
    many = table.policy in {"RULE ORDER", "OUTPUT ORDER"} or (table.policy == "COLLECT" and not table.aggregation)
    if many or table.aggregation == "COUNT" or "Any" in {given.kind, wanted.kind}:
        return
    if given.kind != wanted.kind and wanted.kind != "list":
        yield _finding(
            node, table, ERROR, f"La décision promet {_french(wanted)}, sa table donne {_french(given)}. Accordez les deux types."
        )


def _unknown_names(node: Node, decision: dmn.Decision) -> Iterator[Finding]:
    """Names read that no requirement gives, in decisions drawn with requirements (a table alone reads its variables directly)."""
    if not decision.requires:
        return
    known = {n.name for n in node.needs} | {n.element.name for n in node.needs} | {n.id for n in node.needs}
    known |= {node.unit.path_to(n.unit)[0] for n in node.needs if n.unit is not node.unit and node.unit.path_to(n.unit)}
    texts: list[str] = []
    if isinstance(decision.expression, dmn.Literal):
        texts = [decision.expression.text]
    elif isinstance(decision.expression, dmn.Table):
        texts = [c.text for c in decision.expression.inputs]
    for text in texts:
        try:
            read = feel.compile(text, node.names).names if text else frozenset()
        except (ModelError, TooMuch):
            continue
        for name in sorted(read):
            if not any(name == k or name.startswith(k + ".") for k in known) and name.partition(".")[0] not in node.base:
                yield _finding(
                    node, None, WARNING, f"« {name} » n'est donné par aucune flèche de la décision. Ajoutez l'exigence, ou corrigez le nom."
                )


def _french(kind: Type) -> str:
    return FRENCH.get(kind.kind, kind.kind)
