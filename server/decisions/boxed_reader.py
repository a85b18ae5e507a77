"""Reads the boxed expressions of chapters 8 and 10 of DMN, from tables to iterators."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from server.decisions import elements as dmn
from server.decisions.names import Names
from server.decisions.xmlfile import attribute, children, first, local, own_text, text_of
from server.kernel.errors import ModelError

POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")


def inside(element: etree._Element | None, names: Names) -> dmn.Boxed | None:
    """The boxed expression held by an element (a decision, an entry, a branch…), or None when it holds none."""
    if element is None:
        return None
    for child in children(element):
        reader = _READERS.get(local(child))
        if reader is not None:
            return reader(child, names)
    return None


def function(element: etree._Element | None, names: Names) -> dmn.Function:
    """A function definition or the encapsulated logic of a knowledge model; without logic, a function of no parameter that gives null."""
    if element is None:
        return dmn.Function("FEEL", (), None)
    return dmn.Function(
        kind=attribute(element, "kind") or "FEEL",
        parameters=tuple(_variable(p, names) for p in children(element, "formalParameter")),
        body=inside(element, names),
        id=attribute(element, "id"),
        type_ref=_type(element, names),
    )


def _type(element: etree._Element, names: Names) -> str:
    return names.type_ref(attribute(element, "typeRef"), element)


def _variable(element: etree._Element, names: Names) -> dmn.Variable:
    return dmn.Variable(attribute(element, "name"), _type(element, names))


def _literal(element: etree._Element, names: Names) -> dmn.Literal:
    return dmn.Literal(text_of(element), attribute(element, "id"), _type(element, names), attribute(element, "expressionLanguage"))


def _context(element: etree._Element, names: Names) -> dmn.Context:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = first(entry, "variable")
        entries.append(dmn.Entry(None if variable is None else _variable(variable, names), inside(entry, names)))
    return dmn.Context(tuple(entries), attribute(element, "id"), _type(element, names))


def _invocation(element: etree._Element, names: Names) -> dmn.Invocation:
    bindings = []
    for binding in children(element, "binding"):
        parameter = first(binding, "parameter")
        if parameter is not None:
            bindings.append((_variable(parameter, names), inside(binding, names)))
    return dmn.Invocation(inside(element, names), tuple(bindings), attribute(element, "id"), _type(element, names))


def _relation(element: etree._Element, names: Names) -> dmn.Relation:
    columns = tuple(_variable(c, names) for c in children(element, "column"))
    rows = tuple(tuple(_each(row, names)) for row in children(element, "row"))
    return dmn.Relation(columns, rows, attribute(element, "id"), _type(element, names))


def _each(element: etree._Element, names: Names) -> list[dmn.Boxed | None]:
    return [_READERS[local(child)](child, names) for child in children(element) if local(child) in _READERS]


def _items(element: etree._Element, names: Names) -> dmn.Items:
    return dmn.Items(tuple(_each(element, names)), attribute(element, "id"), _type(element, names))


def _conditional(element: etree._Element, names: Names) -> dmn.Conditional:
    branches = [inside(first(element, name), names) for name in ("if", "then", "else")]
    return dmn.Conditional(branches[0], branches[1], branches[2], attribute(element, "id"), _type(element, names))


def _filter(element: etree._Element, names: Names) -> dmn.Filter:
    return dmn.Filter(
        inside(first(element, "in"), names), inside(first(element, "match"), names), attribute(element, "id"), _type(element, names)
    )


def _iterator(element: etree._Element, names: Names) -> dmn.Iterator:
    return dmn.Iterator(
        kind=local(element),
        variable=attribute(element, "iteratorVariable"),
        source=inside(first(element, "in"), names),
        body=inside(first(element, "return", "satisfies"), names),
        id=attribute(element, "id"),
        type_ref=_type(element, names),
    )


def _table(element: etree._Element, names: Names) -> dmn.Table:
    policy = " ".join(attribute(element, "hitPolicy").upper().split()) or "UNIQUE"
    aggregation = attribute(element, "aggregation").upper()
    if policy not in POLICIES or aggregation not in AGGREGATIONS:
        raise ModelError(
            f"Table « {attribute(element, 'id')} » : politique de sélection inconnue « {policy} {aggregation} ». Choisissez-en une de DMN.",
            attribute(element, "id"),
            "dmn-politique",
        )
    inputs = tuple(_input_clause(e, names) for e in children(element, "input"))
    outputs = tuple(_output_clause(e, names) for e in children(element, "output"))
    return dmn.Table(
        policy=policy,
        aggregation=aggregation if policy == "COLLECT" else "",
        inputs=inputs,
        outputs=outputs,
        rules=tuple(_rule(e, line, len(inputs), len(outputs), names) for line, e in enumerate(children(element, "rule"), 1)),
        annotations=tuple(attribute(e, "name") for e in children(element, "annotation")),
        id=attribute(element, "id"),
        type_ref=_type(element, names),
    )


def _input_clause(element: etree._Element, names: Names) -> dmn.InputClause:
    expression = first(element, "inputExpression")
    text = text_of(expression)
    return dmn.InputClause(
        id=attribute(element, "id"),
        label=attribute(element, "label") or text,
        text=text,
        type_ref="" if expression is None else _type(expression, names),
        allowed=text_of(first(element, "inputValues")),
    )


def _output_clause(element: etree._Element, names: Names) -> dmn.OutputClause:
    default = first(element, "defaultOutputEntry")
    name = attribute(element, "name")
    return dmn.OutputClause(
        id=attribute(element, "id"),
        name=name,
        label=attribute(element, "label") or name,
        type_ref=_type(element, names),
        allowed=text_of(first(element, "outputValues")),
        # DMN 1.1 tools write the default as a literal expression, others as its text alone.
        default=text_of(default) or text_of(None if default is None else first(default, "literalExpression")) or own_text(default),
    )


def _rule(element: etree._Element, line: int, columns: int, results: int, names: Names) -> dmn.Rule:
    rule_id = attribute(element, "id") or f"ligne-{line}"
    inputs = tuple(text_of(e) for e in children(element, "inputEntry"))
    outputs = tuple(text_of(e) for e in children(element, "outputEntry"))
    if len(inputs) != columns or len(outputs) != results:
        raise ModelError(
            f"Règle « {rule_id} » (ligne {line}) : {len(inputs)} conditions et {len(outputs)} résultats, la table a {columns} et {results} colonnes. "
            "Complétez la ligne.",
            rule_id,
            "dmn-ligne",
        )
    annotations = tuple(text_of(e) for e in children(element, "annotationEntry"))
    types = tuple(_type(e, names) for e in children(element, "outputEntry"))
    return dmn.Rule(rule_id, line, inputs, outputs, annotations, own_text(first(element, "description")), types if any(types) else ())


_READERS: dict[str, Callable[[etree._Element, Names], dmn.Boxed]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "relation": _relation,
    "list": _items,
    "functionDefinition": function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
