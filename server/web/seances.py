"""EP sessions: their calendar, the cases that wait, and the agenda."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from server.access.permissions import Permission
from server.actions.hold_session import hold_session
from server.kernel.errors import BadInput
from server.queries.places import territories
from server.queries.sessions import session_list, session_page
from server.web.guard import current_actor, current_jalon, flash_words, needs

seances = Blueprint("seances", __name__, url_prefix="/seances")


@seances.get("")
@needs(Permission.EP_OPINE)
def listing() -> Any:
    """The sessions, and how many cases wait for one in each territory."""
    jalon, actor = current_jalon(), current_actor()
    page = session_list(jalon, actor, jalon.clock.now())
    return render_template("seances/seances.html", page=page, places=territories(jalon, actor.departement))


@seances.post("")
@needs(Permission.EP_PREPARE)
def plan() -> Any:
    """Plans a session: its process starts and the waiting cases of its jurisdiction are listed."""
    jalon = current_jalon()
    try:
        day = date.fromisoformat(request.form.get("date", ""))
    except ValueError:
        raise BadInput("Indiquez la date de la séance, par exemple 08/12/2026.") from None
    session_id = hold_session(
        jalon, current_actor(), request.form.get("pole", ""), day, request.form.get("nom", "").strip()[:200], jalon.clock.now()
    )
    flash_words("ok", "La séance est prévue. Sa préparation est dans les tâches du secrétariat.")
    return redirect(url_for("seances.show", session_id=session_id), code=303)


@seances.get("/<session_id>")
@needs(Permission.EP_OPINE)
def show(session_id: str) -> Any:
    """One session: its agenda and the opinions given."""
    jalon = current_jalon()
    return render_template("seances/seance.html", page=session_page(jalon, current_actor(), session_id, jalon.clock.now()))
