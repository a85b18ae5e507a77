"""Reads the types of FEEL: `list<number>`, `context<a: string>`, `function<date> -> number`, `date and time`, `tPersonne`."""

from __future__ import annotations

from server.feel.reader import Reader
from server.feel.syntax import TypeNode

_LONG = {
    ("date", "and", "time"): "date and time",
    ("days", "and", "time", "duration"): "days and time duration",
    ("years", "and", "months", "duration"): "years and months duration",
    ("day", "time", "duration"): "days and time duration",
    ("year", "month", "duration"): "years and months duration",
}
_ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "Any": "Any",
    "Null": "Null",
}


def parse_type(reader: Reader) -> TypeNode:
    """The type under the cursor (grammar rules 52 to 54 of DMN 1.5)."""
    reader.deeper()
    token = reader.token
    if token.kind != "word":
        reader.fail("un type est attendu (number, string, list<…>, …)")
    if token.text in {"list", "range"} and reader.ahead().text == "<":
        found = _one_argument(reader)
    elif token.text == "context" and reader.ahead().text == "<":
        found = _context(reader)
    elif token.text == "function" and reader.ahead().text == "<":
        found = _function(reader)
    else:
        found = TypeNode(_simple(reader))
    reader.depth -= 1
    return found


def _simple(reader: Reader) -> str:
    for words, name in _LONG.items():
        if all(reader.ahead(i).text == word for i, word in enumerate(words)):
            reader.at += len(words)
            return name
    parts = [reader.name()]
    while reader.sees(".") and reader.ahead().kind == "word":
        reader.take()
        parts.append(reader.name())
    name = ".".join(parts)
    return _ALIASES.get(name, name)


def _one_argument(reader: Reader) -> TypeNode:
    name = reader.take().text
    reader.expect("<", f"après {name}")
    inner = parse_type(reader)
    reader.expect(">", f"à la fin du type {name}<…>")
    return TypeNode(name, (inner,))


def _context(reader: Reader) -> TypeNode:
    reader.at += 2
    keys: list[str] = []
    types: list[TypeNode] = []
    while not reader.accept(">"):
        if keys:
            reader.expect(",", "entre deux entrées du type context<…>")
        keys.append(reader.declared_name(":"))
        reader.expect(":", "après le nom d'une entrée de context<…>")
        types.append(parse_type(reader))
    return TypeNode("context", tuple(types), tuple(keys))


def _function(reader: Reader) -> TypeNode:
    reader.at += 2
    types: list[TypeNode] = []
    while not reader.accept(">"):
        if types:
            reader.expect(",", "entre deux paramètres du type function<…>")
        types.append(parse_type(reader))
    reader.expect("->", "après les paramètres du type function<…>")
    types.append(parse_type(reader))
    return TypeNode("function", tuple(types))
