"""Writes that somebody read a case's history: the auditor is audited."""

from __future__ import annotations

from datetime import datetime

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.facts import CASE_READ, Fact
from server.store.history import Entry, append_to_register
from server.store.work import unit_of_work, until_settled

REGISTER = "registre:acces"


def record_reading(jalon: Jalon, actor: Actor, case_id: str, screen: str, now: datetime) -> None:
    """Adds a line to the register of readings: who, which case, which screen. Raises NotFound."""
    until_settled(lambda: _record(jalon, actor, case_id, screen, now))


def _record(jalon: Jalon, actor: Actor, case_id: str, screen: str, now: datetime) -> None:
    with unit_of_work(jalon.database) as work:
        case_to_read(work, actor, case_id)
        append_to_register(work, REGISTER, [Entry(Fact(CASE_READ, now, body={"case": case_id, "screen": screen}))], actor)
