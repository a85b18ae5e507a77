"""Notes that a timer or a wish could not be done; after five tries it is stuck, and the history says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.access.jalon import Jalon
from server.actions.planning import REGISTER_OF_NO_CASE
from server.kernel.actor import machine
from server.kernel.facts import STUCK, Fact
from server.store.cases import find_case
from server.store.chain import Origin
from server.store.history import Entry, append_to_case, append_to_register
from server.store.outboxes import find_wish, note_wish_failure
from server.store.timers import find_timer, note_timer_failure
from server.store.work import Work, unit_of_work, until_settled

TRIES = 5
_WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


def note_timer_try(jalon: Jalon, timer_id: str, error: str, now: datetime) -> None:
    """Counts a failed try of a timer."""

    def attempt() -> None:
        with unit_of_work(jalon.database) as work:
            kept = find_timer(work, timer_id)
            if kept is None or kept.status != "waiting":
                return
            stuck = kept.tries + 1 >= TRIES
            note_timer_failure(work, kept, error, _next(kept.tries, now), stuck=stuck)
            if stuck:
                _tell(
                    work,
                    kept.case_id,
                    kept.instance_id,
                    Fact(STUCK, now, kept.element, {"timer": timer_id, "tries": TRIES}, {"error": error}),
                )

    until_settled(attempt)


def note_wish_try(jalon: Jalon, wish_id: str, lease: str, error: str, now: datetime) -> None:
    """Counts a failed try of a wish, unless another worker has it meanwhile."""

    def attempt() -> None:
        with unit_of_work(jalon.database) as work:
            wish = find_wish(work, wish_id)
            if wish is None or wish.status != "waiting":
                return
            stuck = wish.tries + 1 >= TRIES
            mine = note_wish_failure(work, wish, lease, error, _next(wish.tries, now), stuck=stuck)
            if mine and stuck:
                body = {"wish": wish_id, "type": wish.type, "tries": TRIES}
                _tell(work, wish.case_id, wish.instance_id, Fact(STUCK, now, wish.element, body, {"error": error}))

    until_settled(attempt)


def _next(tries: int, now: datetime) -> datetime:
    return now + _WAITS[min(tries, len(_WAITS) - 1)]


def _tell(work: Work, case_id: str | None, instance_id: str, fact: Fact) -> None:
    entry = Entry(fact, Origin(instance_id))
    case = find_case(work, case_id) if case_id else None
    if case is not None:
        append_to_case(work, case.id, case.end, [entry], machine(case.departement))
    else:
        append_to_register(work, REGISTER_OF_NO_CASE, [entry], machine())
