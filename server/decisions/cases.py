"""Runs the cases written beside a table, `<name>.cases.csv`, and says which rules they crossed.

The first line names the columns, separated by commas or semicolons. A column is an input, by its name or by the label of its column in the table;
`=>` and a name is an expected result, by the name or label of the output (`=>` alone when there is one); `=>règle` the expected rules, by id or by
line, separated by spaces; `décision` the decision asked for, when the file has several; `cas` a title. A line that starts with # is left out.
A cell is read by the declared type: 12.5, true or oui, 2026-01-31, P1M, text as it is; empty is null; after `=`, it is FEEL.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server import feel
from server.decisions import elements as dmn
from server.decisions.graph import boxes_within
from server.decisions.model import Model, Outcome
from server.decisions.writing import as_text
from server.kernel.errors import BadInput, ModelError, TooMuch
from server.kernel.values import Value

REFERENCE_TIME = datetime(2026, 1, 1, 12, tzinfo=UTC)
MAX_CASES = 20_000
_WORDS = {"oui": True, "true": True, "vrai": True, "non": False, "false": False, "faux": False}
_RULE = ("=>règle", "=>regle", "=>rule")
_DECISION = ("décision", "decision")
_TITLE = ("cas", "case", "titre")


@dataclass(frozen=True)
class CaseResult:
    """One line run. `line` counts from 1 in the file; `problem` is "" when it gave what was expected, else a French sentence."""

    line: int
    title: str
    problem: str
    outcome: Outcome | None = None


@dataclass(frozen=True)
class CasesReport:
    """All lines run, and the rules of the tables of the model: (id of table, id of rule)."""

    results: tuple[CaseResult, ...]
    rules: frozenset[tuple[str, str]]
    crossed: frozenset[tuple[str, str]]

    @property
    def failures(self) -> tuple[CaseResult, ...]:
        """The lines that did not give what was expected."""
        return tuple(r for r in self.results if r.problem)

    @property
    def missed(self) -> tuple[tuple[str, str], ...]:
        """The rules that no case crossed."""
        return tuple(sorted(self.rules - self.crossed))

    @property
    def coverage(self) -> float:
        """Percent of the rules that a case crossed."""
        return 100.0 * len(self.rules & self.crossed) / len(self.rules) if self.rules else 100.0


def run_cases(model: Model, csv_text: str, now: datetime = REFERENCE_TIME) -> CasesReport:
    """Runs every line. Raises BadInput when the first line cannot be used (unknown decision, no expected column)."""
    rows = _rows(csv_text)
    head = next(rows, None)
    if head is None or not any(name.startswith("=>") for name in head[1]):
        raise BadInput("Fichier de cas illisible : la première ligne doit nommer les colonnes, dont une au moins commence par « => ».")
    results = tuple(_run(model, head[1], line, row, now) for line, row in rows)
    crossed = {
        (table["id"], rule["id"])
        for r in results
        if r.outcome
        for step in r.outcome.trace["steps"]
        for table in step["tables"]
        for rule in table["matched"]
    }
    return CasesReport(results, frozenset(_rules(model)), frozenset(crossed))


def _rows(csv_text: str) -> Iterator[tuple[int, list[str]]]:
    text = csv_text.lstrip("\ufeff")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    for count, row in enumerate(csv.reader(text.splitlines(), delimiter=separator), 1):
        if count > MAX_CASES:
            raise BadInput(f"Trop de cas : {MAX_CASES} lignes au plus.")
        if any(row) and not row[0].startswith("#"):
            yield count, [cell.strip() for cell in row]


def _rules(model: Model) -> Iterator[tuple[str, str]]:
    d = model.definitions
    for start in (*(e.expression for e in d.decisions), *(m.function for m in d.models)):
        for box in boxes_within(start):
            if isinstance(box, dmn.Table):
                yield from ((box.id, rule.id) for rule in box.rules)


def _run(model: Model, head: list[str], line: int, row: list[str], now: datetime) -> CaseResult:
    cells = dict(zip(head, row, strict=False))
    title = next((cells[name] for name in head if name.lower() in _TITLE and cells.get(name)), f"ligne {line}")
    try:
        asked = next((cells[name] for name in head if name.lower() in _DECISION and cells.get(name)), "") or _main_decision(model)
        tables = _tables(model, asked)
        inputs = {
            _input_name(name, tables): _cell(text)
            for name, text in cells.items()
            if not name.startswith("=>") and name.lower() not in (*_DECISION, *_TITLE) and name
        }
        outcome = model.decide(asked, model.read_inputs(asked, _typed(inputs, tables), now), now)
        problems = [p for name, text in cells.items() if name.startswith("=>") for p in [_problem(name, text, outcome, tables)] if p]
    except (BadInput, ModelError) as error:
        return CaseResult(line, title, str(error))
    return CaseResult(line, title, " ".join(problems), outcome)


def _main_decision(model: Model) -> str:
    decisions = model.decisions
    required = {href.rpartition("#")[2] for d in decisions for href in d.requires}
    tops = [d for d in decisions if d.id not in required]
    if len(tops) != 1:
        raise BadInput("Le modèle a plusieurs décisions : ajoutez une colonne « décision » aux cas.")
    return tops[0].id or tops[0].name


def _tables(model: Model, asked: str) -> list[dmn.Table]:
    """The tables of the model, those of the decision asked for first."""
    ordered = sorted(model.decisions, key=lambda d: asked not in {d.id, d.name})
    return [box for d in ordered for box in boxes_within(d.expression) if isinstance(box, dmn.Table)]


def _input_name(column: str, tables: list[dmn.Table]) -> str:
    """A column named by the label of a table's input stands for the variable that input reads."""
    return next((c.text for t in tables for c in t.inputs if c.label == column and c.text != column), column)


