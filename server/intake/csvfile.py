"""CSV as départements send it: three encodings, three separators, quotes that never close."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from server.intake.table import LONGEST_CELL, Cell, Table, lines_under_headers
from server.kernel.errors import BadInput

_CHUNK = 1 << 20
_LONGEST_LINE = 200_000
_DELIMITERS = ";,\t"
_EXCEL_TEXT = re.compile(r'^="(.*)"$')


def open_csv(data: Path | bytes, filename: str) -> Table:
    """The table of a CSV file. Raises BadInput when it is not text in an encoding we read."""
    encoding = find_encoding(data, filename)
    with closing(_text(data, encoding)) as stream:
        delimiter, skipped = _find_delimiter(stream)
    stream = _text(data, encoding)
    for _ in range(skipped):
        stream.readline()
    raw = _records(stream, delimiter, skipped)
    try:
        headers, rows = lines_under_headers(raw, filename)
    except BaseException:
        stream.close()
        raise
    return Table(headers, rows, filename, encoding, delimiter, close=stream.close)


def find_encoding(data: Path | bytes, filename: str) -> str:
    """utf-8-sig, utf-8 or cp1252: the first that the whole file obeys, read once in pieces."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    windows = codecs.getincrementaldecoder("cp1252")()
    first = b""
    alive = {"utf-8": True, "cp1252": True}
    with closing(_binary(data)) as stream:
        while piece := stream.read(_CHUNK):
            first = first or piece[:4]
            if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise BadInput(f"« {filename} » est en UTF-16. Dans le tableur, enregistrez-le en « CSV UTF-8 ».")
            if b"\0" in piece:
                raise BadInput(
                    f"« {filename} » contient des octets nuls : ce n'est pas un fichier CSV. Exportez-le de nouveau en CSV ou en XLSX."
                )
            alive["utf-8"] = alive["utf-8"] and _obeys(utf8, piece)
            alive["cp1252"] = alive["cp1252"] and _obeys(windows, piece)
            if not any(alive.values()):
                raise BadInput(f"« {filename} » n'est ni en UTF-8 ni en Windows-1252. Dans le tableur, enregistrez-le en « CSV UTF-8 ».")
    if alive["utf-8"] and _obeys(utf8, b"", final=True):
        return "utf-8-sig" if first.startswith(codecs.BOM_UTF8) else "utf-8"
    if alive["cp1252"]:
        return "cp1252"
    raise BadInput(f"« {filename} » s'arrête au milieu d'un caractère : la copie est incomplète. Exportez-le de nouveau.")


def _obeys(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _binary(data: Path | bytes) -> IO[bytes]:
    return io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")


def _text(data: Path | bytes, encoding: str) -> IO[str]:
    return io.TextIOWrapper(_binary(data), encoding=encoding, newline="")


def _find_delimiter(stream: IO[str]) -> tuple[str, int]:
    """The separator, and how many lines to skip first (Excel's « sep=; »)."""
    best, most = ";", 0
    for number in range(20):
        line = stream.readline(_LONGEST_LINE)
        if number == 0 and line[:4].lower() == "sep=" and line[4:5] in _DELIMITERS and line[4:5]:
            return line[4], 1
        outside = "".join(line.split('"')[::2])
        for delimiter in _DELIMITERS:
            if outside.count(delimiter) > most:
                best, most = delimiter, outside.count(delimiter)
        if most:
            break
    return best, 0


def _records(stream: IO[str], delimiter: str, skipped: int) -> Iterator[tuple[int, list[Cell], str]]:
    """(line where the record begins, cells, why it cannot be read): a broken record is told, then reading goes on."""
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    with closing(stream):
        while True:
            begin = skipped + lines.read + 1
            try:
                cells: list[Cell] = [_cell(text) for text in next(reader)]
            except StopIteration:
                return
            except csv.Error:
                yield begin, [text[:200] for text in lines.first(begin - skipped).split(delimiter)], _broken(begin, skipped + lines.read)
            else:
                yield begin, cells, ""


def _broken(begin: int, end: int) -> str:
    where = f"La ligne {begin} n'est pas lisible" if end <= begin else f"Les lignes {begin} à {end} ne sont pas lisibles"
    return f"{where} : un guillemet est ouvert et mal refermé, ou une cellule est démesurée."


def _cell(text: str) -> Cell:
    # Excel writes ="0123" to keep a leading zero.
    found = _EXCEL_TEXT.match(text) if text.startswith('="') else None
    return found[1] if found else text


class _Lines:
    """Physical lines, counted; one longer than any honest line is cut so that memory stays bounded."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream
        self.read = 0
        self._recent: deque[tuple[int, str]] = deque(maxlen=400)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.stream.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self.read += 1
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            self._skip_rest()
            # A quote in the middle of a quoted text makes the reader refuse the record.
            line = '"x"x\n'
        self._recent.append((self.read, line[:LONGEST_CELL]))
        return line

    def first(self, number: int) -> str:
        """The text of a recent line; empty when it is too far back."""
        return next((line.rstrip("\r\n") for at, line in self._recent if at == number), "")

    def _skip_rest(self) -> None:
        while (rest := self.stream.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
            pass
