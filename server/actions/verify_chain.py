"""Checks a whole chain of history: a case's or a register's."""

from __future__ import annotations

from datetime import datetime

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.errors import Forbidden
from server.store.chain import Verdict, verify
from server.store.history import chain_end, kept_lines
from server.store.work import reading


def verify_chain(jalon: Jalon, actor: Actor, chain: str, now: datetime) -> Verdict:  # noqa: ARG001 - every verb ends with its time
    """What the check of this chain finds. `chain` is a case's id, or "registre:…". Raises NotFound, Forbidden."""
    with reading(jalon.database) as work:
        if chain.startswith("registre:"):
            if actor.user_id and not actor.has("auditeur", "administrateur", "responsable"):
                raise Forbidden("Les registres se vérifient par un auditeur ou un responsable.")
        elif actor.user_id:
            case_to_read(work, actor, chain)
        return verify(chain, kept_lines(work, chain), chain_end(work, chain))
