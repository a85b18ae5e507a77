"""Everything one verb changes, gathered in memory first, then written in few statements and one commit."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, update

from server.kernel.actor import Actor
from server.store.cases import next_numbers
from server.store.chain import Head
from server.store.history import Entry, Written, insert_lines, move_case, move_register, write_lines
from server.store.packages import keep_parameters
from server.store.passages import list_passages
from server.store.person_words import keep_words
from server.store.rows import Case, Instance
from server.store.tables import (
    case_file,
    command,
    document,
    draft,
    ep_passage,
    ep_session,
    household,
    instance,
    outbox,
    payload,
    person,
    posted_key,
    subscription,
    task,
    timer,
)
from server.store.work import Outrun, Work

Rows = dict[str, dict[str, Any]]
_INSTANCE_COLUMNS = tuple(f.name for f in fields(Instance))
_MOVING = ("state", "status", "outcome", "version", "turns", "ended_at")


@dataclass
class Moves:
    """The rows to write. Every map goes from the row's id to its columns."""

    actor: Actor
    now: datetime
    cases: dict[str, Case] = field(default_factory=dict)  # as read: their chain's end is the lock
    case_changes: Rows = field(default_factory=dict)
    households: Rows = field(default_factory=dict)
    persons: Rows = field(default_factory=dict)
    new_cases: set[str] = field(default_factory=set)
    numbers: dict[str, str] = field(default_factory=dict)  # of the new cases, once they are written
    registers: dict[str, Head] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)  # chain -> facts to write
    instances: dict[str, Instance] = field(default_factory=dict)  # as they become
    ended_at: dict[str, datetime] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)  # instances to write
    tasks: Rows = field(default_factory=dict)
    task_changes: Rows = field(default_factory=dict)
    done_tasks: list[str] = field(default_factory=list)
    cancelled_tasks: list[str] = field(default_factory=list)
    drafted_tasks: set[str] = field(default_factory=set)
    timers: Rows = field(default_factory=dict)
    timer_changes: Rows = field(default_factory=dict)
    subscriptions: Rows = field(default_factory=dict)
    outbox: Rows = field(default_factory=dict)
    passages: Rows = field(default_factory=dict)
    sessions: Rows = field(default_factory=dict)
    listed: dict[str, list[str]] = field(default_factory=dict)  # session -> passages put on its agenda
    passage_changes: Rows = field(default_factory=dict)
    session_changes: Rows = field(default_factory=dict)
    withdrawn_of: set[str] = field(default_factory=set)  # cancelled instances, whose cases no longer wait for a session
    documents: Rows = field(default_factory=dict)
    done_wishes: dict[str, str] = field(default_factory=dict)  # id -> the lease under which it was done
    commands: list[dict[str, Any]] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    posted: list[dict[str, Any]] = field(default_factory=list)
    parameters: Rows = field(default_factory=dict)


def write_moves(work: Work, moves: Moves) -> None:
    """Writes everything. Raises Outrun, before the commit, when a case, a register or an instance is no longer as it was read."""
    if moves.households:
        work.insert(household, list(moves.households.values()))
    if moves.persons:
        work.insert(person, list(moves.persons.values()))
        keep_words(work, moves.persons.values())
    written = _open_cases(work, moves)
    written += [
        _move_chain(work, moves, chain, entries) for chain, entries in sorted(moves.entries.items()) if chain not in moves.new_cases
    ]
    for digest, row in moves.parameters.items():
        keep_parameters(work, digest, **row)
    _write_instances(work, moves)
    _write_tasks(work, moves)
    _write_waits(work, moves)
    if payloads := moves.payloads + [row for part in written for row in part.payloads]:
        work.insert(payload, payloads)
    insert_lines(work, [Written(part.facts, [], part.end) for part in written])
    if moves.commands:
        work.insert(command, moves.commands)
    if moves.posted:
        work.insert(posted_key, moves.posted)


def _move_chain(work: Work, moves: Moves, chain: str, entries: list[Entry]) -> Written:
    if chain in moves.cases:
        before = moves.cases[chain].end
        written = write_lines(chain, before, entries, moves.actor)
        move_case(work, chain, before, written.end, moves.case_changes.get(chain, {}))
        return written
    before = moves.registers[chain]
    written = write_lines(chain, before, entries, moves.actor)
    move_register(work, chain, before, written.end)
    return written


