"""Imports: the list, one import line by line, the refused lines to give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from server.access.jalon import Jalon
from server.intake import FIELDS, write_rejects
from server.kernel.actor import Actor
from server.kernel.errors import NotFound
from server.store.sql import select
from server.store.tables import import_row, import_run
from server.store.work import Work, reading

STATUS_WORDS = {
    "tried": "Essayé, rien n'est écrit",
    "running": "En cours",
    "done": "Terminé",
    "failed": "Arrêté, à reprendre",
    "abandoned": "Abandonné",
}
RESULT_WORDS = {"create": "À créer", "update": "À mettre à jour", "unchanged": "Sans changement", "refused": "Refusée"}
DONE_WORDS = {"create": "Créée", "update": "Mise à jour", "unchanged": "Sans changement", "refused": "Refusée"}
PAGE = 100


@dataclass(frozen=True)
class Run:
    """One import."""

    id: str
    departement: str
    layout: str
    filename: str
    status: str
    status_words: str
    user_name: str
    created_at: datetime
    rows: int
    done_rows: int
    to_create: int
    to_update: int
    unchanged: int
    refused: int
    message: str


@dataclass(frozen=True)
class ImportLine:
    """What one line of the file would do, or did."""

    line: int
    result: str
    result_words: str
    reasons: tuple[str, ...]
    changes: dict[str, Any]
    case_id: str


@dataclass(frozen=True)
class MappedField:
    """A field of the layout and the column chosen for it."""

    name: str
    label: str
    required: bool
    header: str


@dataclass(frozen=True)
class ImportPage:
    """One import with a page of its lines."""

    run: Run
    content: bytes
    totals: tuple[tuple[str, str, int], ...]
    rows: tuple[ImportLine, ...]
    next_cursor: str
    fields: tuple[MappedField, ...]
    headers: tuple[str, ...]

    @property
    def mapped(self) -> int:
        """How many fields have a column."""
        return sum(1 for field in self.fields if field.header)


def _run(row: Any) -> Run:
    values = {name: getattr(row, name) for name in Run.__dataclass_fields__ if name != "status_words"}
    return Run(status_words=STATUS_WORDS.get(row.status, row.status), **values)


def import_list(jalon: Jalon, actor: Actor, now: datetime) -> tuple[Run, ...]:  # noqa: ARG001 - every query takes the time
    """The last 100 imports of the département."""
    columns = [column for column in import_run.c if column.name != "content"]
    statement = select(*columns).where(import_run.c.departement == actor.departement).order_by(import_run.c.created_at.desc()).limit(100)
    with reading(jalon.database) as work:
        return tuple(_run(row) for row in work.rows(statement))


def _found(work: Work, actor: Actor, run_id: str) -> Any:
    row = work.one(select(import_run).where(import_run.c.id == run_id, import_run.c.departement == actor.departement))
    if row is None:
        raise NotFound("Cet import n'existe pas, ou ne vous est pas ouvert.")
    return row


def import_page(jalon: Jalon, actor: Actor, run_id: str, result: str, after: str, now: datetime) -> ImportPage:  # noqa: ARG001
    """One import; `result` keeps the lines of that result, `after` is the last line already shown. Raises NotFound."""
    with reading(jalon.database) as work:
        row = _found(work, actor, run_id)
        lines = select(import_row).where(import_row.c.run_id == run_id).order_by(import_row.c.line).limit(PAGE + 1)
        if result in RESULT_WORDS:
            lines = lines.where(import_row.c.result == result)
        if after.isascii() and after.isdigit() and len(after) < 10:
            lines = lines.where(import_row.c.line > int(after))
        found = work.rows(lines)
    words = DONE_WORDS if row.status == "done" else RESULT_WORDS
    shown = tuple(
        ImportLine(
            r.line, r.result, words[r.result], tuple(r.reasons), dict(r.changes or {}), (r.case_id or "") if row.status == "done" else ""
        )
        for r in found[:PAGE]
    )
    chosen = dict(row.columns)
    fields = tuple(MappedField(f.name, f.label, f.required, chosen.get("fields", {}).get(f.name, "")) for f in FIELDS[row.layout])
    totals = (
        ("create", "créées" if row.status == "done" else "à créer", row.to_create),
        ("update", "mises à jour" if row.status == "done" else "à mettre à jour", row.to_update),
        ("unchanged", "sans changement", row.unchanged),
        ("refused", "refusées", row.refused),
    )
    cursor = str(found[PAGE - 1].line) if len(found) > PAGE else ""
    return ImportPage(_run(row), row.content or b"", totals, shown, cursor, fields, tuple(chosen.get("headers", ())))


def import_rejects(jalon: Jalon, actor: Actor, run_id: str) -> tuple[str, bytes]:
    """(filename, bytes) of the refused lines with their reasons, ready to be corrected and sent again. Raises NotFound."""
    with reading(jalon.database) as work:
        row = _found(work, actor, run_id)
        lines = work.rows(
            select(import_row).where(import_row.c.run_id == run_id, import_row.c.result == "refused").order_by(import_row.c.line)
        )
    headers = list(dict(row.columns).get("headers", ()))
    refused = [(line.line, list(line.cells or []), list(line.reasons)) for line in lines]
    stem = row.filename.rsplit(".", maxsplit=1)[0]
    return f"{quote(stem)}-refus.csv", write_rejects(headers, refused)
