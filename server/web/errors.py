"""One map: our error -> HTTP status -> a page or a JSON answer in French. Nothing of a stack is ever shown."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from server.kernel import errors

_log = logging.getLogger("jalon.web")

STATUS: dict[type[errors.JalonError], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.NotSignedIn: 401,
    errors.TooMuch: 413,
    errors.FormErrors: 422,
    errors.BadInput: 422,
    errors.Refused: 422,
    errors.ModelError: 422,
    errors.Stale: 409,
}

_HTTP_WORDS = {
    400: ("Cette page a expiré", "Rechargez la page, puis recommencez. Rien n'a été enregistré."),
    404: ("Page introuvable", "Cette adresse n'existe pas, ou ne vous est pas ouverte."),
    405: ("Action impossible", "Cette adresse ne se demande pas ainsi. Revenez à la page précédente."),
    422: ("Demande refusée", "La demande n'a pas la forme attendue. Corrigez ce qui est indiqué, puis recommencez."),
    413: ("Envoi trop volumineux", "Le fichier ou la saisie dépasse la taille permise. Rien n'a été enregistré."),
    415: ("Format non accepté", "L'envoi n'est pas dans un format que Jalon lit."),
    429: ("Trop de demandes", "Attendez quelques minutes, puis recommencez."),
}
_TITLES = {
    401: "Connexion nécessaire",
    403: "Accès non ouvert",
    404: "Introuvable",
    409: "Ce dossier a changé",
    413: "Envoi trop volumineux",
    422: "Demande refusée",
}


def status_of(error: errors.JalonError) -> int:
    """The HTTP status of one of our errors: that of the closest class in the map."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 422)


def wants_json() -> bool:
    """True for the API and for the pages' own fetches."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def as_json(error: errors.JalonError) -> dict[str, Any]:
    """The error as the API tells it."""
    body: dict[str, Any] = {"message": str(error)}
    if isinstance(error, errors.FormErrors):
        body["errors"] = [{"key": e.key, "label": e.label, "message": e.message} for e in error.errors]
    if isinstance(error, errors.Stale):
        body |= {"holder": error.by, "since": error.at.isoformat() if error.at else None, "changed_fields": list(error.fields)}
    if isinstance(error, errors.Refused):
        body |= {"rule": error.rule, "article": error.article}
    return body


def _answer(error: errors.JalonError) -> Any:
    status = status_of(error)
    if wants_json():
        return as_json(error), status
    if status == 401 and request.method == "GET":
        return redirect(url_for("login.form", suite=request.full_path.rstrip("?")))
    return render_template(
        "errors/error.html", title=_TITLES.get(status, "Demande refusée"), message=str(error), error=error, typed=_typed()
    ), status


def _typed() -> list[tuple[str, str]]:
    """What was typed in the refused post, so that the page can give it back."""
    hidden = {"csrf", "key", "seen_version", "password", "mot_de_passe"}
    try:
        request.form  # noqa: B018 - reading it is what fails
    except RequestEntityTooLarge:
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in hidden and value][:200]


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    title, message = _HTTP_WORDS.get(status, ("Demande refusée", "Revenez à la page précédente, puis recommencez."))
    if wants_json():
        found = getattr(error, "data", None) or {}
        return {"message": message} | ({"errors": found["messages"]} if found.get("messages") else {}), status
    return render_template("errors/error.html", title=title, message=message, error=None, typed=_typed()), status


def _unexpected(error: Exception) -> Any:
    reference = secrets.token_hex(4)
    _log.error("unexpected error %s on %s %s", reference, request.method, request.path, exc_info=error)
    message = f"Une erreur imprévue a arrêté la demande. Rien n'a été enregistré. Donnez la référence {reference} à votre administrateur."
    if wants_json():
        return {"message": message}, 500
    return render_template("errors/error.html", title="Erreur du service", message=message, error=None, typed=_typed()), 500


def install(app: Flask) -> None:
    """Registers the three ways out."""
    app.register_error_handler(errors.JalonError, _answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
