"""Checks the chain of a case and says what it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.access.jalon import Jalon
from server.actions.verify_chain import verify_chain
from server.kernel.actor import Actor
from server.store.history import chain_end
from server.store.work import reading


@dataclass(frozen=True)
class Verification:
    """The chain holds from line `first` to line `last`, or fails first at `bad_seq`; `head` is the hash of its end."""

    ok: bool
    first: int
    last: int
    head: str
    bad_seq: int | None
    message: str


def verify_case(jalon: Jalon, actor: Actor, case_id: str, now: datetime) -> Verification:
    """What the check of a case's chain finds. Raises NotFound."""
    verdict = verify_chain(jalon, actor, case_id, now)
    with reading(jalon.database) as work:
        end = chain_end(work, case_id)
    return Verification(verdict.holds, min(1, verdict.lines), verdict.lines, end.hash, verdict.first_bad, verdict.message)
