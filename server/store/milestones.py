"""The conditions behind each figure, said once: the figures count them and the lists of cases filter by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, and_, cast, exists, func, literal, or_, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from server.store.tables import case_file, task


class days_between(GenericFunction[int]):  # noqa: N801 - written as SQL functions are
    """Days from the first date to the second, on both databases."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _sqlite_days(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(days_between)
def _other_days(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({second} - {first})"


@dataclass(frozen=True)
class Terms:
    """What the figures count with, in days from the opening of the right.

    `orientation` and `contract`: last good day; `first_meeting`: first day that is late (« moins de 30 jours »).
    """

    today: date
    now: datetime
    orientation: int = 15
    first_meeting: int = 30
    contract: int = 30


Condition = Callable[[Terms], ColumnElement[bool]]
_c = case_file.c


def _age(terms: Terms) -> ColumnElement[int]:
    return days_between(_c.right_opened_on, literal(terms.today, Date()))


def _within(column: Any, days: int) -> ColumnElement[bool]:
    return and_(column.is_not(None), days_between(_c.right_opened_on, column) <= days)


def _judged(column: Any, terms: Terms, days: int) -> ColumnElement[bool]:
    """Old enough to be judged, or already done: what is still within its delay is left out of the rate."""
    return or_(column.is_not(None), _age(terms) > days)


def _under_contract(terms: Terms) -> ColumnElement[bool]:
    return and_(_c.contract_signed_on.is_not(None), or_(_c.contract_ends_on.is_(None), _c.contract_ends_on >= terms.today))


def _late(terms: Terms) -> ColumnElement[bool]:
    return exists().where(task.c.case_id == _c.id, task.c.status == "open", task.c.due_at < terms.now)


CONDITIONS: dict[str, Condition] = {
    "entrants": lambda _: true(),
    "orientes": lambda _: _c.oriented_on.is_not(None),
    "orientes_delai": lambda t: _within(_c.oriented_on, t.orientation),
    "orientes_juges": lambda t: _judged(_c.oriented_on, t, t.orientation),
    "accompagnes_delai": lambda t: _within(_c.first_meeting_on, t.first_meeting - 1),
    "accompagnes_juges": lambda t: _judged(_c.first_meeting_on, t, t.first_meeting - 1),
    "contrat": _under_contract,
    "contrat_delai": lambda t: _within(_c.contract_signed_on, t.contract),
    "contrat_juges": lambda t: _judged(_c.contract_signed_on, t, t.contract),
    "retard": _late,
    "ep": lambda _: _c.ep_on.is_not(None),
    "retablis": lambda _: _c.reinstated_on.is_not(None),
    "sans_orientation": lambda _: _c.oriented_on.is_(None),
}


def month_of(column: Any) -> ColumnElement[str]:
    """The month of a date column as "2026-11", on both databases."""
    return func.substr(cast(column, String), 1, 7)