def _cell(text: str) -> Any:
    if not text:
        return None
    if text.startswith("="):
        return feel.compile(text[1:]).evaluate({}, REFERENCE_TIME)
    return text


def _typed(inputs: Mapping[str, Any], tables: list[dmn.Table]) -> dict[str, Any]:
    """Words for yes and no in the columns the tables declare boolean."""
    booleans = {c.text for t in tables for c in t.inputs if c.type_ref == "boolean"}
    return {
        name: _WORDS.get(value.lower(), value) if name in booleans and isinstance(value, str) else value for name, value in inputs.items()
    }


def _problem(name: str, text: str, outcome: Outcome, tables: list[dmn.Table]) -> str:
    if name.lower() in _RULE:
        return _rule_problem(text, outcome)
    key = _output_name(name[2:].strip(), tables)
    value = outcome.value
    if isinstance(value, dict) and key:
        value = value.get(key)
    if _same(text, value):
        return ""
    return f"« {key or 'résultat'} » : attendu {text or 'vide'}, obtenu {as_text(value) or 'vide'}."


def _rule_problem(text: str, outcome: Outcome) -> str:
    steps = outcome.trace["steps"]
    matched = [rule for table in (steps[-1]["tables"] if steps else []) for rule in table["matched"]]
    wanted = text.replace(",", " ").split()
    found = [str(r["line"]) if all(w.isdigit() for w in wanted) else r["id"] for r in matched]
    return "" if sorted(found) == sorted(wanted) else f"Règles : attendu {text or 'aucune'}, obtenu {' '.join(found) or 'aucune'}."


def _output_name(wanted: str, tables: list[dmn.Table]) -> str:
    return next((o.name for t in tables for o in t.outputs if wanted in {o.label, o.name} and o.name), wanted)


def _same(text: str, value: Value) -> bool:
    """True when the cell says this value: as FEEL after `=`, else as a word, a number, or the text of the value."""
    if not text:
        return value is None
    if text.startswith("="):
        return bool(feel.compile(text[1:]).evaluate({}, REFERENCE_TIME) == value)
    if isinstance(value, bool):
        return _WORDS.get(text.lower()) is value
    if feel.kind_of(value) == "number":
        try:
            return bool(feel.compile("number(texte)").evaluate({"texte": text}, REFERENCE_TIME) == value)
        except TooMuch:
            return False
    return as_text(value) == text
