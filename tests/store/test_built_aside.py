"""A base that is built aside does not wait for the disk; what serves it does again, and its planner knows the rows."""

from __future__ import annotations

import pytest

from server.store.database import built_aside, count_anew


def _synchronous(database) -> int:
    with database.engine.connect() as connection:
        return connection.exec_driver_sql("PRAGMA synchronous").scalar()


def test_only_while_it_is_built_sqlite_does_not_wait_for_the_disk(world):
    database = world.jalon.database
    if database.kind != "sqlite":
        with built_aside(database):
            pass
        return
    assert _synchronous(database) == 2
    with built_aside(database):
        assert _synchronous(database) == 0
    assert _synchronous(database) == 2
    with pytest.raises(ZeroDivisionError), built_aside(database):
        1 / 0  # noqa: B018
    assert _synchronous(database) == 2


def test_sqlite_has_statistics_afterwards(world):
    database = world.jalon.database
    count_anew(database)
    if database.kind == "sqlite":
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_stat1").scalar() > 0
