"""Runs the cases written beside the decision tables of a package."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from server import decisions
from server.catalog import Package
from server.catalog.xmlfile import local, read_xml, text_in
from server.kernel.errors import BadInput, JalonError

# Names that the files of cases may use beside those of server.decisions.
MOST_SHEETS = 60
RULES = "=>règle"
DECISION = ("décision", "decision")
SYNONYMS = {"regle": RULES, "règle": RULES, "=>regle": RULES, "=> règle": RULES, "=> regle": RULES, "note": "cas"}


@dataclass(frozen=True)
class CasesRun:
    """The cases of one table: what failed, as French sentences, and the rules that some case crossed or none did, by (table, rule) ids."""

    file: str
    table: str
    lines: int
    problems: tuple[str, ...]
    rules: frozenset[tuple[str, str]] = frozenset()
    crossed: frozenset[tuple[str, str]] = frozenset()


def run_tables(package: Package) -> list[CasesRun]:
    """The cases of every table of the package; a table without a file of cases has none. Never raises for what the files hold."""
    found = []
    for name in sorted(n for n in package.files if n.startswith("decisions/") and n.endswith(".dmn")):
        cases = f"{name.removesuffix('.dmn')}.cases.csv"
        found.append(_run(package, name, cases))
    return found


def _run(package: Package, name: str, cases: str) -> CasesRun:
    others = {n.removeprefix("decisions/"): c for n, c in package.files.items() if n.endswith(".dmn") and n != name}
    try:
        model = decisions.load(package.files[name], others)
        text = package.files[cases].decode() if cases in package.files else "=>\n"
        reports = [decisions.run_cases(model, sheet) for sheet in rewritten(text, _texts_of(package.files[name], name))]
    except (JalonError, UnicodeDecodeError, csv.Error) as error:
        return CasesRun(cases, name, 0, (f"{cases} : {error}",))
    failures = sorted((f for r in reports for f in r.failures), key=lambda f: f.line)
    problems = tuple(f"{cases}, ligne {f.line} ({f.title}) : {f.problem}" for f in failures)
    crossed = frozenset(rule for r in reports for rule in r.crossed)
    return CasesRun(cases, name, sum(len(r.results) for r in reports), problems, reports[0].rules, crossed)


def rewritten(text: str, texts: frozenset[str] = frozenset()) -> list[str]:
    """The same cases as server.decisions reads them: its heads, cells as FEEL, columns such as `dossier.foyer` gathered in one context `dossier`.

    `texts`: the columns that a table declares as texts. An empty cell of rules, or of an output in a file about several decisions, is not checked: the lines
    come back in as many files as there are sets of checked columns, each line at its own number.
    """
    text = text.lstrip("\ufeff")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    rows = list(csv.reader(text.splitlines(), delimiter=separator))
    heads = [SYNONYMS.get(h.strip(), h.strip()) for h in rows[0]] if rows else []
    sheet = _Sheet(heads, texts)
    lines = {number: row for number, row in enumerate(rows) if number and any(row) and not row[0].startswith("#")}
    patterns = list(dict.fromkeys(sheet.unchecked(row) for row in lines.values())) or [frozenset()]
    if len(patterns) > MOST_SHEETS:
        raise BadInput("Trop de façons de laisser des résultats vides : remplissez les mêmes colonnes d'une ligne à l'autre.")
    return [_written(sheet, left_out, rows, lines, separator) for left_out in patterns]


def _written(sheet: _Sheet, left_out: frozenset[int], rows: list[list[str]], lines: Mapping[int, list[str]], separator: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(sheet.heads(left_out))
    for number in range(1, len(rows)):
        row = lines.get(number)
        # Lines of another file stay as comments, so that the numbers of lines do not move.
        writer.writerow(sheet.cells(row, left_out) if row is not None and sheet.unchecked(row) == left_out else ["#"])
    return out.getvalue()


class _Sheet:
    """The columns of a file of cases, and how each is written for server.decisions."""

    def __init__(self, heads: list[str], texts: frozenset[str]) -> None:
        self.given, self.texts = heads, texts
        self.dotted = {n for n, head in enumerate(heads) if "." in head and not head.startswith("=>")}
        self.roots = list(dict.fromkeys(heads[n].partition(".")[0] for n in sorted(self.dotted)))
        self.several = any(head in DECISION for head in heads)

    def unchecked(self, row: list[str]) -> frozenset[int]:
        """The columns of results that this line leaves unchecked."""
        empty = {n for n, head in enumerate(self.given) if head.startswith("=>") and not (row[n].strip() if n < len(row) else "")}
        return frozenset(n for n in empty if self.several or self.given[n] == RULES)

    def heads(self, left_out: frozenset[int]) -> list[str]:
        return [head for n, head in enumerate(self.given) if n not in self.dotted | left_out] + self.roots

    def cells(self, row: list[str], left_out: frozenset[int]) -> list[str]:
        """The cells of a line, one per head."""
        padded = [cell.strip() for cell in row] + [""] * (len(self.given) - len(row))
        plain = [self._plain(head, padded[n]) for n, head in enumerate(self.given) if n not in self.dotted | left_out]
        nested = {self.given[n]: padded[n] for n in self.dotted}
        return [*plain, *(f"= {_context(nested, root)}" for root in self.roots)]

    def _plain(self, head: str, cell: str) -> str:
        if head == RULES:
            return "" if cell == "-" else cell.replace(",", " ")
        if not cell or head.startswith("=>") or head in DECISION or head == "cas" or head in self.texts or cell.startswith("="):
            return cell
        return f"= {_literal(cell)}"


def _context(cells: Mapping[str, str], path: str) -> str:
    """The FEEL text of what lies under a path: a literal, or a context; null when every cell under it is empty."""
    if path in cells:
        return _literal(cells[path])
    keys = list(dict.fromkeys(name[len(path) + 1 :].partition(".")[0] for name in cells if name.startswith(f"{path}.")))
    inner = {key: _context(cells, f"{path}.{key}") for key in keys}
    if all(text == "null" for text in inner.values()) and "." in path:
        return "null"
    return "{" + ", ".join(f'"{key}": {text}' for key, text in inner.items()) + "}"


def _literal(text: str) -> str:
    """A cell as FEEL: a number, a date, a duration, true or false, FEEL after "=", or a text."""
    if not text:
        return "null"
    if text.startswith("="):
        return f"({text[1:]})"
    if text in ("true", "false"):
        return text
    if re.fullmatch(r"-?\d+([.,]\d+)?", text):
        return text.replace(",", ".")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return f'date("{text}")'
    if re.fullmatch(r"-?P[0-9YMDTHS.]+", text):
        return f'duration("{text}")'
    return json.dumps(text.strip('"'), ensure_ascii=False)


def _texts_of(content: bytes, name: str) -> frozenset[str]:
    """The names that the tables of a file read as texts."""
    expressions = [e for e in read_xml(content, name).iter() if local(e) == "inputExpression" and e.get("typeRef") == "string"]
    return frozenset(text_in(e) for e in expressions)
