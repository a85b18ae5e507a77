"""Fills a base with up to a million tasks in a few statements: copies of one real case and of its task, made inside the database; only the reading is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, text

from server.store.sql import select
from server.store.tables import case_file, household, instance, person, person_word, task, territory
from server.store.work import reading
from tests.factories import World
from tests.small_packages import accueil

AGENTS, NAMES = 500, 1_000
PLACES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count}) "
_SPREAD = "(({n}) * 48271 % 2147483647)"  # different numbers in no order, as real ids are
_MINUTES = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-03-02 12:00:00', ({minutes}) || ' minutes')",
    "postgresql": "TIMESTAMPTZ '2026-03-02 12:00:00+00' + ({minutes}) * INTERVAL '1 minute'",
}
_NEVER = {"sqlite": "'9999-12-31 00:00:00.000000'", "postgresql": "TIMESTAMPTZ '9999-12-31 00:00:00+00'"}


@dataclass(frozen=True)
class Size:
    """How much is made."""

    tasks: int
    open: int
    cases: int


def fill(world: World, holder_id: str, size: Size) -> None:
    """Tasks in ten territories: of the open ones a tenth is held (some by `holder_id`, in territory I), the others were done by 500 agents."""
    world.publish(accueil())
    world.case("accueil")
    with reading(world.jalon.database) as work:
        models = {table.name: str(work.value(select(table.c.id).limit(1))) for table in (household, person, case_file, instance, task)}
    kind = world.jalon.database.kind
    with world.jalon.database.engine.connect() as connection:
        if kind == "postgresql":  # references are right by construction; checking three million of them is not what is measured
            connection.execute(text("SET session_replication_role = replica"))
            connection.commit()
        else:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        with connection.begin():
            _places(connection)
            _people(connection, models, size.cases)
            _tasks(connection, models["task"], size, holder_id)
        if kind == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        else:
            connection.connection.driver_connection.execute("ANALYZE")  # type: ignore[union-attr]
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]
        connection.invalidate()


def _places(connection: Connection) -> None:
    names = ", ".join(f"('13-{code}', '13', '{code}', 'Pôle {code}')" for code in PLACES[2:])
    connection.execute(text(f"INSERT INTO {territory.name} (id, departement, code, name) VALUES {names}"))


def _people(connection: Connection, models: Mapping[str, str], cases: int) -> None:
    place = "'13-' || CASE n % 10 " + " ".join(f"WHEN {i} THEN '{code}'" for i, code in enumerate(PLACES)) + " END"
    last = f"'dupont' || (n % {NAMES})"
    own = {"id": "'p' || n", "last_name": last, "search_name": f"{last} || ' lea'", "nir_index": "NULL", "internal_id": "NULL"}
    _copy(connection, person, models["person"], cases, own)
    numbered = "'13-2020-' || substr('00000' || n, -6)" if connection.dialect.name == "sqlite" else "'13-2020-' || lpad(n::text, 6, '0')"
    case = {"id": "'c' || n", "person_id": "'p' || n", "number": numbered, "territory_id": place}
    _copy(connection, case_file, models["case_file"], cases, case)
    _copy(connection, instance, models["instance"], cases, {"id": "'i' || n", "case_id": "'c' || n", "territory_id": place})
    for word in (last, "'lea'"):
        rows = f"INSERT INTO {person_word.name} (departement, word, person_id) {_NUMBERS.format(count=cases)} SELECT '13', {word}, 'p' || n FROM numbers"
        connection.execute(text(rows))


def _tasks(connection: Connection, model: str, size: Size, holder_id: str) -> None:
    kind = connection.dialect.name
    place = "'13-' || CASE n % 10 " + " ".join(f"WHEN {i} THEN '{code}'" for i, code in enumerate(PLACES)) + " END"
    minutes = _MINUTES[kind].format(minutes=f"{_SPREAD.format(n='n')} % 200000 - 100000")
    dated = f"n < {size.open} AND n / 10 % 5 > 0"
    held = f"n < {size.open} AND n / 50 % 10 = 0"
    holder = f"CASE WHEN n % 2500 = 0 AND {held} THEN '{holder_id}' WHEN {held} THEN 'agent' || (n % {AGENTS}) END"
    own = {
        "id": f"'t' || {_SPREAD.format(n='n + 1')}",
        "case_id": f"'c' || (n % {size.cases})",
        "instance_id": f"'i' || (n % {size.cases})",
        "territory_id": place,
        "status": f"CASE WHEN n < {size.open} THEN 'open' ELSE 'done' END",
        "group_name": "CASE WHEN n / 100 % 3 = 0 THEN 'gestion' ELSE 'orientation' END",
        "due_at": f"CASE WHEN {dated} THEN {minutes} END",
        "sort_at": f"CASE WHEN {dated} THEN {minutes} ELSE {_NEVER[kind]} END",
        "holder_id": holder,
        "done_at": f"CASE WHEN n >= {size.open} THEN {minutes} END",
        "done_by": f"CASE WHEN n >= {size.open} THEN CASE WHEN n % {AGENTS} = 7 THEN '{holder_id}' ELSE 'agent' || (n % {AGENTS}) END END",
    }
    _copy(connection, task, model, size.tasks, own)


def _copy(connection: Connection, table: Table, model: str, count: int, own: Mapping[str, str]) -> None:
    names = [column.name for column in table.c]
    values = ", ".join(own.get(name, f'"{table.name}"."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    statement = f'INSERT INTO "{table.name}" ({columns}) {_NUMBERS.format(count=count)} SELECT {values} FROM numbers, "{table.name}" WHERE "{table.name}".id = :model'
    connection.execute(text(statement.replace(":=", r"\:=")), {"model": model})
