"""Counts statements and commits of a database, or breaks it at a chosen statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from server.store.database import Database


@dataclass
class Watched:
    """What was sent: statements (BEGIN aside), and commits of transactions that wrote."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def writes(self) -> int:
        return sum(1 for statement in self.statements if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"})


@contextmanager
def watching(database: Database) -> Iterator[Watched]:
    """Everything sent to the database inside the block."""
    seen = Watched()

    def sent(_connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, many: bool) -> None:
        if not statement.startswith("BEGIN"):
            seen.statements.append(statement)

    def committed(_connection: Any) -> None:
        seen.commits += 1

    event.listen(database.engine, "before_cursor_execute", sent)
    event.listen(database.engine, "commit", committed)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", sent)
        event.remove(database.engine, "commit", committed)


class Crash(Exception):
    """The machine stops here."""


@contextmanager
def crashing_at(database: Database, number: int) -> Iterator[None]:
    """The statement number `number` (1, 2…) never happens, nor the commit that comes in its place."""
    count = 0

    def sent(_connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, many: bool) -> None:
        nonlocal count
        if statement.startswith("BEGIN"):
            return
        count += 1
        if count == number:
            raise Crash

    def committed(_connection: Any) -> None:
        if count == number - 1:
            raise Crash

    event.listen(database.engine, "before_cursor_execute", sent)
    event.listen(database.engine, "commit", committed)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", sent)
        event.remove(database.engine, "commit", committed)
