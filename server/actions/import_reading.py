"""Reads the file of an import as its run keeps it: headers, chosen columns, then batches of lines with what each would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from server.access.jalon import Jalon
from server.actions.matching import Places, Planned, plan_contacts, plan_rows
from server.intake import (
    CONTACTS,
    ColumnMapping,
    Contact,
    Entrant,
    RowError,
    Table,
    guess_mapping,
    mapping_from,
    open_table,
    read_contacts,
    read_entrants,
)
from server.store.sql import select
from server.store.tables import import_mapping
from server.store.work import Work, reading

BATCH = 50


@dataclass(frozen=True)
class Opened:
    """An opened file and the columns to read it with."""

    table: Table
    mapping: ColumnMapping

    @property
    def kept(self) -> dict[str, Any]:
        """What the run's row keeps of it."""
        return {"headers": list(self.table.headers), "fields": dict(self.mapping.fields)}


def open_file(jalon: Jalon, departement: str, filename: str, data: bytes, layout: str, columns: Mapping[str, str] | None) -> Opened:
    """Opens a file with the columns given, else those saved by the département when they fit, else those its headers suggest. Raises BadInput, TooMuch."""
    table = open_table(data, filename)
    if columns is not None:
        return Opened(table, mapping_from(layout, columns))
    guessed = guess_mapping(table.headers, layout)
    with reading(jalon.database) as work:
        saved = work.value(
            select(import_mapping.c.columns).where(import_mapping.c.departement == departement, import_mapping.c.layout == layout)
        )
    known = {field: header for field, header in (saved or {}).items() if header in table.headers}
    return Opened(table, mapping_from(layout, {**guessed.fields, **known}))


def batches(opened: Opened, today: date) -> Iterator[list[Entrant | Contact | RowError]]:
    """The lines by fifties, in the order of the file. Raises BadInput before the first when a required column is missing."""
    source: Iterator[Any] = (
        read_contacts(opened.table, opened.mapping)
        if opened.mapping.layout == CONTACTS
        else read_entrants(opened.table, opened.mapping, today)
    )
    while batch := list(islice(source, BATCH)):
        yield batch


def plan_batch(jalon: Jalon, work: Work, departement: str, batch: list[Entrant | Contact | RowError], places: Places) -> list[Planned]:
    """What each line of a batch would do, in order; a refused line keeps its reasons."""
    entrants = [row for row in batch if isinstance(row, Entrant)]
    contacts = [row for row in batch if isinstance(row, Contact)]
    planned = {
        one.line: one
        for one in (
            plan_rows(jalon, work, departement, entrants, places) if entrants else plan_contacts(jalon, work, departement, contacts)
        )
    }
    return [Planned(row.line, "refused", row.reasons) if isinstance(row, RowError) else planned[row.line] for row in batch]


def cells_of(batch: list[Entrant | Contact | RowError]) -> dict[int, list[str]]:
    """The cells of refused lines by line number, to give them back."""
    return {row.line: list(row.cells) for row in batch if isinstance(row, RowError)}
