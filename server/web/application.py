"""Builds the Flask application from an assembled Jalon."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, send_from_directory, url_for

from server.access.permissions import Permission, allows
from server.actions.jalon import Jalon
from server.calendars import Calendar, in_words
from server.kernel.actor import Actor
from server.queries.places import departement_name
from server.web import errors, guard, words
from server.web.admin import admin
from server.web.api import install_api
from server.web.audit import audit
from server.web.cases import cases
from server.web.home import home
from server.web.imports import imports
from server.web.inbox import inbox
from server.web.login import login
from server.web.pilotage import pilotage
from server.web.seances import seances
from server.web.studio import studio

MAX_POST = 40 * 1024 * 1024  # bytes; a 60,000-row spreadsheet is under 30 MB


@dataclass(frozen=True)
class Entry:
    """A line of the main menu."""

    text: str
    url: str
    here: bool


_MENU = (
    ("Mes tâches", "inbox.listing", Permission.TASKS_WORK),
    ("Dossiers", "cases.listing", Permission.CASES_READ),
    ("Séances d'EP", "seances.listing", Permission.EP_OPINE),
    ("Imports", "imports.listing", Permission.IMPORTS_RUN),
    ("Indicateurs", "pilotage.figures", Permission.FIGURES_READ),
    ("Studio", "studio.listing", Permission.STUDIO_READ),
    ("Paramètres", "admin.parameters", Permission.PARAMETERS_READ),
    ("Comptes", "admin.accounts", Permission.ACCOUNTS_MANAGE),
)


def make_web(jalon: Jalon) -> Flask:
    """The web application. Raises nothing: `jalon` is already checked."""
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.secret_key = jalon.settings.secret
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_POST,
        MAX_FORM_MEMORY_SIZE=MAX_POST,
        SESSION_COOKIE_NAME="jalon_page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=jalon.settings.secure_cookies,
    )
    app.extensions["jalon"] = jalon
    _serve_static(app, jalon.settings.root / "static")
    guard.install(app)
    words.install(app)
    for blueprint in (home, login, inbox, cases, audit, imports, pilotage, seances, admin, studio):
        app.register_blueprint(blueprint)
    install_api(app)
    errors.install(app)  # after the API, whose library would answer every page's error in JSON
    _template_words(app, jalon)
    return app


def _serve_static(app: Flask, folder: Path) -> None:
    versions: dict[str, str] = {}

    def static(name: str) -> Any:
        return send_from_directory(folder, name, max_age=31536000 if request.args.get("v") else 3600)

    static.permission = Permission.ANYONE  # type: ignore[attr-defined] # files of the pages hold nothing private
    app.add_url_rule("/static/<path:name>", "static", static)

    def static_url(name: str) -> str:
        if name not in versions or app.debug:
            path = folder / name
            versions[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "0"
        return url_for("static", name=name, v=versions[name])

    app.jinja_env.globals["static_url"] = static_url


def _template_words(app: Flask, jalon: Jalon) -> None:
    def menu() -> list[Entry]:
        blueprint = request.blueprint or ""
        actor = guard.current_actor()
        shown = [(text, endpoint) for text, endpoint, permission in _MENU if allows(actor, permission)]
        return [Entry(text, url_for(endpoint), _here(endpoint, blueprint)) for text, endpoint in shown]

    def role_words(actor: Actor) -> str:
        return ", ".join(words.ROLE_WORDS.get(role, role) for role in sorted(actor.roles))

    app.jinja_env.globals.update(
        csrf_token=guard.csrf_token,
        flashes=guard.taken_flashes,
        may=guard.may,
        Permission=Permission,
        menu=menu,
        query_with=_query_with,
        role_words=role_words,
        may_search=lambda: guard.may(Permission.CASES_READ),
        in_words=in_words,
        demonstration=jalon.settings.demonstration,
        calendar=Calendar(),
    )

    @app.context_processor
    def every_page() -> dict[str, Any]:
        actor = guard.current_actor()
        return {"actor": actor, "now": jalon.clock.now(), "departement_name": departement_name(jalon, actor.departement)}


def _query_with(**changes: str) -> str:
    """The query of this page with some of its values changed, or taken away when empty."""
    kept = {name: value for name, value in (request.args.to_dict() | changes).items() if value}
    return urlencode(kept)


def _here(endpoint: str, blueprint: str) -> bool:
    if blueprint == "admin":
        return endpoint == request.endpoint
    return endpoint.split(".", maxsplit=1)[0] == ("cases" if blueprint == "audit" else blueprint)
