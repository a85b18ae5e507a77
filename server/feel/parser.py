"""Reads FEEL text into its tree by descent (see docs/adr/0003-feel.md for why not a generated parser)."""

from __future__ import annotations

from decimal import Decimal, DecimalException

from server.feel.numbers import CONTEXT
from server.feel.parse_types import parse_type
from server.feel.parse_worded import WORDED
from server.feel.reader import Reader, at_end
from server.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Compare,
    ContextOf,
    Descendants,
    Filter,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
    RangeOf,
    Test,
    Tests,
    Unusable,
)
from server.feel.temporal_text import at_literal
from server.kernel.errors import ModelError, TooMuch

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_LEVELS = (frozenset({"+", "-"}), frozenset({"*", "/"}), frozenset({"**"}))
_CONSTANTS = {"true": True, "false": False, "null": None}
MAX_CHAIN = 200
_ALONE = frozenset({"if", "then", "else", "for", "return", "some", "every", "satisfies", "in", "and", "or", "between"})


def parse_expression(text: str, names: frozenset[str] = frozenset()) -> Node:
    """The tree of an expression. `names`: those that hold signs or key words and may be met. Raises ModelError or TooMuch, in French."""
    reader = Reader(text, names)
    if reader.token.kind == "end":
        reader.fail("une expression est attendue")
    node = _expression(reader)
    if reader.sees(","):
        # Grammar rule 3: several expressions make a list.
        items = [node]
        while reader.accept(","):
            items.append(_expression(reader))
        node = ListOf(tuple(items))
    at_end(reader)
    return node


def parse_range(text: str) -> RangeOf | None:
    """The range that range() reads: an end may be missing where the bracket is open; None when the text is no range."""
    reader = Reader(text)
    opening = reader.take().text
    low = None if reader.sees("..") else _sum(reader)
    if opening not in {"[", "(", "]"} or (low is None and opening == "[") or not reader.accept(".."):
        return None
    closing = reader.tokens[-2].text
    reader.bracket_closes = closing == "["
    high = None if reader.ahead().kind == "end" else _sum(reader)
    if reader.token.text != closing or closing not in {"]", ")", "["} or (high is None and closing == "]"):
        return None
    reader.take()
    at_end(reader)
    return RangeOf(low, high, low_in=opening == "[", high_in=closing == "]")


def parse_unary_tests(text: str, names: frozenset[str] = frozenset()) -> Tests:
    """The tree of a table cell (grammar rules 13 to 18): `-`, nothing, tests separated by commas, or not(tests)."""
    reader = Reader(text, names)
    if reader.token.kind == "end" or (reader.sees("-") and reader.ahead().kind == "end"):
        return Tests(())
    if reader.sees("not") and reader.ahead().text == "(" and _closes_last(reader):
        reader.at += 2
        tests = _positive_tests(reader)
        reader.expect(")", "à la fin de not(…)")
        at_end(reader)
        return Tests(tests, negated=True)
    if reader.sees("("):
        inside = _tests_in_parentheses(reader)
        if inside is not None and reader.token.kind == "end":
            return Tests(inside)
        reader.again(0, 0)
    tests = _positive_tests(reader)
    at_end(reader)
    return Tests(tests)


def _closes_last(reader: Reader) -> bool:
    """True when the parenthesis opened just after the cursor is closed by the last token of the text."""
    level = 0
    for token in reader.tokens[reader.at + 1 :]:
        if token.kind == "sign" and token.text in "([{":
            level += 1
        elif token.kind == "sign" and token.text in ")]}":
            level -= 1
            if token.text == ")" and level <= 0:
                return reader.tokens[-2] is token
    return False


def _positive_tests(reader: Reader) -> tuple[Node, ...]:
    tests = [_positive_test(reader)]
    while reader.accept(","):
        tests.append(_positive_test(reader))
    return tuple(tests)


def _positive_test(reader: Reader) -> Node:
    if reader.token.kind == "sign" and reader.token.text in _COMPARISONS:
        sign = reader.take().text
        return Compare(sign, Name("?"), _sum(reader))
    return Test(_expression(reader))


def _expression(reader: Reader) -> Node:
    reader.deeper()
    node = _logic(reader, "or")
    reader.depth -= 1
    return node


def _opens(reader: Reader) -> bool:
    """A key word opens its construction unless it is plainly a name here."""
    after = reader.ahead()
    if reader.token.text == "function":
        return after.text == "("
    return after.kind != "end" and not (after.kind == "sign" and after.text in {")", ",", "]", ".", "=", ":", "}"})


