"""Reads the constructions of FEEL that open with a word: if, for, some, every and function (grammar rules 43 to 47 of DMN 1.5)."""

from __future__ import annotations

from collections.abc import Callable

from server.feel.parse_types import parse_type
from server.feel.reader import Reader
from server.feel.syntax import For, FunctionBody, If, Node, Quantified, Turn, TypeNode, Unusable

Read = Callable[[Reader], Node]


def _if(reader: Reader, read: Read) -> Node:
    reader.take()
    condition = read(reader)
    reader.expect("then", "après la condition de « if »")
    yes = read(reader)
    reader.expect("else", "après la valeur de « then »")
    return If(condition, yes, read(reader))


def _turns(reader: Reader, read: Read) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    while not turns or reader.accept(","):
        name = reader.declared_name("in")
        reader.expect("in", "après la variable de la boucle")
        domain = read(reader)
        end = read(reader) if reader.accept("..") else None
        turns.append(Turn(name, domain, end))
    return tuple(turns)


def _for(reader: Reader, read: Read) -> Node:
    reader.take()
    turns = _turns(reader, read)
    reader.expect("return", "après les listes de « for »")
    return For(turns, read(reader))


def _quantified(reader: Reader, read: Read) -> Node:
    word = reader.take().text
    turns = _turns(reader, read)
    reader.expect("satisfies", f"après les listes de « {word} »")
    return Quantified(word, turns, read(reader))


def _function(reader: Reader, read: Read) -> Node:
    reader.at += 2
    names: list[str] = []
    types: list[TypeNode | None] = []
    while not reader.accept(")"):
        if names:
            reader.expect(",", "entre deux paramètres")
        names.append(reader.declared_name(":", ","))
        types.append(parse_type(reader) if reader.accept(":") else None)
    if reader.sees("external"):
        reader.take()
        read(reader)
        return FunctionBody(
            tuple(names), tuple(types), Unusable("Les fonctions externes (Java, PMML) ne sont pas appelées : elles donnent null.")
        )
    return FunctionBody(tuple(names), tuple(types), read(reader))


WORDED = {"if": _if, "for": _for, "some": _quantified, "every": _quantified, "function": _function}
