"""Who asks, and may they: every route names its permission here; cookies, CSRF and security headers are set here."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, request, session
from werkzeug.exceptions import BadRequest

from server.access.permissions import Permission, allows, require
from server.actions.jalon import Jalon
from server.actions.sign_in import actor_of_token
from server.kernel.actor import NOBODY, Actor
from server.kernel.errors import BadInput, NotSignedIn

COOKIE = "jalon"
Route = TypeVar("Route", bound=Callable[..., Any])

_BASE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def needs(permission: Permission) -> Callable[[Route], Route]:
    """Declares what a route needs. A test walks all routes and refuses one that does not."""

    def declare(route: Route) -> Route:
        @wraps(route)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if permission is not Permission.ANYONE:
                if not g.actor.user_id:
                    raise NotSignedIn("Connectez-vous pour continuer.")
                require(g.actor, permission)
            return route(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined] # read by the test that walks all routes
        return cast("Route", guarded)

    return declare


def editor_page(route: Route) -> Route:
    """Marks one of the three editor pages: bpmn.io's editors write style attributes, so these alone may (docs/adr/0010)."""
    route.editor_page = True  # type: ignore[attr-defined]
    return route


def current_jalon() -> Jalon:
    """The assembled product of this application."""
    return cast("Jalon", current_app.extensions["jalon"])


def current_actor() -> Actor:
    """Who asks; NOBODY when nobody is signed in."""
    return cast("Actor", g.actor)


def may(permission: Permission) -> bool:
    """True when the one who asks has the permission; for menus and buttons, the route checks again."""
    return allows(g.actor, permission)


def request_token() -> str:
    """The session token of this request: the cookie, or the bearer header of the API."""
    header = request.headers.get("Authorization", "")
    return header[7:] if header.startswith("Bearer ") else request.cookies.get(COOKIE, "")


def csrf_token() -> str:
    """The token that each form posts back, bound to the session (or to the visit before sign-in)."""
    if not (seed := request.cookies.get(COOKIE)):
        seed = session.setdefault("visit", secrets.token_urlsafe(16))
    key = current_app.secret_key
    return hmac.new(str(key).encode(), f"csrf:{seed}".encode(), hashlib.sha256).hexdigest()


def flash_words(kind: str, text: str) -> None:
    """Keeps a sentence for the next page. `kind`: ok, soon, late or held."""
    session["words"] = [*session.get("words", []), (kind, text)]


def taken_flashes() -> list[tuple[str, str]]:
    """The sentences kept for this page, once."""
    return [(kind, text) for kind, text in session.pop("words", [])]


def _identify() -> None:
    g.actor = NOBODY
    if request.endpoint == "static" or not (token := request_token()):
        return
    jalon = current_jalon()
    channel = "api" if request.path.startswith("/api/") else "ecran"
    g.actor = actor_of_token(jalon, token, jalon.clock.now(), channel) or NOBODY


def _check_csrf() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS") or request.headers.get("Authorization", "").startswith("Bearer "):
        return
    if request.path.startswith("/api/") and COOKIE not in request.cookies:
        return  # no cookie, no authority that another site could borrow: signing in through the API
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if not hmac.compare_digest(given.encode(), csrf_token().encode()):
        raise BadRequest("csrf")


def _has_nul(body: bytes) -> bool:
    """True when a JSON body holds a NUL. Raises BadInput for what no parser may meet: endless nests and numbers, halves of letters."""
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
        text.encode()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return False  # the route says what it expects
    except (ValueError, RecursionError):
        raise BadInput("La demande n'est pas lisible : un nombre, un texte ou un emboîtement dépasse ce que Jalon accepte.") from None
    return "\\u0000" in text


def _refuse_unkept_characters() -> None:
    """Raises BadInput for a text that no database keeps (a NUL), wherever it is: path, query, form, JSON or a file's name."""
    texts = [request.path, *request.args.values(), *(value for _, value in request.form.items(multi=True)), *request.form]
    texts += [file.filename or "" for file in request.files.values()]
    if any("\x00" in text for text in texts) or (request.is_json and _has_nul(request.get_data())):
        raise BadInput("La demande contient un caractère invisible (NUL) qui ne peut pas être gardé. Retirez-le, puis recommencez.")


def _secure(response: Response) -> Response:
    policy = dict(_BASE_POLICY)
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "editor_page", False):
        policy["style-src"] = "'self' 'unsafe-inline'"
        policy["font-src"] = "'self' data:"
    response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if current_jalon().settings.secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def install(app: Flask) -> None:
    """Puts the guard before each request and the headers after it."""
    app.before_request(_identify)
    app.before_request(_check_csrf)
    app.before_request(_refuse_unkept_characters)
    app.after_request(_secure)
