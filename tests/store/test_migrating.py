"""Migrations bring an empty base and a filled one to the present tables, and lose nothing."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select, text

from server.store.columns import NEVER
from server.store.migrating import migrate
from server.store.tables import instance, metadata, person, person_word, task, territory


def test_an_empty_base_gets_every_table_and_a_second_run_does_nothing(databases):
    with databases.empty() as url:
        assert migrate(url)[0] == "0001"
        assert migrate(url) == ()


def test_the_migrations_and_the_tables_of_the_code_agree(database):
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    assert differences == []


def _fill(connection):
    """What a base of the first release holds, in its own words."""
    at = "2026-03-02 12:00:00.000000"
    rows = {
        "departement": {"code": "13", "name": "Bouches-du-Rhône"},
        "territory": {"id": "13-I", "departement": "13", "code": "I", "name": "Pôle I"},
        "person": {"id": "p", "departement": "13", "last_name": "Lœuïs", "first_names": "Anne Marie", "search_name": "loeuis anne marie", "created_at": at},
        "case_file": {"id": "c", "number": "13-2026-000001", "person_id": "p", "departement": "13", "territory_id": "13-I", "status": "open",
                      "opened_at": at, "right_opened_on": "2026-03-01", "facts": "{}"},
        "package_version": {"id": "v", "departement": "13", "slug": "s", "title": "S", "status": "published", "files": "{}", "content_hash": "h",
                            "created_at": at, "changed_at": at},
        "instance": {"id": "i", "case_id": "c", "package_id": "v", "departement": "13", "process": "s", "status": "open", "started_at": at},
        "task": {"id": "t", "instance_id": "i", "case_id": "c", "departement": "13", "territory_id": "13-I", "process": "s", "element": "e", "name": "n",
                 "form": "f", "group_name": "g", "status": "open", "ready_at": at},
    }  # fmt: skip
    lines = [{"chain": "c", "seq": seq, "instance_id": instance, "kind": "k", "at": at, "element": "", "actor_id": "", "actor_name": "", "channel": "x",
              "line": b"{}", "hash": "h"} for seq, instance in ((1, None), (2, "i"), (3, "i"))]  # fmt: skip
    for name, row in [*rows.items(), *(("fact", line) for line in lines)]:
        connection.execute(text(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join(':' + column for column in row)})"), row)


def test_a_filled_base_of_the_first_release_keeps_its_rows_and_fills_what_is_new(databases):
    with databases.empty() as url:
        migrate(url, "0001")
        engine = create_engine(url)
        with engine.begin() as connection:
            _fill(connection)
        migrate(url)
        with engine.connect() as connection:
            assert connection.execute(select(person.c.last_name)).scalars().all() == ["Lœuïs"]
            assert set(connection.execute(select(person_word.c.word)).scalars()) == {"loeuis", "anne", "marie"}
            assert connection.execute(select(instance.c.born)).scalar_one() == 2
            assert connection.execute(select(task.c.due_at, task.c.sort_at)).one() == (None, NEVER)
            assert connection.execute(select(territory.c.name)).scalars().all() == ["Pôle I"]
        engine.dispose()
