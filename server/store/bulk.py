"""Multi-row inserts and upserts as one cached statement each: building them anew costs more than running them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, TextClause, bindparam, text

Rows = Sequence[Mapping[str, Any]]


def insert_statement(table: Table, rows: Rows) -> tuple[TextClause, dict[str, Any]]:
    """INSERT of all rows at once, and its parameters. All rows must have the keys of the first."""
    names = tuple(rows[0])
    return _statement(table, names, len(rows), ""), _parameters(names, rows)


def upsert_statement(table: Table, rows: Rows, key: Sequence[str], update: Sequence[str], where: str) -> tuple[TextClause, dict[str, Any]]:
    """INSERT … ON CONFLICT (key) DO UPDATE of the columns `update`, in the words that SQLite and PostgreSQL share."""
    names = tuple(rows[0])
    changes = ", ".join(f"{name} = excluded.{name}" for name in update)
    condition = f" WHERE {where}" if where else ""
    tail = f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}{condition}"
    return _statement(table, names, len(rows), tail), _parameters(names, rows)


@lru_cache(maxsize=1000)
def _statement(table: Table, names: tuple[str, ...], count: int, tail: str) -> TextClause:
    quoted = ", ".join(f'"{name}"' for name in names)
    lines = ", ".join("(" + ", ".join(f":{name}__{number}" for name in names) + ")" for number in range(count))
    parameters = [bindparam(f"{name}__{number}", type_=table.c[name].type) for number in range(count) for name in names]
    return text(f'INSERT INTO "{table.name}" ({quoted}) VALUES {lines}{tail}').bindparams(*parameters)  # noqa: S608 - names are ours


def _parameters(names: tuple[str, ...], rows: Rows) -> dict[str, Any]:
    return {f"{name}__{number}": row[name] for number, row in enumerate(rows) for name in names}


def named(row: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of one row, for the statement of one row."""
    return {f"{name}__0": value for name, value in row.items()}
