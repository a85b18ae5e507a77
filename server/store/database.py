"""Opens a database, SQLite or PostgreSQL, with the settings that lose nothing; the rest of the store never asks which one it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from server.store.personal import PersonalKeys, personal_keys

BUSY_SECONDS = 10


@dataclass(frozen=True)
class Database:
    """An opened database: its engine and the keys of what is encrypted in it. `kind` is "sqlite" or "postgresql"."""

    engine: Engine
    keys: PersonalKeys

    @property
    def kind(self) -> str:
        return self.engine.dialect.name

    def close(self) -> None:
        """Closes every pooled connection."""
        self.engine.dispose()


def open_database(url: str, secret: str) -> Database:
    """The database at `url` (sqlite:///file or postgresql+psycopg://…). `secret`: the text of settings that encrypts the NIR.

    SQLite: WAL, synchronous FULL, foreign keys, 10 seconds of patience, BEGIN IMMEDIATE for writes (facts of scale: deferred writers lose updates silently).
    """
    keys = personal_keys(secret)
    if make_url(url).get_backend_name() == "sqlite":
        return Database(_open_sqlite(url), keys)
    engine = create_engine(url, pool_size=10, max_overflow=50, pool_recycle=600, hide_parameters=True)
    return Database(engine, keys)


@contextmanager
def built_aside(database: Database) -> Iterator[None]:
    """While a base is built that nobody reads and that is thrown away when the building stops: SQLite does not wait for the disk at each commit.

    At the end all of it is on the disk, and connections wait for the disk again. PostgreSQL is left as it is.
    """
    if database.kind != "sqlite":
        yield
        return
    database.engine.dispose()
    event.listen(database.engine, "connect", _hurry)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", _hurry)
        database.engine.dispose()
        count_anew(database)
        connection = database.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # synchronous is FULL again: the whole file is flushed
        finally:
            connection.close()


def count_anew(database: Database) -> None:
    """Lets SQLite count how its indexes part the rows: its planner knows nothing else, and nobody but us asks it to. PostgreSQL does it by itself."""
    if database.kind == "sqlite":
        with database.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")  # rows looked at per index: a moment, whatever the size
            connection.exec_driver_sql("ANALYZE")


def _hurry(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()


def _open_sqlite(url: str) -> Engine:
    file = make_url(url).database
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, pool_size=10, max_overflow=50, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, hide_parameters=True
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own is deferred
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("jalon_reads")
    if reads != "each":
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
