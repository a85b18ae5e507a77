"""Tries an import: says line by line what the file would do, and writes nothing to persons or cases."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.actions.import_reading import Opened, batches, cells_of, open_file, plan_batch
from server.actions.matching import Places, Planned
from server.intake import CONTACTS, ENTRANTS
from server.kernel.actor import Actor
from server.kernel.errors import BadInput
from server.kernel.ids import new_id
from server.store.tables import import_mapping, import_row, import_run
from server.store.work import unit_of_work

LAYOUTS = {ENTRANTS: "Entrants (tableur de travail du département)", CONTACTS: "Contacts (fichier de la CNAF)"}


def try_import(
    jalon: Jalon, actor: Actor, filename: str, data: bytes, columns: Mapping[str, str] | None, layout: str, now: datetime
) -> str:
    """The id of the tried import; its rows say what would be created, updated, refused, and why.

    `columns`: field -> header, chosen by a person and then saved for the next files; None to use the saved ones. Raises Forbidden, BadInput, TooMuch.
    """
    if actor.user_id:
        require(actor, Permission.IMPORTS_RUN)
    if layout not in LAYOUTS:
        raise BadInput("Choisissez le modèle du fichier : entrants ou contacts.")
    opened = open_file(jalon, actor.departement, filename, data, layout, columns)
    message, rows = "", []
    try:
        rows = _tried(jalon, actor, opened, now)
    except BadInput as error:
        if columns is None and opened.mapping.missing():
            message = str(error)  # the page proposes to choose the columns
        else:
            raise
    run_id = new_id()
    counts = Counter(row["result"] for row in rows)
    with unit_of_work(jalon.database) as work:
        work.insert(
            import_run,
            [_run_row(run_id, actor, filename, data, layout, opened, now) | _counts(counts) | {"rows": len(rows), "message": message}],
        )
        work.insert(import_row, [{"run_id": run_id, **row} for row in rows])
        if columns is not None:
            saved = {
                "id": new_id(),
                "departement": actor.departement,
                "layout": layout,
                "columns": dict(opened.mapping.fields),
                "changed_at": now,
            }
            work.upsert(import_mapping, [saved], key=("departement", "layout"), update=("columns", "changed_at"))
    return run_id


def _tried(jalon: Jalon, actor: Actor, opened: Opened, now: datetime) -> list[dict[str, Any]]:
    places = Places(jalon, actor.departement)
    today = jalon.today(actor.departement, None, now)
    rows: list[dict[str, Any]] = []
    with unit_of_work(jalon.database) as work:
        for batch in batches(opened, today):
            cells = cells_of(batch)
            rows += [row_of(planned, cells.get(planned.line)) for planned in plan_batch(jalon, work, actor.departement, batch, places)]
    return rows


def row_of(planned: Planned, cells: list[str] | None) -> dict[str, Any]:
    """The row that says what a line would do or did."""
    return {
        "line": planned.line,
        "result": planned.result,
        "reasons": list(planned.reasons),
        "cells": cells if planned.result == "refused" else None,
        "case_id": planned.known.case_id if planned.known else None,
        "changes": dict(planned.changes) or None,
    }


def _run_row(run_id: str, actor: Actor, filename: str, data: bytes, layout: str, opened: Opened, now: datetime) -> dict[str, Any]:
    return {
        "id": run_id,
        "departement": actor.departement,
        "layout": layout,
        "filename": filename,
        "sha256": hashlib.sha256(data).hexdigest(),
        "content": data,
        "columns": opened.kept,
        "status": "tried",
        "user_id": actor.user_id,
        "user_name": actor.name,
        "created_at": now,
        "done_rows": 0,
    }


def _counts(counts: Counter[str]) -> dict[str, int]:
    return {"to_create": counts["create"], "to_update": counts["update"], "unchanged": counts["unchanged"], "refused": counts["refused"]}