def _open_cases(work: Work, moves: Moves) -> list[Written]:
    """Numbers and inserts the new cases, which are of one département."""
    opened = [case_ for case_id, case_ in moves.cases.items() if case_id in moves.new_cases]
    if not opened:
        return []
    prefix = f"{opened[0].departement}-{moves.now.year}"
    numbers = next_numbers(work, f"dossier:{prefix}", len(opened))
    moves.numbers = {one.id: f"{prefix}-{number:06d}" for one, number in zip(opened, numbers, strict=True)}
    written = [write_lines(one.id, Head(), moves.entries[one.id], moves.actor) for one in opened]
    names = sorted({name for one in opened for name in moves.case_changes.get(one.id, {})})
    rows = [_case_row(moves, one, lines.end, names) for one, lines in zip(opened, written, strict=True)]
    work.insert(case_file, rows)
    return written


def _case_row(moves: Moves, opened: Case, end: Head, names: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {f.name: getattr(opened, f.name) for f in fields(Case) if f.name in case_file.c}
    changes = moves.case_changes.get(opened.id, {})
    row |= {name: changes.get(name, row.get(name)) for name in names}
    return row | {"number": moves.numbers[opened.id], "seq": end.seq, "head": end.hash, "version": 1}


def _write_instances(work: Work, moves: Moves) -> None:
    rows = []
    for instance_id, kept in moves.instances.items():
        if instance_id in moves.moved:
            row: dict[str, Any] = {name: getattr(kept, name) for name in _INSTANCE_COLUMNS}
            rows.append(row | {"version": kept.version + 1, "ended_at": moves.ended_at.get(instance_id)})
    if rows:
        touched = work.upsert(instance, rows, key=("id",), update=_MOVING, where="instance.version = excluded.version - 1")
        if touched != len(rows):
            raise Outrun


def _write_tasks(work: Work, moves: Moves) -> None:
    if closed := moves.done_tasks + moves.cancelled_tasks:
        told = {
            "closed": closed,
            "done": moves.done_tasks or [""],
            "when": moves.now,
            "by": moves.actor.user_id,
            "by_name": moves.actor.name,
        }
        if work.changed(_CLOSE_TASKS, told) != len(closed):
            raise Outrun
    if moves.drafted_tasks:
        work.execute(delete(draft).where(draft.c.task_id.in_(sorted(moves.drafted_tasks))))
    if moves.tasks:
        work.insert(task, list(moves.tasks.values()))
    for task_id, changes in moves.task_changes.items():
        work.execute(update(task).where(task.c.id == task_id).values(version=task.c.version + 1, **changes))


_CLOSE_TASKS = (  # built once: every completed task sends it
    update(task)
    .where(task.c.id.in_(bindparam("closed", expanding=True)), task.c.status == "open")
    .values(
        status=case((task.c.id.in_(bindparam("done", expanding=True)), "done"), else_="cancelled"),
        done_at=bindparam("when"),
        done_by=bindparam("by"),
        done_by_name=bindparam("by_name"),
        version=task.c.version + 1,
    )
)


def _write_waits(work: Work, moves: Moves) -> None:
    if moves.timers:
        work.upsert(timer, list(moves.timers.values()), key=("id",), update=("status",))
    for timer_id, changes in moves.timer_changes.items():
        work.execute(update(timer).where(timer.c.id == timer_id).values(**changes))
    if moves.subscriptions:
        work.upsert(subscription, list(moves.subscriptions.values()), key=("id",), update=("status",))
    for wish_id, lease in moves.done_wishes.items():
        mine = and_(outbox.c.id == wish_id, outbox.c.lease == lease, outbox.c.status == "waiting")
        if work.changed(update(outbox).where(mine).values(status="done", done_at=moves.now, leased_until=None)) != 1:
            raise Outrun  # another worker has it meanwhile
    if moves.outbox:
        work.upsert(outbox, list(moves.outbox.values()), key=("id",), update=("status", "done_at"))
    if moves.documents:
        work.insert(document, list(moves.documents.values()))
    _write_sessions(work, moves)


def _write_sessions(work: Work, moves: Moves) -> None:
    if moves.sessions:
        work.insert(ep_session, list(moves.sessions.values()))
    for session_id, ids in moves.listed.items():
        list_passages(work, ids, session_id)
    if moves.passages:
        work.insert(ep_passage, list(moves.passages.values()))
    if moves.withdrawn_of:
        waits = and_(ep_passage.c.instance_id.in_(sorted(moves.withdrawn_of)), ep_passage.c.status.in_(("waiting", "listed")))
        work.execute(update(ep_passage).where(waits).values(status="withdrawn"))
    for passage_id, changes in moves.passage_changes.items():
        work.execute(update(ep_passage).where(ep_passage.c.id == passage_id).values(**changes))
    for session_id, changes in moves.session_changes.items():
        work.execute(update(ep_session).where(ep_session.c.id == session_id).values(version=ep_session.c.version + 1, **changes))
