"""What reading a line may give: a problem told in French, and a reader of cells that gathers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from server.intake.table import Cell, Line, is_blank, shown
from server.kernel.errors import BadInput

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """What is wrong in a cell: its column's header (empty for the whole line), the sentence."""

    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.column} : {self.message}" if self.column else self.message


@dataclass(frozen=True)
class RowError:
    """A refused line: its number, what is wrong, its cells as they were read."""

    line: int
    problems: tuple[Problem, ...]
    cells: tuple[str, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence per problem, with its column."""
        return tuple(str(problem) for problem in self.problems)


def refused(line: Line, problems: tuple[Problem, ...]) -> RowError:
    """A line refused for these problems, with its cells to give back."""
    return RowError(line.number, problems, tuple(shown(cell) for cell in line.cells))


@dataclass
class Reading:
    """One line being read: `needed` refuses it on a wrong cell, `wanted` leaves the field out and remarks it."""

    line: Line
    positions: Mapping[str, int]
    headers: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def cell(self, name: str) -> Cell:
        """The cell of a field; None when no column gives it."""
        at = self.positions.get(name)
        return None if at is None else self.line.cells[at]

    def needed(self, name: str, read: Callable[[Cell], T], empty: T) -> T:
        """The field's value; a wrong one refuses the line."""
        try:
            return self._value(name, read, empty)
        except BadInput as error:
            self.problems.append(Problem(self.header(name), str(error)))
            return empty

    def wanted(self, name: str, read: Callable[[Cell], T], empty: T) -> T:
        """The field's value; a wrong one is left out, and said."""
        try:
            return self._value(name, read, empty)
        except BadInput as error:
            self.remarks.append(f"{self.header(name)} : {error} Laissé vide.")
            return empty

    def refuse(self, name: str, message: str) -> None:
        """Refuses the line because of a field, or as a whole when `name` is empty."""
        self.problems.append(Problem(self.header(name), message))

    def header(self, name: str) -> str:
        """The header of a field's column, as the file writes it."""
        at = self.positions.get(name)
        return "" if at is None else self.headers[at]

    def _value(self, name: str, read: Callable[[Cell], T], empty: T) -> T:
        cell = self.cell(name)
        return empty if is_blank(cell) else read(cell)


def short(read: Callable[..., Any], *more: Any) -> Callable[[Cell], Any]:
    """A reader with its other arguments already given."""
    return lambda cell: read(cell, *more)
