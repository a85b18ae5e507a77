"""Assembles everything but the command line: settings, database, product, web."""

from __future__ import annotations

import secrets
from dataclasses import replace

from flask import Flask

from server.access.jalon import Jalon, assemble
from server.kernel.clock import Clock
from server.kernel.errors import BadInput
from server.settings import Settings
from server.store.migrating import migrate
from server.web import make_web


def with_secret(settings: Settings) -> Settings:
    """The settings with a secret: the one given, the one kept in the instance folder, or a new one kept there (readable by its owner only)."""
    if settings.secret:
        return settings
    kept = settings.instance / "secret"
    settings.instance.mkdir(parents=True, exist_ok=True)
    kept.touch(mode=0o600, exist_ok=True)
    if not kept.read_text(encoding="utf-8"):
        kept.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return replace(settings, secret=kept.read_text(encoding="utf-8").strip())


def prepare(settings: Settings) -> tuple[str, ...]:
    """Brings the database to the present tables; the migrations that were run. Raises BadInput when the folder cannot be written."""
    try:
        settings.instance.mkdir(parents=True, exist_ok=True)
        return migrate(settings.database_url)
    except OSError as error:
        raise BadInput(f"Le dossier des données ne peut pas être écrit : {error.strerror}. Vérifiez la place et les droits.") from error


def make_jalon(settings: Settings, clock: Clock | None = None) -> Jalon:
    """The assembled product. Raises BadInput without a secret."""
    if len(settings.secret) < 32:
        raise BadInput(
            "Aucun secret : donnez JALON_SECRET ou JALON_SECRET_FILE (32 caractères au moins), ou lancez « jalon run » une première fois."
        )
    return assemble(settings, clock)


def create_web(settings: Settings, clock: Clock | None = None) -> Flask:
    """The web application on a base that is ready; what a WSGI server calls."""
    return make_web(make_jalon(with_secret(settings), clock))
