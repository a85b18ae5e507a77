"""What many tests share: a clean database of each kind, and the product assembled on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.database import Database, open_database
from tests.databases import Postgresql, Sqlite, postgresql_address, run_id, worker_id
from tests.factories import World, world_on

SECRET = "un secret de test, long de plus de trente-deux caractères"


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases(pytestconfig: pytest.Config) -> Iterator[Postgresql]:
    databases = Postgresql(postgresql_address(run_id(pytestconfig)), worker_id(pytestconfig))
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Sqlite | Postgresql:
    """The maker of databases of one kind; a test that asks for it runs once per kind."""
    return request.getfixturevalue(f"{request.param}_databases")


@pytest.fixture
def database_url(databases: Sqlite | Postgresql) -> Iterator[str]:
    """The address of a clean migrated database, of each kind in turn."""
    with databases.copy() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A clean migrated database, opened, of each kind in turn."""
    opened = open_database(database_url, SECRET)
    yield opened
    opened.close()


@pytest.fixture
def world(database: Database, database_url: str, tmp_path: Path) -> World:
    """The product on a clean database of each kind in turn, with two départements and no process yet."""
    return world_on(database, database_url, tmp_path)
