"""The worker: takes due timers and wishes, does them, and notes what fails until it is visibly stuck."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from server.access.jalon import Jalon
from server.actions.deliver_outbox import deliver_outbox, deliver_together
from server.actions.fire_timer import fire_timer
from server.actions.fire_timers import fire_timers
from server.actions.note_failure import note_timer_try, note_wish_try
from server.jobs.nightly import run_nightly
from server.kernel.actor import machine
from server.kernel.errors import JalonError
from server.kernel.ids import new_id
from server.store.outboxes import renew_lease, take_wishes
from server.store.timers import take_due_timers
from server.store.work import unit_of_work

LEASE = timedelta(minutes=2)
BATCH = 50
TOGETHER = 10  # wishes in one commit: one that fails makes the ten be done again
IDLE_SECONDS = 1.0
ASKED_EVERY = timedelta(minutes=10)  # whether the night's work is due
_log = logging.getLogger("jalon.worker")


@dataclass(frozen=True)
class Pass:
    """What one pass did: timers fired, wishes done, tries that failed."""

    fired: int = 0
    delivered: int = 0
    failed: int = 0

    @property
    def idle(self) -> bool:
        """True when there was nothing to do."""
        return not (self.fired or self.delivered or self.failed)


def run_worker(jalon: Jalon, stop: Event) -> None:
    """Works until `stop` is set; sleeps a second when there is nothing to do. A pass that fails is logged and tried again."""
    night = jalon.clock.now()
    while not stop.is_set():
        try:
            now = jalon.clock.now()
            if now >= night:
                night = now + ASKED_EVERY
                run_nightly(jalon, now)
            done = run_once(jalon, now)
        except Exception:  # noqa: BLE001 - the top of a loop: it must outlive any failure of one pass
            _log.exception("a pass of the worker failed")
            done = Pass()
        if done.idle:
            stop.wait(IDLE_SECONDS)


def run_once(jalon: Jalon, now: datetime) -> Pass:
    """One pass: the timers due at `now` in due order, then the wishes."""
    timers, wishes = _fire_timers(jalon, now), _deliver(jalon, now)
    return Pass(timers.count(True), wishes.count(True), timers.count(None) + wishes.count(None))


def _fire_timers(jalon: Jalon, now: datetime) -> list[bool | None]:
    with unit_of_work(jalon.database) as work:
        taken = take_due_timers(work, now, LEASE, BATCH)
    done: list[bool | None] = []
    left = list(taken)
    while len(left) > 1 and (fired := _fired_together(jalon, left, now)):
        done += [True] * len(fired)
        left = [timer_id for timer_id in left if timer_id not in fired]
    fire = partial(fire_timer, jalon, machine(), now=now)
    return done + [_tried(partial(fire, timer_id), partial(note_timer_try, jalon, timer_id, now=now)) for timer_id in left]


def _fired_together(jalon: Jalon, timer_ids: list[str], now: datetime) -> frozenset[str]:
    """Those that fired in one commit; none when one of them fails: each then fires or fails alone."""
    try:
        return fire_timers(jalon, machine(), timer_ids, now)
    except JalonError:
        return frozenset()
    except Exception:  # noqa: BLE001 - the top of a loop: the timers are tried again one by one, and the one that fails is noted
        _log.exception("timers due together failed")
        return frozenset()


def _deliver(jalon: Jalon, now: datetime) -> list[bool | None]:
    lease = new_id()
    with unit_of_work(jalon.database) as work:
        taken = take_wishes(work, now, lease, LEASE, BATCH)
    done: list[bool | None] = []
    until = now + LEASE
    while taken:
        moment = max(jalon.clock.now(), now)
        if moment > until - LEASE / 2:
            until = moment + LEASE
            taken = [wish_id for wish_id in taken if _kept(jalon, wish_id, lease, until)]
        group, taken = taken[:TOGETHER], taken[TOGETHER:]
        if len(group) > 1 and (number := _delivered_together(jalon, group, lease, now)) is not None:
            done += [True] * number
            continue
        for wish_id in group:
            deliver = partial(deliver_outbox, jalon, machine(), wish_id, lease, now)
            done.append(_tried(deliver, partial(note_wish_try, jalon, wish_id, lease, now=now)))
    return done


def _delivered_together(jalon: Jalon, wish_ids: list[str], lease: str, now: datetime) -> int | None:
    """How many wishes were done in one commit; None when one of them fails: each is then done or fails alone."""
    try:
        return deliver_together(jalon, machine(), wish_ids, lease, now)
    except JalonError:
        return None
    except Exception:  # noqa: BLE001 - the top of a loop: the wishes are tried again one by one, and the one that fails is noted
        _log.exception("wishes done together failed")
        return None


def _kept(jalon: Jalon, wish_id: str, lease: str, until: datetime) -> bool:
    """Whether the wish is still ours, for longer."""
    with unit_of_work(jalon.database) as work:
        return renew_lease(work, wish_id, lease, until)


def _tried(do: Callable[[], bool], note: Callable[[str], None]) -> bool | None:
    """What `do` answers, None when it failed and the failure was noted."""
    try:
        return do()
    except JalonError as error:
        note(str(error))
    except Exception as error:  # noqa: BLE001 - the top of a loop: one broken row must not stop the others
        _log.exception("a row of the worker failed")
        note(f"Erreur imprévue ({type(error).__name__}).")
    return None
