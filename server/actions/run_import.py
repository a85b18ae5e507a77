"""Runs a tried import: small batches, each in one commit; stopped and started again, or sent twice, it changes nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.actions.advancing import Plan, act
from server.actions.import_reading import batches, cells_of, open_file, plan_batch
from server.actions.matching import Places, Planned
from server.actions.opening import open_in
from server.actions.try_import import row_of
from server.kernel.actor import Actor
from server.kernel.errors import BadInput, JalonError, ModelError, NotFound, Stale
from server.kernel.facts import IMPORT_RUN, PERSON_CHANGED, Fact
from server.store.chain import Head
from server.store.history import Entry, append_to_case, append_to_register
from server.store.people import change_person
from server.store.sql import func, select, update
from server.store.tables import case_file, import_row, import_run
from server.store.work import Outrun, Work, reading, unit_of_work, until_settled

PATH = "parcours"  # the process that an entrant starts
REGISTER = "registre:imports"
Progress = Callable[[int, int], None]


def run_import(jalon: Jalon, actor: Actor, run_id: str, now: datetime, progress: Progress | None = None) -> None:
    """Runs the import to its end. `progress(done, rows)` is called after each batch. Raises NotFound, Forbidden, Stale (already done)."""
    if actor.user_id:
        require(actor, Permission.IMPORTS_RUN)
    run = _started(jalon, actor, run_id)
    try:
        opened = open_file(jalon, actor.departement, run.filename, run.content, run.layout, run.columns["fields"])
        places, done = Places(jalon, actor.departement), 0
        for batch in batches(opened, jalon.today(actor.departement, None, now)):
            done += len(batch)
            _run_batch(jalon, actor, run_id, batch, places, done, now)
            if progress:
                progress(done, run.rows)
    except JalonError as error:
        _close(jalon, actor, run_id, now, "failed", str(error))
        raise
    _close(jalon, actor, run_id, now, "done", "")


def _started(jalon: Jalon, actor: Actor, run_id: str) -> Any:
    with unit_of_work(jalon.database) as work:
        run = work.one(select(import_run).where(import_run.c.id == run_id, import_run.c.departement == actor.departement))
        if run is None:
            raise NotFound("Cet import n'existe pas, ou ne vous est pas ouvert.")
        if run.status == "done":
            raise Stale(f"Cet import est déjà terminé : « {run.filename} ».", by=run.user_name, at=run.ended_at)
        work.execute(update(import_run).where(import_run.c.id == run_id).values(status="running", message=""))
    return run


def _run_batch(jalon: Jalon, actor: Actor, run_id: str, batch: list[Any], places: Places, done: int, now: datetime) -> None:
    cells = cells_of(batch)
    with reading(jalon.database) as work:
        planned = plan_batch(jalon, work, actor.departement, batch, places)
    cases = _open_all(jalon, actor, [one for one in planned if one.result == "create"], now)
    rows = []
    for one in planned:
        row = row_of(one, cells.get(one.line))
        if one.result == "update":
            row |= _updated(jalon, actor, one, now)
        rows.append({"run_id": run_id, **row, **cases.get(one.line, {})})
    with unit_of_work(jalon.database) as work:
        work.upsert(import_row, rows, key=("run_id", "line"), update=("result", "reasons", "cells", "case_id", "changes"))
        work.execute(update(import_run).where(import_run.c.id == run_id).values(done_rows=done))


def _open_all(jalon: Jalon, actor: Actor, planned: list[Planned], now: datetime) -> dict[int, dict[str, Any]]:
    """Opens the cases of a batch in one commit; when one of them cannot be opened, each on its own, so that only that one is refused."""
    if not planned:
        return {}
    try:
        return _open(jalon, actor, planned, now)
    except (BadInput, ModelError, Stale) as error:
        if len(planned) == 1:
            return {planned[0].line: {"result": "refused", "reasons": [str(error)], "case_id": None}}
    found: dict[int, dict[str, Any]] = {}
    for one in planned:
        found |= _open_all(jalon, actor, [one], now)
    return found


def _open(jalon: Jalon, actor: Actor, planned: list[Planned], now: datetime) -> dict[int, dict[str, Any]]:
    def first(plan: Plan) -> dict[int, dict[str, Any]]:
        opened: dict[int, dict[str, Any]] = {}
        for one in planned:
            if one.newcomer is None:
                raise BadInput("Une ligne à créer n'a pas de personne.")
            case = open_in(plan, actor, one.newcomer)
            plan.start(PATH, case, one.variables)
            opened[one.line] = {"case_id": case.id}
        return opened

    return act(jalon, actor, now, first)


def _updated(jalon: Jalon, actor: Actor, one: Planned, now: datetime) -> dict[str, Any]:
    try:
        until_settled(lambda: _change(jalon, actor, one, now))
    except Stale as error:
        return {"result": "refused", "reasons": [str(error)]}
    return {}


def _change(jalon: Jalon, actor: Actor, one: Planned, now: datetime) -> None:
    known = one.known
    if known is None:
        raise BadInput("Une ligne à mettre à jour n'a pas de personne.")
    fact = Fact(PERSON_CHANGED, now, body={"fields": sorted([*one.person, *one.home])}, payload={"changes": _told(one.changes)})
    with unit_of_work(jalon.database) as work:
        if not change_person(work, known, one.person, one.home):
            raise Stale("La fiche a changé pendant l'import. Importez de nouveau cette ligne.")
        if known.case_id:
            end = work.one(select(case_file.c.seq, case_file.c.head).where(case_file.c.id == known.case_id))
            if end is None:
                raise Outrun
            append_to_case(work, known.case_id, Head(end.seq, end.head), [Entry(fact)], actor)


def _told(changes: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {name: {"avant": pair[0], "apres": pair[1]} for name, pair in changes.items()}


def _close(jalon: Jalon, actor: Actor, run_id: str, now: datetime, status: str, message: str) -> None:
    """Counts what was done, says it in the register of imports; the file itself is forgotten once the run is over."""
    until_settled(lambda: _closed(jalon, actor, run_id, now, status, message))


def _closed(jalon: Jalon, actor: Actor, run_id: str, now: datetime, status: str, message: str) -> None:
    with unit_of_work(jalon.database) as work:
        counts = _counted(work, run_id)
        values: dict[str, Any] = {
            "status": status,
            "message": message,
            "to_create": counts["create"],
            "to_update": counts["update"],
            "unchanged": counts["unchanged"],
            "refused": counts["refused"],
        }
        if status == "done":
            values |= {"content": None, "ended_at": now}
        work.execute(update(import_run).where(import_run.c.id == run_id).values(**values))
        body = {"run": run_id, "status": status, **{name: counts[name] for name in ("create", "update", "unchanged", "refused")}}
        append_to_register(work, REGISTER, [Entry(Fact(IMPORT_RUN, now, body=body))], actor)


def _counted(work: Work, run_id: str) -> Counter[str]:
    statement = select(import_row.c.result, func.count().label("lines")).where(import_row.c.run_id == run_id).group_by(import_row.c.result)
    return Counter({row.result: row.lines for row in work.rows(statement)})
