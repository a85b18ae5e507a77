"""Analyses every table of a model: gaps, overlaps, rules that never match, types that disagree; exact on numbers, dates, enumerations and booleans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.decisions import elements as dmn
from server.decisions.agreement import disagreements
from server.decisions.covering import Search, bits
from server.decisions.findings import ERROR, INFORMATION, WARNING, Finding
from server.decisions.graph import Graph, Node, boxes_within
from server.decisions.sheet import Sheet, lay_out
from server.decisions.writing import as_text
from server.kernel.values import Value

MAX_PER_TABLE = 50
_KINDS = {"type": ("type", ERROR), "externe": ("external", WARNING), "table": ("table", ERROR), "expression": ("expression", ERROR)}


def analyse(graph: Graph) -> list[Finding]:
    """The findings of the elements of the file itself, in its order: texts that cannot be read, types, then tables."""
    own = [n for n in graph.nodes() if n.unit is graph.unit]
    ids = {n.id for n in own}
    findings = [Finding(_KINDS[f.kind][0], _KINDS[f.kind][1], f.element, f.name, f.message) for f in graph.faults if f.element in ids]
    for node in own:
        findings += disagreements(node)
        for table in _tables(node):
            findings += analyse_table(node, table)
    return findings


def _tables(node: Node) -> Iterator[dmn.Table]:
    element = node.element
    start = (
        element.expression if isinstance(element, dmn.Decision) else element.function if isinstance(element, dmn.KnowledgeModel) else None
    )
    for box in boxes_within(start):
        if isinstance(box, dmn.Table):
            yield box


def analyse_table(node: Node, table: dmn.Table) -> list[Finding]:
    """The gaps, overlaps and idle rules of one table."""
    if not table.rules or not table.inputs:
        return []
    sheet = lay_out(node.unit.types, table, node.needs)
    report = _Report(node, table, sheet)
    report.partial()
    report.never()
    report.gaps()
    report.overlaps()
    return report.findings[: MAX_PER_TABLE + 1]


class _Report:
    """The findings of one table as they are made."""

    def __init__(self, node: Node, table: dmn.Table, sheet: Sheet) -> None:
        self._node = node
        self._table = table
        self._sheet = sheet
        self._idle: set[int] = set()
        self.findings: list[Finding] = []

    def _add(self, kind: str, severity: str, message: str, rules: tuple[int, ...] = (), example: dict[str, Value] | None = None) -> None:
        lines = [self._table.rules[r] for r in rules]
        element = self._node.element
        self.findings.append(
            Finding(
                kind,
                severity,
                self._node.id,
                element.name,
                message,
                tuple(r.id for r in lines),
                tuple(r.line for r in lines),
                example or {},
                self._table.id,
            )
        )

    def partial(self) -> None:
        """Says which columns could not be cut into parts: about them the rest promises less."""
        for label in self._sheet.unknown:
            self._add(
                "partial", INFORMATION, f"La colonne « {label} » contient des conditions calculées : l'analyse ne les connaît pas d'avance."
            )

    def never(self) -> None:
        """Rules whose own conditions exclude each other, or that rules before (FIRST) or of higher priority always replace."""
        for rule, row in enumerate(self._sheet.upper.cells):
            if any(cell == 0 for cell in row):
                self._idle.add(rule)
                self._add(
                    "never",
                    ERROR,
                    f"La ligne {rule + 1} ne convient jamais : une de ses conditions n'admet aucune valeur possible. Corrigez-la.",
                    (rule,),
                )
            elif self._table.policy in {"FIRST", "PRIORITY"}:
                self._hidden(rule, row)

    def _hidden(self, rule: int, row: Sequence[int]) -> None:
        lower = self._sheet.lower
        stronger = (1 << rule) - 1 if self._table.policy == "FIRST" else self._sheet.stronger(rule)
        candidates = stronger & ((1 << len(lower.cells)) - 1)
        search = Search(lower, row, limit=1)
        if candidates and not search.holes(candidates) and not search.exhausted:
            self._idle.add(rule)
            why = "les lignes placées avant" if self._table.policy == "FIRST" else "les lignes de priorité plus haute"
            self._add(
                "never", WARNING, f"La ligne {rule + 1} ne sert jamais : {why} prennent tous ses cas. Retirez-la ou déplacez-la.", (rule,)
            )

    def overlaps(self) -> None:
        """Pairs of rules that match together, with an example: a fault for UNIQUE, and for ANY when results differ; for information with FIRST and
        PRIORITY, that choose one; nothing to say of the policies that want several."""
        policy, rules = self._table.policy, self._table.rules
        if policy not in {"UNIQUE", "ANY", "FIRST", "PRIORITY"}:
            return
        lower = self._sheet.lower
        for first in range(len(rules)):
            for second in bits(lower.meeting(first) >> (first + 1) << (first + 1)):
                if policy == "ANY" and self._sheet.same_results(first, second):
                    continue
                example = self._sheet.example([a & b for a, b in zip(lower.cells[first], lower.cells[second], strict=True)])
                severity = ERROR if policy in {"UNIQUE", "ANY"} else INFORMATION
                advice = " Précisez leurs conditions ou changez la politique." if severity == ERROR else ""
                told = f"Les lignes {first + 1} et {second + 1} conviennent ensemble, par exemple pour {in_words(example)}.{advice}"
                self._add("overlap", severity, told, (first, second), example)
                if len(self.findings) >= MAX_PER_TABLE:
                    self._add("partial", INFORMATION, "La suite de l'analyse n'est pas montrée : corrigez d'abord ces points.")
                    return

    def gaps(self) -> None:
        """Inputs that no rule takes, when no default result answers for them."""
        upper = self._sheet.upper
        search = Search(upper, [(1 << size) - 1 for size in upper.sizes], limit=20)
        holes = search.holes((1 << len(upper.cells)) - 1)
        defaulted = any(output.default for output in self._table.outputs)
        for hole in holes:
            example = self._sheet.example(hole)
            if defaulted:
                told = f"Aucune ligne ne convient pour {in_words(example)} : le résultat par défaut s'applique."
                self._add("gap", INFORMATION, told, example=example)
            else:
                self._add(
                    "gap",
                    WARNING,
                    f"Aucune ligne ne convient pour {in_words(example)}. Ajoutez une ligne ou un résultat par défaut.",
                    example=example,
                )
        if search.exhausted:
            self._add("partial", INFORMATION, "La table est trop entrelacée pour que tous ses trous soient cherchés.")


def in_words(example: dict[str, Value]) -> str:
    """An example input in French: « âge » = 17, « statut » = « actif »."""
    shown = {True: "oui", False: "non", None: "vide"}
    parts = []
    for label, value in example.items():
        text = f"« {value} »" if isinstance(value, str) else as_text(value) or "?"
        parts.append(f"« {label} » = {shown[value] if value is None or isinstance(value, bool) else text}")
    return ", ".join(parts)
