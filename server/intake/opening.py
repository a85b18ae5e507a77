"""The one way in: a file, by its content and not by its name, becomes a table."""

from __future__ import annotations

from pathlib import Path

from server.intake.csvfile import open_csv
from server.intake.table import MOST_BYTES, Table
from server.intake.xlsxfile import open_xlsx
from server.kernel.errors import BadInput, TooMuch

_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


def open_table(data: Path | bytes, filename: str, sheet: str = "") -> Table:
    """Headers and lines of a CSV or XLSX file. `filename` is what messages say; `sheet` names a tab of a workbook.

    Raises BadInput when the file is empty or is neither, TooMuch above 50 MB, 200,000 lines or 200 columns.
    """
    size = len(data) if isinstance(data, bytes) else data.stat().st_size
    if size == 0:
        raise BadInput(f"« {filename} » est vide. Exportez-le de nouveau.")
    if size > MOST_BYTES:
        raise TooMuch(
            f"« {filename} » pèse {size // 1_000_000} Mo, pour {MOST_BYTES // 1_000_000} au plus. Découpez-le en plusieurs fichiers."
        )
    start = data[:4] if isinstance(data, bytes) else _start(data)
    if start == _ZIP:
        return open_xlsx(data, filename, sheet)
    if start == _OLE:
        raise BadInput(
            f"« {filename} » est un ancien classeur .xls, ou protégé par un mot de passe. Enregistrez-le en XLSX, sans mot de passe."
        )
    if start == _PDF:
        raise BadInput(f"« {filename} » est un PDF. Demandez le fichier en CSV ou en XLSX.")
    return open_csv(data, filename)


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4)