def _logic(reader: Reader, word: str) -> Node:
    operands = [_comparison(reader) if word == "and" else _logic(reader, "and")]
    while reader.accept(word):
        operands.append(_comparison(reader) if word == "and" else _logic(reader, "and"))
    return operands[0] if len(operands) == 1 else Logic(word, tuple(operands))


def _comparison(reader: Reader) -> Node:
    node = _sum(reader)
    for _ in range(MAX_CHAIN):
        token = reader.token
        if token.kind == "sign" and token.text in _COMPARISONS:
            reader.take()
            node = Compare(token.text, node, _sum(reader))
        elif reader.accept("between"):
            low = _sum(reader)
            reader.expect("and", "entre les deux bornes de between")
            node = Between(node, low, _sum(reader))
        elif reader.accept("in"):
            node = In(node, _in_tests(reader))
        else:
            return node
    raise TooMuch("Expression trop longue : trop de comparaisons enchaînées. Découpez-la.")


def _in_tests(reader: Reader) -> tuple[Node, ...]:
    """What follows `in`: one test, or several in parentheses (an open range also starts with a parenthesis)."""
    if reader.sees("("):
        start, depth = reader.at, reader.depth
        tests = _tests_in_parentheses(reader)
        if tests is not None:
            return tests
        reader.again(start, depth)
    if reader.token.kind == "sign" and reader.token.text in _COMPARISONS:
        return (_positive_test(reader),)
    return (Test(_sum(reader)),)


def _tests_in_parentheses(reader: Reader) -> tuple[Node, ...] | None:
    reader.take()
    try:
        reader.deeper()
        tests = _positive_tests(reader)
        reader.depth -= 1
    except ModelError:
        return None
    goes_on = reader.ahead().kind == "sign" and reader.ahead().text in {"+", "-", "*", "/", "**", "[", ".", "("}
    return tests if reader.accept(")") and not goes_on else None


def _sum(reader: Reader, level: int = 0) -> Node:
    """Arithmetic from the loosest level (+ -) to the tightest (**), each read from left to right."""
    if level == len(_LEVELS):
        return _signed(reader)
    node = _sum(reader, level + 1)
    for _ in range(MAX_CHAIN):
        token = reader.token
        if token.kind != "sign" or token.text not in _LEVELS[level]:
            return node
        reader.take()
        node = Arithmetic(token.text, node, _sum(reader, level + 1))
    raise TooMuch(f"Expression trop longue : plus de {MAX_CHAIN} opérations enchaînées. Découpez-la.")


def _signed(reader: Reader) -> Node:
    if not reader.sees("-"):
        return _typed(reader)
    reader.take()
    reader.deeper()
    operand = _signed(reader)
    reader.depth -= 1
    if isinstance(operand, Literal) and isinstance(operand.value, Decimal):
        return Literal(CONTEXT.minus(operand.value))
    return Negate(operand)


def _typed(reader: Reader) -> Node:
    node = _postfix(reader)
    while reader.sees("instance"):
        reader.take()
        reader.expect("of", "après « instance »")
        node = InstanceOf(node, parse_type(reader))
    return node


def _postfix(reader: Reader) -> Node:
    """An operand, then any run of `.key`, `[filter]` and `(arguments)`."""
    node = _operand(reader)
    for _ in range(MAX_CHAIN):
        if reader.sees("."):
            reader.take()
            node = Path(node, reader.name())
        elif reader.sees("..."):
            reader.take()
            node = Descendants(node, reader.name())
        elif reader.sees("[") and not reader.bracket_closes:
            reader.take()
            node = Filter(node, _inside(reader))
            reader.expect("]", "à la fin du filtre")
        elif reader.sees("("):
            node = _call(reader, node)
        else:
            return node
    raise TooMuch(f"Expression trop longue : plus de {MAX_CHAIN} étapes enchaînées. Découpez-la.")


def _inside(reader: Reader) -> Node:
    """An expression inside brackets, where `[` opens a filter again."""
    kept, reader.bracket_closes = reader.bracket_closes, False
    node = _expression(reader)
    reader.bracket_closes = kept
    return node


def _call(reader: Reader, function: Node) -> Node:
    reader.take()
    if reader.accept(")"):
        return Call(function, ())
    named = reader.sees_named_argument()
    names: list[str] = []
    arguments: list[Node] = []
    while True:
        if named:
            names.append(reader.declared_name(":"))
            reader.expect(":", "après le nom du paramètre")
        arguments.append(_inside(reader))
        if not reader.accept(","):
            break
    reader.expect(")", "à la fin des arguments")
    return Call(function, tuple(arguments), tuple(names) if named else None)


