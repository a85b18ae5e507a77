"""Refused lines given back as a file to correct and send again; no cell of it can run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from server.intake.values import FORMULA_STARTS

REASONS, LINE = "À corriger", "Ligne du fichier"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and never runs: an apostrophe before = + - @ tab and return. Our own reading takes it off."""
    bare = _CONTROLS.sub("", text)
    return f"'{bare}" if bare.startswith(FORMULA_STARTS) else bare


def write_rejects(headers: Sequence[str], refused: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> bytes:
    """A CSV (UTF-8 with BOM, semicolons) of refused lines: (line number, cells, reasons). The two added columns come last."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(text) for text in (*headers, LINE, REASONS)])
    for row in _rows(len(headers), refused):
        writer.writerow([harmless(text) for text in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def write_rejects_xlsx(headers: Sequence[str], refused: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> bytes:
    """The same as a workbook whose cells are all texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lignes refusées")
    for row in ([*headers, LINE, REASONS], *_rows(len(headers), refused)):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=_CONTROLS.sub("", text))
            # openpyxl would take « =… » for a formula.
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rows(width: int, refused: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> Iterable[list[str]]:
    for line, cells, reasons in refused:
        kept = [str(cell) for cell in cells][:width]
        yield [*kept, *[""] * (width - len(kept)), str(line), " / ".join(reasons)]
