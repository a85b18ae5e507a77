"""The names of the chains of history: cases and registers."""

from __future__ import annotations

from collections.abc import Sequence

from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.store.sql import select
from server.store.tables import case_file, register_head
from server.store.work import reading


def chain_names(jalon: Jalon, actor: Actor, numbers: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """(chain, words) of every case of the département and every register; only the cases of these numbers when some are given."""
    statement = select(case_file.c.id, case_file.c.number).where(case_file.c.departement == actor.departement).order_by(case_file.c.number)
    with reading(jalon.database) as work:
        if numbers:
            return tuple((row.id, row.number) for row in work.rows(statement.where(case_file.c.number.in_(list(numbers)))))
        cases = [(row.id, row.number) for row in work.rows(statement)]
        registers = [(row.chain, row.chain) for row in work.rows(select(register_head.c.chain).order_by(register_head.c.chain))]
    return tuple(cases + registers)
