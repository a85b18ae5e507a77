"""Names of the département and its territories; they change rarely and are read often."""

from __future__ import annotations

from server.access.jalon import Jalon


def departement_name(jalon: Jalon, code: str) -> str:
    """The name of a département, "" when unknown (nobody signed in)."""
    return jalon.library.place_names(code)[0] if code else ""


def territories(jalon: Jalon, code: str) -> tuple[tuple[str, str], ...]:
    """(id, name) of the territories of a département, in their order."""
    return jalon.library.place_names(code)[1]
