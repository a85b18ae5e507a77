"""Expressions and unary tests ready to run: parsed and compiled once, kept, run many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from server.feel.compiler import build
from server.feel.parser import parse_expression, parse_unary_tests
from server.feel.reader import hidden_names
from server.feel.registry import BUILTINS
from server.feel.run import Closure, Frame, Run
from server.feel.scanner import scan
from server.feel.syntax import Node, Tests
from server.feel.walking import names_read, warnings_of
from server.kernel.errors import TooMuch
from server.kernel.values import Value

_TOO_DEEP = "Expression trop imbriquée. Découpez-la en plusieurs décisions."
Tree = TypeVar("Tree")


class Expression:
    """A FEEL expression. `names`: free names it reads, dotted (`dossier.referent`); `filter_names`: those met inside a filter;
    `warnings`: what is certainly wrong in it, though it can be read."""

    __slots__ = ("_closure", "_doubtful", "_known", "filter_names", "names", "text", "tree", "warnings")

    def __init__(self, text: str, known: frozenset[str] = frozenset()) -> None:
        self.text = text
        self._known = known
        self.tree: Node = _parsed(parse_expression, text, known)
        self._closure = _compiled(self.tree)
        self._doubtful = _may_hide_names(text)
        self.names, self.filter_names = _free_names(self.tree)
        self.warnings = warnings_of(self.tree)

    def evaluate(self, scope: Mapping[str, Value], now: datetime) -> Value:
        """The value with these variables at that time (aware); null where FEEL has no value. Raises TooMuch beyond the bounds."""
        return self._run(scope, Run(now))

    def evaluate_with_reasons(self, scope: Mapping[str, Value], now: datetime) -> tuple[Value, list[str]]:
        """The value, and French sentences telling why something in it is null."""
        reasons: list[str] = []
        return self._run(scope, Run(now, reasons)), reasons

    def _run(self, scope: Mapping[str, Value], run: Run) -> Value:
        if self._doubtful:
            hidden = hidden_names(scope)
            if not hidden <= self._known:
                return compile(self.text, self._known | hidden)._run(scope, run)  # noqa: SLF001 - same class
        return _guarded(self._closure, Frame(scope, None, run))


class UnaryTests:
    """The tests of a table cell. `names` as for an expression, without `?`."""

    __slots__ = ("_closure", "_doubtful", "_known", "filter_names", "names", "text", "tree", "warnings")

    def __init__(self, text: str, known: frozenset[str] = frozenset()) -> None:
        self.text = text
        self._known = known
        self.tree: Tests = _parsed(parse_unary_tests, text, known)
        self._closure = _compiled(self.tree)
        self._doubtful = _may_hide_names(text)
        self.names, self.filter_names = _free_names(self.tree)
        self.warnings = warnings_of(self.tree)

    def test(self, value: Value, scope: Mapping[str, Value], now: datetime) -> bool | None:
        """True, false or null: does the input value pass? Raises TooMuch beyond the bounds."""
        return self._run(value, scope, Run(now))

    def test_with_reasons(self, value: Value, scope: Mapping[str, Value], now: datetime) -> tuple[bool | None, list[str]]:
        """The verdict, and French sentences telling why something in it is null."""
        reasons: list[str] = []
        return self._run(value, scope, Run(now, reasons)), reasons

    def _run(self, value: Value, scope: Mapping[str, Value], run: Run) -> bool | None:
        if self._doubtful:
            hidden = hidden_names(scope)
            if not hidden <= self._known:
                return compile_unary(self.text, self._known | hidden)._run(value, scope, run)  # noqa: SLF001 - same class
        found = _guarded(self._closure, Frame({"?": value}, Frame(scope, None, run), run))
        return found if type(found) is bool else None


@lru_cache(maxsize=8192)
def compile(text: str, names: frozenset[str] = frozenset()) -> Expression:  # noqa: A001 - the door's name, always said feel.compile
    """The expression, kept for the next time. `names`: known names holding signs or key words (`a-b`, `date and place`), of variables and
    of entries; those of the scope are found by themselves. Raises ModelError (French, with the column) or TooMuch."""
    return Expression(text, names)


@lru_cache(maxsize=8192)
def compile_unary(text: str, names: frozenset[str] = frozenset()) -> UnaryTests:
    """The unary tests of a table cell, kept for the next time. Raises ModelError (French, with the column) or TooMuch."""
    return UnaryTests(text, names)


def _parsed(parse: Callable[[str, frozenset[str]], Tree], text: str, known: frozenset[str]) -> Tree:
    try:
        return parse(text, known)
    except RecursionError:
        raise TooMuch(_TOO_DEEP) from None


def _compiled(tree: Node) -> Closure:
    try:
        return build(tree)
    except RecursionError:
        raise TooMuch(_TOO_DEEP) from None


def _guarded(closure: Callable[[Frame], Value], frame: Frame) -> Value:
    try:
        return closure(frame)
    except RecursionError:
        raise TooMuch(_TOO_DEEP) from None


def _free_names(tree: Node) -> tuple[frozenset[str], frozenset[str]]:
    sure, perhaps = names_read(tree)
    return frozenset(n for n in sure if n not in BUILTINS), frozenset(n for n in perhaps if n not in BUILTINS)


_SIGNS = frozenset({"-", "+", "*", "/", "**"})
_KEY_WORDS = frozenset(
    {"then", "else", "return", "satisfies", "in", "and", "or", "between", "instance", "if", "for", "some", "every", "not", "function"}
)


def _may_hide_names(text: str) -> bool:
    """True when a word is followed by a sign or key word that a name of the scope could hold."""
    tokens = scan(text)
    return any(
        first.kind == "word"
        and ((second.kind == "sign" and second.text in _SIGNS) or (second.kind == "word" and second.text in _KEY_WORDS))
        for first, second in pairwise(tokens)
    )
