"""Brings a database to the present tables, without any file of configuration; safe when several processes start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from server.settings import ROOT

FOLDER = ROOT / "migrations"
_LOCK = 4_815_162_342  # one number for all Jalon processes: PostgreSQL's advisory lock


def migrate(database_url: str, to: str = "head") -> tuple[str, ...]:
    """Runs the missing migrations of migrations/ up to `to` ("head" or a revision); returns the revisions that were run, in order.

    On SQLite the file and its folder are created. Each migration is one transaction with its mark. Calling it again does nothing.
    """
    if make_url(database_url).get_backend_name() == "sqlite" and (file := make_url(database_url).database):
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(database_url)
    try:
        return _migrate(engine, to)
    finally:
        engine.dispose()


def _migrate(engine: Engine, to: str) -> tuple[str, ...]:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()
        before = _revision(connection)
        connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()
        after = _revision(connection)
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.commit()
    if after is None or after == before:
        return ()
    run = scripts.iterate_revisions(after, before or "base")
    return tuple(reversed([step.revision for step in run]))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
