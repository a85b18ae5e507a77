"""The unit of work: one transaction, one commit, and the few ways to speak to the database inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Row, Table

from server.kernel.errors import Stale
from server.store.bulk import insert_statement, named, upsert_statement
from server.store.database import Database

Settled = TypeVar("Settled")


TOGETHER = 20  # rows in one INSERT: a longer text costs more to make than it saves


class Work:
    """One open transaction. Rows come as SQLAlchemy rows: read them by name."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.database = database
        self._connection = connection

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Runs one statement."""
        return self._connection.execute(statement, parameters)

    def rows(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Every row of a select."""
        return self._connection.execute(statement, parameters).all()

    def one(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Row[Any] | None:
        """The first row of a select, or None."""
        return self._connection.execute(statement, parameters).first()

    def value(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return self._connection.execute(statement).scalar()

    def changed(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> int:
        """Runs an update or a delete and tells how many rows it touched."""
        return self.execute(statement, parameters).rowcount

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts rows that share their keys: few as one statement, many as one statement sent again for each."""
        if len(rows) > TOGETHER:
            self._connection.execute(insert_statement(table, rows[:1])[0], [named(row) for row in rows])
        elif rows:
            self._connection.execute(*insert_statement(table, rows))

    def upsert(self, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str], update: Sequence[str], where: str = "") -> int:
        """Inserts rows, or updates the columns `update` of those whose `key` exists (when `where` holds); how many rows were touched."""
        if len(rows) > TOGETHER:
            statement, _ = upsert_statement(table, rows[:1], key, update, where)
            return self.execute(statement, [named(row) for row in rows]).rowcount
        return self.execute(*upsert_statement(table, rows, key, update, where)).rowcount if rows else 0


@contextmanager
def unit_of_work(database: Database) -> Iterator[Work]:
    """One transaction that writes: commits at exit, rolls back on any error. Nothing else commits."""
    with database.engine.begin() as connection:
        yield Work(database, connection)


@contextmanager
def reading(database: Database) -> Iterator[Work]:
    """One transaction that only reads, on one image of the database; it takes no lock and blocks nobody."""
    options: dict[str, Any] = {"jalon_reads": "together"}
    if database.kind == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with database.engine.connect() as connection:
        yield Work(database, connection.execution_options(**options))


@contextmanager
def glancing(database: Database) -> Iterator[Work]:
    """Reads without any transaction, each statement on its own image: for one statement, or for what is checked again when it is written.

    It saves a BEGIN and a ROLLBACK, two of the round trips that a completed task makes.
    """
    options: dict[str, Any] = {"jalon_reads": "each"}
    if database.kind == "postgresql":
        options |= {"isolation_level": "AUTOCOMMIT"}
    with database.engine.connect() as connection:
        yield Work(database, connection.execution_options(**options))


class Outrun(Stale):
    """Another transaction moved the same chain first: nothing was written, the verb may be tried again from its first read."""

    def __init__(self) -> None:
        super().__init__("Ce dossier vient de changer. Rien n'a été enregistré : rechargez la page, puis recommencez.")


def until_settled(attempt: Callable[[], Settled], tries: int = 40) -> Settled:
    """Runs `attempt` (its own reads and its own unit of work) again while others are faster; Outrun when they always are."""
    for _ in range(tries - 1):
        try:
            return attempt()
        except Outrun:
            continue
    return attempt()
