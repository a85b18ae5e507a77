"""Says in words which lines of a decision table were tried, which one was taken, and why the others were not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class RuleWords:
    """One line of the table: its number (from 1), what it read, whether it was taken, and what refused it."""

    line: int
    words: str
    hit: bool
    why: str


@dataclass(frozen=True)
class DecisionWords:
    """One decision as taken: its name, its lines, the values it read and its result."""

    name: str
    rules: tuple[RuleWords, ...]
    inputs: tuple[tuple[str, str], ...]
    result: str


def decision_words(trace: Mapping[str, Any]) -> DecisionWords:
    """The decision that a trace of `server.decisions` tells, in French; a decision without a table has no line."""
    own = (trace.get("steps") or [{}])[-1]
    tables = own.get("tables") or []
    inputs = tuple((str(i.get("label") or "entrée"), value_words(i.get("value"))) for table in tables for i in table.get("inputs", ()))
    rules = tuple(rule for table in tables for rule in _rules(table))
    name = str(trace.get("decision") or trace.get("id") or "")
    return DecisionWords(name, rules, inputs, value_words(trace.get("value")))


def _rules(table: Mapping[str, Any]) -> Iterator[RuleWords]:
    read = ", ".join(f"{i.get('label') or 'entrée'} : {value_words(i.get('value'))}" for i in table.get("inputs", ()))
    taken = {str(m.get("id")) for m in table.get("matched", ())}
    for rule in table.get("rules", ()):
        hit = str(rule.get("id")) in taken
        refused = str(rule.get("refused_by") or "")
        why = "" if hit or rule.get("matched") else f"Refusée par « {refused} »" if refused else "Non examinée"
        yield RuleWords(int(rule.get("line") or 0), read if hit else refused, hit, why)


def value_words(value: Any) -> str:
    """A FEEL value as a person reads it: oui, non, 12,5, 05/01/2026, vide."""
    if value is None:
        return "vide"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal | int):
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Mapping):
        return ", ".join(f"{name} : {value_words(inner)}" for name, inner in value.items()) or "vide"
    if isinstance(value, list | tuple):
        return ", ".join(value_words(inner) for inner in value) or "vide"
    return str(value)
