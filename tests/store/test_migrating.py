"""Migrations bring an empty base and a filled one to the present tables, and lose nothing."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, select

from server.store.migrating import migrate
from server.store.tables import departement, metadata, territory


def test_an_empty_base_gets_every_table_and_a_second_run_does_nothing(databases):
    with databases.empty() as url:
        assert migrate(url)[0] == "0001"
        assert migrate(url) == ()


def test_the_migrations_and_the_tables_of_the_code_agree(database):
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    assert differences == []


def test_a_filled_base_keeps_its_rows(databases):
    with databases.empty() as url:
        migrate(url, "0001")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(insert(departement).values(code="13", name="Bouches-du-Rhône"))
            connection.execute(insert(territory).values(id="13-I", departement="13", code="I", name="Pôle I"))
        migrate(url)
        with engine.connect() as connection:
            assert connection.execute(select(territory.c.name)).scalars().all() == ["Pôle I"]
        engine.dispose()