def _operand(reader: Reader) -> Node:
    token = reader.token
    if token.kind == "number":
        reader.take()
        return _number(reader, token.text)
    if token.kind == "string":
        reader.take()
        return Literal(token.text)
    if token.kind == "word":
        if token.text in _CONSTANTS and reader.stands_alone():
            reader.take()
            return Literal(_CONSTANTS[token.text])
        worded = WORDED.get(token.text)
        if worded is not None and _opens(reader) and not reader.sees_known_name():
            return worded(reader, _inside)
        if token.text in _ALONE and reader.ahead().kind != "word" and not reader.sees_known_name():
            reader.fail("une valeur est attendue, et ce mot est un mot-clé de FEEL")
        return Name(reader.name(), token.at)
    read = _SIGNED.get(token.text) if token.kind == "sign" else None
    if read is None:
        reader.fail("une valeur est attendue (nombre, texte entre guillemets, nom, liste…)")
    reader.deeper()
    node = read(reader)
    reader.depth -= 1
    return node


def _number(reader: Reader, text: str) -> Node:
    try:
        return Literal(CONTEXT.create_decimal(text))
    except DecimalException:
        reader.fail("ce nombre dépasse ce que FEEL sait écrire ; un nombre plus petit est attendu", reader.tokens[reader.at - 1])


def _at_literal(reader: Reader) -> Node:
    reader.take()
    token = reader.token
    if token.kind != "string":
        reader.fail('un texte est attendu après « @ », par exemple @"2026-01-31"')
    reader.take()
    value = at_literal(token.text)
    if value is None:
        return Unusable(f"@{reader.text[token.at : token.end]} n'est ni une date, ni une heure, ni une durée ISO 8601.")
    return Literal(value)


def _parenthesis(reader: Reader) -> Node:
    reader.take()
    node = _inside(reader)
    if reader.sees(".."):
        return _range_from(reader, node, low_in=False)
    reader.expect(")", "pour fermer la parenthèse")
    return node


def _half_range(reader: Reader) -> Node:
    """`< 10`, `>= a`, `= x` as a range value (grammar rule 33, range literal)."""
    sign = reader.take().text
    end = _sum(reader)
    if sign in {"<", "<="}:
        return RangeOf(None, end, low_in=False, high_in=sign == "<=")
    if sign in {">", ">="}:
        return RangeOf(end, None, low_in=sign == ">=", high_in=False)
    if sign == "=":
        return RangeOf(end, end, low_in=True, high_in=True)
    return Tests((Compare("=", Name("?"), end),), negated=True)


def _bracket(reader: Reader) -> Node:
    if reader.take().text == "]":
        node = _sum(reader)
        if not reader.sees(".."):
            reader.fail("« .. » attendu dans l'intervalle")
        return _range_from(reader, node, low_in=False)
    if reader.accept("]"):
        return ListOf(())
    items = [_inside(reader)]
    if reader.sees(".."):
        return _range_from(reader, items[0], low_in=True)
    while reader.accept(","):
        items.append(_inside(reader))
    reader.expect("]", "à la fin de la liste")
    return ListOf(tuple(items))


def _range_from(reader: Reader, low: Node, *, low_in: bool) -> Node:
    """The end of a range whose start is read. In `[1..3[` the last bracket closes; in `[1..a[1]]` it opens a filter."""
    reader.take()
    start, depth, kept = reader.at, reader.depth, reader.bracket_closes
    reader.bracket_closes = False
    high = _range_end(reader)
    if high is None or not _closes_range(reader):
        reader.again(start, depth)
        reader.bracket_closes = True
        high = _sum(reader)
    reader.bracket_closes = kept
    if not _closes_range(reader):
        reader.fail("« ] », « ) » ou « [ » attendu à la fin de l'intervalle")
    return RangeOf(low, high, low_in=low_in, high_in=reader.take().text == "]")


def _closes_range(reader: Reader) -> bool:
    return reader.token.kind == "sign" and reader.token.text in {")", "]", "["}


def _range_end(reader: Reader) -> Node | None:
    try:
        return _sum(reader)
    except ModelError:
        return None


def _context(reader: Reader) -> Node:
    reader.take()
    keys: list[str] = []
    values: list[Node] = []
    while not reader.accept("}"):
        if keys:
            reader.expect(",", "entre deux entrées du contexte")
        token = reader.token
        keys.append(reader.take().text if token.kind == "string" else reader.declared_name(":"))
        reader.expect(":", "après le nom de l'entrée")
        values.append(_inside(reader))
    return ContextOf(tuple(keys), tuple(values))


_SIGNED = {"(": _parenthesis, "[": _bracket, "]": _bracket, "{": _context, "@": _at_literal} | dict.fromkeys(_COMPARISONS, _half_range)
