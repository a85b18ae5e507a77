"""Signing in and out, by password. Single sign-on will take the place of `actions.sign_in` behind the same seam."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from server.access.permissions import Permission
from server.actions.sign_in import sign_in
from server.actions.sign_out import sign_out as end_session
from server.kernel.errors import BadInput, TooMuch
from server.web.guard import COOKIE, current_actor, current_jalon, needs, request_token

login = Blueprint("login", __name__)


def _safe_target(target: str) -> str:
    """A page of ours, never another site."""
    parts = urlsplit(target)
    return target if target.startswith("/") and not target.startswith("//") and "\\" not in target and not parts.netloc else "/"


@login.get("/connexion")
@needs(Permission.ANYONE)
def form() -> Any:
    """The sign-in page."""
    if current_actor().user_id:
        return redirect("/")
    return render_template("login/connexion.html", suite=_safe_target(request.args.get("suite", "/")), error="", typed="")


@login.post("/connexion")
@needs(Permission.ANYONE)
def enter() -> Any:
    """Signs in, or says why not without telling which of the two was wrong."""
    jalon = current_jalon()
    name = request.form.get("identifiant", "")[:120]
    target = _safe_target(request.form.get("suite", "/"))
    try:
        token, _ = sign_in(jalon, name, request.form.get("mot_de_passe", "")[:400], request.remote_addr or "", jalon.clock.now())
    except TooMuch as error:
        return render_template("login/connexion.html", suite=target, error=str(error), typed=name), 429
    except BadInput as error:
        return render_template("login/connexion.html", suite=target, error=str(error), typed=name), 422
    session.clear()
    return _with_cookie(redirect(target), token)


@login.post("/deconnexion")
@needs(Permission.SIGNED_IN)
def sign_out() -> Any:
    """Ends the session on the server too."""
    jalon = current_jalon()
    end_session(jalon, request_token(), jalon.clock.now())
    session.clear()
    response = make_response(redirect(url_for("login.form")))
    response.delete_cookie(COOKIE)
    return response


def _with_cookie(response: Response, token: str) -> Response:
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=current_jalon().settings.secure_cookies, path="/")
    return response
