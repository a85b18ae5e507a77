"""Finds what a set of rules leaves uncovered in a grid of atoms: rules are boxes, one set of atoms per column, held as bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_STEPS = 60_000
MAX_HOLES = 50


@dataclass(frozen=True)
class Grid:
    """Columns of atoms and rules. `sizes[c]`: number of atoms; `cells[r][c]`: atoms of rule r in column c, as bits."""

    sizes: Sequence[int]
    cells: Sequence[Sequence[int]]
    # by_atom[c][a]: the rules, as bits, whose cell in column c holds atom a.
    by_atom: list[list[int]] = field(default_factory=list)
    known: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for column, size in enumerate(self.sizes):
            rules_of: dict[int, int] = {}
            for rule, row in enumerate(self.cells):
                rules_of[row[column]] = rules_of.get(row[column], 0) | 1 << rule
            rows = [0] * size
            for cell, rules in rules_of.items():
                for atom in bits(cell):
                    rows[atom] |= rules
            self.by_atom.append(rows)

    def meeting(self, rule: int) -> int:
        """The rules, as bits, that share at least one input with this one."""
        found = (1 << len(self.cells)) - 1
        for column, cell in enumerate(self.cells[rule]):
            if (column, cell) not in self.known:
                shared = 0
                for atom in bits(cell):
                    shared |= self.by_atom[column][atom]
                self.known[column, cell] = shared
            found &= self.known[column, cell]
        return found & ~(1 << rule)


def bits(number: int) -> list[int]:
    """The places of the bits set."""
    found = []
    while number:
        low = number & -number
        found.append(low.bit_length() - 1)
        number ^= low
    return found


@dataclass
class Search:
    """A search of holes inside a box. `exhausted` is True when it was stopped before its end."""

    grid: Grid
    box: Sequence[int]
    limit: int = MAX_HOLES
    steps: int = 0
    exhausted: bool = False

    def holes(self, rules: int) -> list[list[int]]:
        """Boxes inside the box that none of the rules (as bits) covers, at most `limit`; the bits of atoms, column by column."""
        remaining = len(self.grid.sizes)
        full = [0] * (remaining + 1)
        full[remaining] = rules
        for column in range(remaining - 1, -1, -1):
            inside = self.box[column]
            full[column] = sum(1 << r for r in bits(full[column + 1]) if self.grid.cells[r][column] & inside == inside)
        self._full = full
        self._known: dict[tuple[int, int], list[list[int]]] = {}
        return self._from(0, rules)

    def _from(self, column: int, active: int) -> list[list[int]]:
        if not active:
            return [list(self.box[column:])]
        # One rule that takes all that remains leaves no hole.
        if active & self._full[column]:
            return []
        known = self._known.get((column, active))
        if known is not None:
            return known
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.exhausted = True
            return []
        groups: dict[int, int] = {}
        for atom in bits(self.box[column]):
            mask = active & self.grid.by_atom[column][atom]
            groups[mask] = groups.get(mask, 0) | 1 << atom
        found: list[list[int]] = []
        for mask, atoms in groups.items():
            for rest in self._from(column + 1, mask):
                found.append([atoms, *rest])
                if len(found) >= self.limit:
                    self._known[column, active] = found
                    return found
        self._known[column, active] = found
        return found
