"""Ids of rows (random) and of what the engine makes (drawn from the instance's id, so that a second run gives the same)."""

from __future__ import annotations

import base64
import hashlib
import secrets


def new_id() -> str:
    """A random id of a row: 26 lower-case letters and digits, 130 bits."""
    return base64.b32encode(secrets.token_bytes(17))[:26].decode().lower()


def derived_id(seed: str, number: int) -> str:
    """The id number `number` of the instance `seed`: the same inputs always give the same 26 hexadecimal letters."""
    return hashlib.blake2b(f"{seed}\x1f{number}".encode(), digest_size=13).hexdigest()
