"""Closes a session."""

from __future__ import annotations

from datetime import datetime

from server.access.jalon import Jalon
from server.store.accounts import close_sessions
from server.store.work import unit_of_work


def sign_out(jalon: Jalon, token: str, now: datetime) -> None:  # noqa: ARG001 - every verb ends with its time
    """Closes the session of this token; an unknown token is no error."""
    with unit_of_work(jalon.database) as work:
        close_sessions(work, session_id=jalon.database.keys.token_digest(token))
