"""A table read from a file, whatever the file: headers once, then lines one by one, within bounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import Any

from server.kernel.errors import BadInput, TooMuch

MOST_BYTES = 50_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 5_000
HEADER_WITHIN = 20  # lines above the headers: a title, a date of extraction

# Kept: tab and line ends, which become spaces. Dropped: other controls, soft hyphens, zero-width and direction marks.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula instead of a value: its text, for the message."""

    text: str


Cell = str | int | float | bool | date | datetime | Formula | None


@dataclass(frozen=True)
class Line:
    """One line of the file: its number as a spreadsheet shows it (1 = first), its cells, padded to the headers, and why it cannot be read, if so."""

    number: int
    cells: tuple[Cell, ...]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """What `open_table` found: `rows` can be read once; leaving the `with` block, or reading to the end, closes the file."""

    headers: tuple[str, ...]
    rows: Iterator[Line]
    filename: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    close: Callable[[], Any] = field(default=lambda: None, repr=False)

    def __enter__(self) -> Table:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def clean(text: str) -> str:
    """A text as it is kept: composed accents, single spaces, nothing invisible."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text if text.isascii() else unicodedata.normalize("NFC", text))).strip()


def is_blank(cell: Cell) -> bool:
    """Nothing in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """A cell as a person reads it, for messages and rejected rows."""
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return cell.text
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y") if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.strftime("%d/%m/%Y %H:%M:%S")
    return cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(cell)


def lines_under_headers(raw: Iterator[tuple[int, list[Cell], str]], filename: str) -> tuple[tuple[str, ...], Iterator[Line]]:
    """The headers (first line with at least two filled cells, among the first twenty) and the lines under them.

    `raw` gives (line number, cells, why it cannot be read). Blank lines and repeated headers are skipped. Raises BadInput without headers, TooMuch over the bounds.
    """
    for number, cells, problem in raw:
        if problem:
            raise BadInput(f"« {filename} », avant les en-têtes : {problem} Corrigez le fichier.")
        filled = [clean(shown(cell)) for cell in cells]
        if sum(map(bool, filled)) >= 2:
            while filled and not filled[-1]:
                filled.pop()
            if len(filled) > MOST_COLUMNS:
                raise TooMuch(f"« {filename} » a {len(filled)} colonnes, pour {MOST_COLUMNS} au plus. Gardez les colonnes utiles.")
            headers = tuple(filled)
            return headers, _lines(raw, headers, filename)
        if number >= HEADER_WITHIN:
            break
    raise BadInput(
        f"« {filename} » n'a pas de ligne d'en-têtes lisible. Mettez les noms de colonnes en première ligne, séparés par des points-virgules."
    )


def _lines(raw: Iterator[tuple[int, list[Cell], str]], headers: tuple[str, ...], filename: str) -> Iterator[Line]:
    width, kept = len(headers), 0
    for number, cells, problem in raw:
        if not problem and all(map(is_blank, cells)):
            continue
        kept += 1
        if kept > MOST_ROWS:
            raise TooMuch(f"« {filename} » a plus de {MOST_ROWS} lignes. Découpez-le en plusieurs fichiers.")
        over = cells[width:]
        row = tuple(cells[:width]) + (None,) * (width - len(cells))
        if not problem and any(not is_blank(cell) for cell in over):
            problem = (
                f"La ligne a {len(cells)} cellules pour {width} colonnes : un séparateur est sans doute dans un texte sans guillemets."
            )
        long = next((i for i, cell in enumerate(row) if isinstance(cell, str) and len(cell) > LONGEST_CELL), None)
        if long is not None:
            problem = f"La cellule « {headers[long]} » dépasse {LONGEST_CELL} caractères."
            row = tuple(cell[:200] if isinstance(cell, str) else cell for cell in row)
        if not problem and tuple(clean(shown(cell)) for cell in row) == headers:
            continue
        yield Line(number, row, problem)
