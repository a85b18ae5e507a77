"""XLSX within bounds: looked at as a zip before it is opened as a workbook, then read line by line."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.exceptions import InvalidFileException

from server.intake.table import HEADER_WITHIN, MOST_COLUMNS, Cell, Formula, Table, lines_under_headers
from server.kernel.errors import BadInput, TooMuch

MOST_UNPACKED = 250_000_000
MOST_RATIO = 150
MOST_PARTS = 2_000
_SMALL = 1_000_000
# What the zip, the two XML parsers (SyntaxError) and the library raise on a damaged workbook.
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
    EOFError,
    RuntimeError,
)
_BESIDE = 5  # columns looked at beside the headers, to tell of a shifted line


def open_xlsx(data: Path | bytes, filename: str, sheet: str = "") -> Table:
    """The table of a sheet (by default the first visible one that has headers). Raises BadInput, TooMuch."""
    _check_zip(data, filename)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data) if isinstance(data, bytes) else data, read_only=True, data_only=False, keep_links=False
        )
    except _BROKEN as error:
        raise BadInput(
            f"« {filename} » n'est pas un classeur XLSX lisible. Ouvrez-le dans le tableur et enregistrez-le de nouveau."
        ) from error
    try:
        return _open_sheet(book, filename, sheet)
    except BaseException:
        book.close()
        raise


def _open_sheet(book: Any, filename: str, wanted: str) -> Table:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if wanted and wanted not in [sheet.title for sheet in visible]:
        names = ", ".join(sheet.title for sheet in visible[:10])
        raise BadInput(f"« {filename} » n'a pas d'onglet « {wanted} ». Ses onglets : {names}.")
    refusal = BadInput(f"« {filename} » n'a aucun onglet visible. Affichez l'onglet à importer.")
    for sheet in visible:
        if wanted and sheet.title != wanted:
            continue
        # Files written by other tools may announce a wrong size.
        sheet.reset_dimensions()
        try:
            width = len(lines_under_headers(_records(sheet, filename, MOST_COLUMNS + 1, HEADER_WITHIN), filename)[0])
        except TooMuch:
            raise
        except BadInput as error:
            refusal = error
            continue
        # Read again only as wide as the headers: one far cell per line would cost a whole line each.
        headers, rows = lines_under_headers(_records(sheet, filename, width + _BESIDE), filename)
        return Table(headers, _closing(rows, book), filename, sheet=sheet.title, close=book.close)
    raise refusal


def _closing(rows: Iterator[Any], book: Any) -> Iterator[Any]:
    try:
        yield from rows
    finally:
        book.close()


def _records(sheet: Any, filename: str, width: int, last: int | None = None) -> Iterator[tuple[int, list[Cell], str]]:
    rows = enumerate(sheet.iter_rows(max_col=width, max_row=last), start=1)
    gap = None
    while True:
        try:
            number, row = next(rows)
        except StopIteration:
            return
        except _BROKEN as error:
            raise BadInput(
                f"« {filename} » est abîmé : une partie du classeur ne se lit pas. Enregistrez-le de nouveau dans le tableur."
            ) from error
        if row is gap:
            continue
        if all(cell is EMPTY_CELL for cell in row):
            # The library gives one same tuple for every line that the file leaves out, maybe a million of them.
            gap = row
        yield number, [_cell(cell) for cell in row], ""


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if cell.data_type == "f":
        return Formula(str(getattr(value, "text", value)))
    if cell.data_type == "d":
        return value if hasattr(value, "year") else str(value)
    return str(value)


def _check_zip(data: Path | bytes, filename: str) -> None:
    """Refuses what would fill memory once unpacked, or is not a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
            parts = archive.infolist()
            _check_parts(parts, filename)
            if "xl/workbook.xml" not in archive.NameToInfo:
                raise BadInput(f"« {filename} » n'est pas un classeur XLSX. Dans le tableur, enregistrez-le en XLSX ou en CSV.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares_type(archive, part):
                    raise BadInput(f"« {filename} » contient une déclaration XML interdite. Enregistrez-le de nouveau dans le tableur.")
    except _BROKEN as error:
        raise BadInput(f"« {filename} » est incomplet ou abîmé. Copiez-le ou exportez-le de nouveau.") from error


def _check_parts(parts: list[zipfile.ZipInfo], filename: str) -> None:
    if len(parts) > MOST_PARTS:
        raise TooMuch(
            f"« {filename} » contient {len(parts)} parties : ce n'est pas un simple classeur. Copiez les données dans un classeur neuf."
        )
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TooMuch(f"« {filename} » est trop grand une fois décompressé. Découpez-le en plusieurs fichiers.")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise TooMuch(f"« {filename} » est compressé de façon anormale. Copiez les données dans un classeur neuf.")


def _declares_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as stream:
        start = stream.read(4_096)
    return b"<!DOCTYPE" in start or b"<!ENTITY" in start or b"\x00" in start
