"""Writes facts at the end of chains, and reads chains back to be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, and_, bindparam, select, update

from server.kernel.actor import Actor
from server.kernel.facts import Fact
from server.kernel.values import canonical
from server.store.chain import Head, KeptLine, Origin, Sealed, hash_of, line_of, seal
from server.store.tables import case_file, fact, payload, register_head
from server.store.work import Outrun, Work

REGISTERS = ("registre:acces", "registre:comptes", "registre:imports", "registre:parametres", "registre:publications", "registre:seances")
_OWN = Origin()


@dataclass(frozen=True)
class Entry:
    """A fact about to be written, and where it comes from."""

    fact: Fact
    origin: Origin = _OWN
    sealed: Sealed | None = None  # its payload, when other rows already name it


@dataclass(frozen=True)
class Written:
    """The rows that the next entries of a chain make, and its new end."""

    facts: list[dict[str, Any]]
    payloads: list[dict[str, Any]]
    end: Head


def write_lines(chain: str, end: Head, entries: Sequence[Entry], actor: Actor) -> Written:
    """The rows of `entries` after `end`; touches no database."""
    facts: list[dict[str, Any]] = []
    payloads: list[dict[str, Any]] = []
    for entry in entries:
        sealed = entry.sealed or seal_payload(entry.fact.payload)
        line = line_of(chain, end, entry.fact, sealed.digest if sealed else None, actor, entry.origin)
        end = Head(end.seq + 1, hash_of(line))
        if sealed:
            payloads.append(payload_row(chain, sealed))
        facts.append(_fact_row(chain, end, entry, sealed, actor, line))
    return Written(facts, payloads, end)


def seal_payload(content: Mapping[str, Any] | None) -> Sealed | None:
    """The sealed canonical bytes of a payload; None for none."""
    return None if content is None else seal(canonical(dict(content)))


def _fact_row(chain: str, end: Head, entry: Entry, sealed: Sealed | None, actor: Actor, line: bytes) -> dict[str, Any]:
    return {
        "chain": chain,
        "seq": end.seq,
        "instance_id": entry.origin.instance_id,
        "kind": entry.fact.kind,
        "at": entry.fact.at,
        "element": entry.fact.element,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "channel": actor.channel,
        "command": entry.origin.command,
        "line": line,
        "hash": end.hash,
        "payload_id": sealed.id if sealed else None,
    }


def payload_row(chain: str, sealed: Sealed) -> dict[str, Any]:
    """The row of a payload."""
    return {"id": sealed.id, "chain": chain, "salt": sealed.salt, "content": sealed.content, "digest": sealed.digest, "erased_at": None}


def append_to_case(
    work: Work, case_id: str, end: Head, entries: Sequence[Entry], actor: Actor, changes: Mapping[str, Any] | None = None
) -> Head:
    """Moves the end of the case's chain and writes the entries; `changes` are other columns of the case. Raises Outrun when somebody was faster."""
    written = write_lines(case_id, end, entries, actor)
    move_case(work, case_id, end, written.end, changes or {})
    insert_lines(work, [written])
    return written.end


def move_case(work: Work, case_id: str, before: Head, after: Head, changes: Mapping[str, Any]) -> None:
    """Moves the end of a case's chain from `before` to `after`; this row is the lock of the whole case. Raises Outrun."""
    told: dict[str, Any] = {"in_case": case_id, "in_seq": before.seq, "in_head": before.hash}
    values = {"seq": after.seq, "head": after.hash, **changes}
    told |= {f"new_{name}": value for name, value in values.items()}
    if work.changed(_moving_case(tuple(sorted(values))), told) != 1:
        raise Outrun


@lru_cache(maxsize=200)
def _moving_case(names: tuple[str, ...]) -> Update:
    """The update that moves a case and changes these columns, built once for each set of columns."""
    same = and_(case_file.c.id == bindparam("in_case"), case_file.c.seq == bindparam("in_seq"), case_file.c.head == bindparam("in_head"))
    return update(case_file).where(same).values(version=case_file.c.version + 1, **{name: bindparam(f"new_{name}") for name in names})


def insert_lines(work: Work, written: Sequence[Written]) -> None:
    """Inserts payloads then facts of several chains, one statement each."""
    if payloads := [row for part in written for row in part.payloads]:
        work.insert(payload, payloads)
    if facts := [row for part in written for row in part.facts]:
        work.insert(fact, facts)


def register_end(work: Work, register: str) -> Head:
    """The end of a register's chain."""
    row = work.one(select(register_head.c.seq, register_head.c.head).where(register_head.c.chain == register))
    return Head(row.seq, row.head) if row else Head()


def move_register(work: Work, register: str, before: Head, after: Head) -> None:
    """Moves the end of a register's chain. Raises Outrun when somebody was faster."""
    row = {"chain": register, "seq": after.seq, "head": after.hash}
    where = f"register_head.seq = {int(before.seq)}"
    if work.upsert(register_head, [row], key=("chain",), update=("seq", "head"), where=where) != 1:
        raise Outrun


def append_to_register(work: Work, register: str, entries: Sequence[Entry], actor: Actor) -> Head:
    """Writes entries at the end of a register (what belongs to no case). Raises Outrun when somebody was faster."""
    end = register_end(work, register)
    written = write_lines(register, end, entries, actor)
    move_register(work, register, end, written.end)
    insert_lines(work, [written])
    return written.end


@dataclass(frozen=True)
class HistoryLine:
    """One fact as screens and replay read it; `payload` is its canonical bytes, None when there is none or when it was erased."""

    seq: int
    kind: str
    at: datetime
    element: str
    actor_id: str
    actor_name: str
    channel: str
    instance_id: str | None
    command: int | None
    line: bytes
    hash: str
    payload: bytes | None
    erased: bool


def read_history(work: Work, chain: str, after: int = 0, limit: int | None = None) -> list[HistoryLine]:
    """The lines of a chain in order, from the one after number `after`."""
    statement = (
        select(fact, payload.c.content, payload.c.erased_at)
        .select_from(fact.outerjoin(payload, payload.c.id == fact.c.payload_id))
        .where(fact.c.chain == chain, fact.c.seq > after)
        .order_by(fact.c.seq)
        .limit(limit)
    )
    return [
        HistoryLine(
            row.seq, row.kind, row.at, row.element, row.actor_id, row.actor_name, row.channel, row.instance_id, row.command, row.line, row.hash, row.content,
            row.erased_at is not None,
        )
        for row in work.rows(statement)
    ]  # fmt: skip


def kept_lines(work: Work, chain: str) -> Iterator[KeptLine]:
    """The lines of a chain with their payloads, as verification reads them."""
    statement = (
        select(fact, payload.c.salt, payload.c.content, payload.c.digest)
        .select_from(fact.outerjoin(payload, payload.c.id == fact.c.payload_id))
        .where(fact.c.chain == chain)
        .order_by(fact.c.seq)
    )
    for row in work.rows(statement):
        columns = {
            "kind": row.kind,
            "at": row.at,
            "element": row.element,
            "actor": {"id": row.actor_id, "name": row.actor_name},
            "channel": row.channel,
            "instance": row.instance_id,
            "command": row.command,
        }
        yield KeptLine(row.seq, row.line, row.hash, row.payload_id, row.salt, row.content, row.digest, columns)


def chain_end(work: Work, chain: str) -> Head:
    """The kept end of a case's or a register's chain."""
    if chain.startswith("registre:"):
        return register_end(work, chain)
    row = work.one(select(case_file.c.seq, case_file.c.head).where(case_file.c.id == chain))
    return Head(row.seq, row.head) if row else Head()
