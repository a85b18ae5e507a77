"""Opens a session for a login and a password; the only place that knows passwords, so that single sign-on can take its seat."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from argon2 import DEFAULT_MEMORY_COST, PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.errors import BadInput, TooMuch
from server.kernel.facts import SIGNED_IN, Fact
from server.kernel.ids import new_id
from server.store.accounts import account_of_login, failures, forget_failures, note_failure, open_session, session_of, touch_session
from server.store.history import Entry, append_to_register
from server.store.work import glancing, unit_of_work, until_settled

WINDOW = timedelta(minutes=15)
TRIES_PER_LOGIN = 5
TRIES_PER_ADDRESS = 30
SESSION = timedelta(hours=12)
IDLE = timedelta(hours=2)
NOTED_EVERY = timedelta(minutes=5)

_HASHER = PasswordHasher()
_NOBODYS = _HASHER.hash(secrets.token_urlsafe(16))  # verified for unknown logins, so that they take as long as known ones
_WRONG = "Identifiant ou mot de passe incorrect. Vérifiez votre saisie, ou adressez-vous à votre administrateur."


def hash_password(password: str, memory: int = DEFAULT_MEMORY_COST) -> str:
    """The argon2id hash of a password; `memory` in KiB. Raises BadInput under 12 characters."""
    if len(password) < 12:
        raise BadInput("Le mot de passe est trop court : 12 caractères au moins.")
    hasher = _HASHER if memory == DEFAULT_MEMORY_COST else PasswordHasher(memory_cost=memory, time_cost=1, parallelism=1)
    return hasher.hash(password)


def sign_in(jalon: Jalon, login: str, password: str, address: str, now: datetime) -> tuple[str, Actor]:
    """The session's token, to be put in a cookie and nowhere else, and the actor.

    Raises BadInput, always with the same sentence, when login or password is wrong; TooMuch after 5 failures of a login or 30 of an address within 15 minutes.
    """
    login = login.strip().casefold()
    with glancing(jalon.database) as work:
        of_login, of_address, oldest = failures(work, login, address, now - WINDOW)
        account = account_of_login(work, login)
    if of_login >= TRIES_PER_LOGIN or of_address >= TRIES_PER_ADDRESS:
        wait = int(((oldest or now) + WINDOW - now).total_seconds() // 60) + 1
        raise TooMuch(f"Trop d'essais. Attendez {wait} minute{'s' if wait > 1 else ''}, puis recommencez.")
    known = account.password_hash if account and account.active else _NOBODYS
    if not _matches(known, password) or account is None or not account.active:
        with unit_of_work(jalon.database) as work:
            note_failure(work, new_id(), login, address, now)
        raise BadInput(_WRONG)
    return until_settled(lambda: _open(jalon, account.actor, login, now))


def _open(jalon: Jalon, actor: Actor, login: str, now: datetime) -> tuple[str, Actor]:
    token = secrets.token_urlsafe(32)
    session_id = jalon.database.keys.token_digest(token)
    with unit_of_work(jalon.database) as work:
        open_session(work, session_id, actor.user_id, now, now + SESSION)
        forget_failures(work, login, now - WINDOW)
        append_to_register(work, "registre:acces", [Entry(Fact(SIGNED_IN, now, body={"user": actor.user_id}))], actor)
    return token, replace(actor, session_id=session_id)


def _matches(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def actor_of_token(jalon: Jalon, token: str, now: datetime, channel: str = "ecran") -> Actor | None:
    """Whom a token belongs to, in one statement; None when the session is unknown, closed, over (12 hours) or idle (2 hours)."""
    with glancing(jalon.database) as work:
        found = session_of(work, jalon.database.keys.token_digest(token), now, channel)
    if found is None or found.seen_at + IDLE < now:
        return None
    if found.seen_at + NOTED_EVERY < now:
        with unit_of_work(jalon.database) as work:
            touch_session(work, found.id, now)
    return found.actor
