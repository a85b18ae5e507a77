"""Turns the tree of an expression into Python closures, once; what runs afterwards is only these."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from server.feel.access import adopted, as_list, descendants, filtered, item_at, path
from server.feel.arithmetic import arithmetic, negate
from server.feel.calling import call, call_by_name
from server.feel.comparing import Range, compare, equals, french_kind, matches_value
from server.feel.constants import constant, constant_test
from server.feel.inferring import function_type
from server.feel.loops import build_for, build_quantified
from server.feel.registry import BUILTINS
from server.feel.run import Closure, Frame, Function, NamedType, Run
from server.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Compare,
    ContextOf,
    Descendants,
    Filter,
    For,
    FunctionBody,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
    Quantified,
    RangeOf,
    Test,
    Tests,
    Unusable,
)
from server.feel.types import conforms, converted
from server.feel.walking import reads, weight_of
from server.kernel.errors import TooMuch
from server.kernel.values import Value

MAX_NODES_DEEP = 220


def build(node: Node, depth: int = 0) -> Closure:
    """The closure of a tree. Raises TooMuch when it is nested beyond 220 levels."""
    if depth > MAX_NODES_DEEP:
        raise TooMuch(f"Expression trop imbriquée : plus de {MAX_NODES_DEEP} opérations l'une dans l'autre. Découpez-la.")
    return _BUILDERS[type(node)](node, depth + 1)


def _literal(node: Literal, _depth: int) -> Closure:
    value = node.value
    return lambda _frame: value


def _unusable(node: Unusable, _depth: int) -> Closure:
    return lambda frame: frame.run.note("{}", node.warning)


def find(frame: Frame, name: str) -> Value:
    """The value of a name: the nearest frame that has it, else the built-in function of that name."""
    around: Frame | None = frame
    while around is not None:
        if name in around.names:
            return adopted(around.names[name], frame.run)
        around = around.outer
    known = BUILTINS.get(name)
    return known if known is not None else frame.run.note("Le nom « {} » n'est pas connu ici.", name)


def find_type(frame: Frame, name: str) -> Value:
    """The declared type of that name, or None."""
    around: Frame | None = frame
    while around is not None:
        if type(around.names.get(name)) is NamedType:
            return around.names[name]
        around = around.outer
    return None


def _name(node: Name, _depth: int) -> Closure:
    name = node.name

    def read(frame: Frame) -> Value:
        names = frame.names
        if name in names:
            value = names[name]
            kind = type(value)
            return value if kind is str or kind is Decimal or kind is bool else adopted(value, frame.run)
        return find(frame, name)

    return read


def _path(node: Path, depth: int) -> Closure:
    base, key = build(node.base, depth), node.key
    return lambda frame: path(base(frame), key, frame.run)


def _descendants(node: Descendants, depth: int) -> Closure:
    base, key = build(node.base, depth), node.key
    return lambda frame: descendants(base(frame), key, frame.run)


def _filter(node: Filter, depth: int) -> Closure:
    base = build(node.base, depth)
    if isinstance(node.test, Literal) and isinstance(node.test.value, Decimal):
        index = node.test.value

        def at(frame: Frame) -> Value:
            items = as_list(base(frame))
            return frame.run.note("Une valeur absente (null) n'a pas d'éléments.") if items is None else item_at(items, index, frame.run)

        return at
    test, weight = build(node.test, depth), weight_of(node.test)

    def keep(frame: Frame) -> Value:
        items = as_list(base(frame))
        return frame.run.note("Une valeur absente (null) ne se filtre pas.") if items is None else filtered(items, test, frame, weight)

    return keep


def _call(node: Call, depth: int) -> Closure:
    known = constant(node)
    if known is not None:
        return lambda _frame: known
    function = build(node.function, depth)
    arguments = tuple(build(argument, depth) for argument in node.arguments)
    if node.names is not None:
        names = node.names
        return lambda frame: call_by_name(function(frame), names, [argument(frame) for argument in arguments], frame.run)
    if len(arguments) == 1 and node.function == Name("not", getattr(node.function, "at", 0)):
        return _not(function, arguments[0])
    return lambda frame: call(function(frame), [argument(frame) for argument in arguments], frame.run)


def _not(function: Closure, argument: Closure) -> Closure:
    builtin = BUILTINS["not"]

    def negated(frame: Frame) -> Value:
        called, value = function(frame), argument(frame)
        return not value if called is builtin and type(value) is bool else call(called, [value], frame.run)

    return negated


def _negate(node: Negate, depth: int) -> Closure:
    operand = build(node.operand, depth)
    return lambda frame: negate(operand(frame), frame.run)


def _arithmetic(node: Arithmetic, depth: int) -> Closure:
    sign, left, right = node.sign, build(node.left, depth), build(node.right, depth)
    return lambda frame: arithmetic(sign, left(frame), right(frame), frame.run)


def _compare(node: Compare, depth: int) -> Closure:
    left, right = build(node.left, depth), build(node.right, depth)
    if node.sign in {"=", "!="}:
        return _equality(left, right, node.sign)
    accepted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}[node.sign]

    def ordered(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if type(a) is Decimal and type(b) is Decimal:
            order: int | None = -1 if a < b else int(a > b)
        else:
            order = compare(a, b)
        if order is None:
            return _not_comparable(a, b, frame.run)
        return order in accepted

    return ordered


def _equality(left: Closure, right: Closure, sign: str) -> Closure:
    wanted = sign == "="

    def same(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        found = equals(a, b, frame.run)
        return _not_comparable(a, b, frame.run) if found is None else found is wanted

    return same


def _not_comparable(left: Value, right: Value, run: Run) -> None:
    if left is None or right is None:
        return run.note("Comparaison avec une valeur absente (null).")
    return run.note("{} et {} ne se comparent pas.", french_kind(left), french_kind(right))


def _logic(node: Logic, depth: int) -> Closure:
    operands = tuple(build(operand, depth) for operand in node.operands)
    decisive = node.word == "or"

    def joined(frame: Frame) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result = None
        return result

    return joined


def _between(node: Between, depth: int) -> Closure:
    value, low, high = build(node.value, depth), build(node.low, depth), build(node.high, depth)

    def within(frame: Frame) -> Value:
        found, start, end = value(frame), low(frame), high(frame)
        first, last = compare(start, found), compare(found, end)
        if first is None or last is None:
            return _not_comparable(found, end if last is None else start, frame.run)
        return first <= 0 and last <= 0

    return within


def _in(node: In, depth: int) -> Closure:
    value, tests = build(node.value, depth), build(Tests(node.tests), depth)

    def found(frame: Frame) -> Value:
        return tests(Frame({"?": value(frame)}, frame, frame.run))

    return found


def _test(node: Test, depth: int) -> Closure:
    if node.expression == Name("?", getattr(node.expression, "at", 0)):
        # `?` alone compares the input with itself.
        return lambda _frame: True
    wanted = constant(node.expression)
    if wanted is not None:
        return constant_test(wanted)
    expression = build(node.expression, depth)
    if isinstance(node.expression, RangeOf):
        return _range_test(node.expression, expression, depth)
    about_input = reads(node.expression, "?")

    def holds(frame: Frame) -> Value:
        result = expression(frame)
        if about_input and (result is None or type(result) is bool):
            return result
        return matches_value(find(frame, "?"), result, frame.run)

    return holds


def _range_test(node: RangeOf, span: Closure, depth: int) -> Closure:
    """`in` with a range as written: without one of its ends it cannot be told; in one that goes backwards there is nothing (table 55)."""
    ends = tuple(build(end, depth) for end in (node.low, node.high) if end is not None)

    def holds(frame: Frame) -> Value:
        value, found = find(frame, "?"), span(frame)
        if (found is None or found.low is None or found.high is None) and (value is None or any(end(frame) is None for end in ends)):
            return None
        return False if found is None else matches_value(value, found, frame.run)

    return holds


def _tests(node: Tests, depth: int) -> Closure:
    tests = tuple(build(test, depth) for test in node.tests)
    negated = node.negated
    if len(tests) == 1 and not negated:
        return tests[0]

    def any_holds(frame: Frame) -> Value:
        verdict: bool | None = not tests
        for test in tests:
            result = test(frame)
            if result is True:
                return not negated
            if result is not False:
                verdict = None
        return verdict is not negated if verdict is not None else None

    return any_holds


def _instance_of(node: InstanceOf, depth: int) -> Closure:
    value, wanted = build(node.value, depth), node.type

    def verdict(frame: Frame) -> Value:
        found = conforms(value(frame), wanted, lambda name: find_type(frame, name), frame.run)
        return frame.run.note("Le type « {} » n'est pas connu ici.", wanted.name) if found is None else found

    return verdict


def _if(node: If, depth: int) -> Closure:
    condition, yes, no = build(node.condition, depth), build(node.yes, depth), build(node.no, depth)
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


def _function(node: FunctionBody, depth: int) -> Closure:
    body, weight = build(node.body, depth), weight_of(node.body)
    names, types, kind = node.parameters, node.types, function_type(node)

    def make(frame: Frame) -> Value:
        def apply(run: Run, *arguments: Value) -> Value:
            run.spend(weight)
            values: dict[str, Value] = {}
            for name, wanted, value in zip(names, types, arguments, strict=True):
                fits, values[name] = converted(value, wanted, lambda kind: find_type(frame, kind), run)
                if not fits:
                    return run.note("Le paramètre « {} » n'accepte pas {}.", name, french_kind(value))
            return body(Frame(values, frame, run))

        return Function("", names, apply, wants_run=True, type=kind)

    return make


def _list(node: ListOf, depth: int) -> Closure:
    items = tuple(build(item, depth) for item in node.items)
    return lambda frame: [item(frame) for item in items]


def _context(node: ContextOf, depth: int) -> Closure:
    entries = tuple((key, build(value, depth)) for key, value in zip(node.keys, node.values, strict=True))
    if len(set(node.keys)) != len(node.keys):
        return lambda frame: frame.run.note("Un contexte a deux entrées du même nom.")

    def make(frame: Frame) -> Value:
        made: dict[str, Value] = {}
        inside = Frame(made, frame, frame.run)
        for key, value in entries:
            made[key] = value(inside)
        return made

    return make


def _range(node: RangeOf, depth: int) -> Closure:
    known = constant(node)
    if known is not None:
        return lambda _frame: known
    low = None if node.low is None else build(node.low, depth)
    high = None if node.high is None else build(node.high, depth)
    low_in, high_in = node.low_in, node.high_in

    def make(frame: Frame) -> Value:
        start, end = low and low(frame), high and high(frame)
        # A bound left out of the range may be null: `(x..3)` is then `< 3` (10.3.2.7).
        missing = (start is None and low is not None and low_in) or (end is None and high is not None and high_in)
        if missing or (start is None and end is None):
            return frame.run.note("Une borne de l'intervalle est absente (null).")
        order = compare(start, end) if start is not None and end is not None else 0
        if order is None:
            return frame.run.note(
                "Un intervalle va entre deux valeurs de même type, pas entre {} et {}.", french_kind(start), french_kind(end)
            )
        if order > 0:
            return frame.run.note("Un intervalle va de la plus petite borne à la plus grande.")
        return Range(start, end, low_in and start is not None, high_in and end is not None)

    return make


_BUILDERS: dict[type, Callable[[Any, int], Closure]] = {
    Literal: _literal,
    Unusable: _unusable,
    Name: _name,
    Path: _path,
    Descendants: _descendants,
    Filter: _filter,
    Call: _call,
    Negate: _negate,
    Arithmetic: _arithmetic,
    Compare: _compare,
    Logic: _logic,
    Between: _between,
    In: _in,
    Test: _test,
    Tests: _tests,
    InstanceOf: _instance_of,
    If: _if,
    For: lambda node, depth: build_for(node, depth, build),
    Quantified: lambda node, depth: build_quantified(node, depth, build),
    FunctionBody: _function,
    ListOf: _list,
    ContextOf: _context,
    RangeOf: _range,
}
