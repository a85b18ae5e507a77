"""Cases: the list, one case whole, its documents, and the events an agent records in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from server.access.permissions import Permission
from server.actions.send_message import send_message
from server.kernel.errors import BadInput
from server.kernel.ids import new_id
from server.queries.case_detail import case_page
from server.queries.cases import CaseFilter, case_list
from server.queries.diagram import diagram_of
from server.queries.document import document_content
from server.queries.places import territories
from server.web.guard import current_actor, current_jalon, flash_words, needs

cases = Blueprint("cases", __name__, url_prefix="/dossiers")

# What an agent may record at any moment; the message's name, its words, and what it does.
EVENTS = (
    (
        "regularisation_constatee",
        "Une régularisation constatée",
        "La personne s'est mise en conformité : le manquement ou la sanction en cours s'interrompt, et le rétablissement est examiné.",
    ),
    ("observations_recues", "Des observations reçues", "La personne a écrit ou demandé à être entendue : la tâche d'examen s'ouvre."),
    ("mutation", "Un départ du département", "Le droit passe à un autre département : le parcours s'arrête et le transfert se prépare."),
    ("sortie_du_droit", "Une sortie du RSA", "Le droit est fermé par la CAF ou la MSA : le parcours s'arrête."),
)
MILESTONES = (
    ("entrants", "Entrants"),
    ("orientes", "Orientés"),
    ("orientes_delai", "Orientés dans le délai"),
    ("accompagnes_delai", "Premier rendez-vous dans le délai"),
    ("contrat", "Sous contrat"),
    ("retard", "Avec une tâche en retard"),
    ("ep", "Passés en EP"),
    ("retablis", "Rétablis"),
    ("sans_orientation", "Sans orientation"),
)


def _filter() -> CaseFilter:
    return CaseFilter(
        search=request.args.get("q", "")[:100].strip(),
        territory=request.args.get("pole", "")[:40],
        stage=request.args.get("etape", "")[:60],
        milestone=request.args.get("jalon", "") if request.args.get("jalon") in dict(MILESTONES) else "",
        month=request.args.get("mois", "")[:7],
    )


def _key() -> str:
    return request.form.get("key", "")[:80]


@cases.get("")
@needs(Permission.CASES_READ)
def listing() -> Any:
    """The cases of the actor's territories."""
    jalon, actor, chosen = current_jalon(), current_actor(), _filter()
    page = case_list(jalon, actor, chosen, after=request.args.get("apres", "")[:200], now=jalon.clock.now())
    if chosen.search and len(page.rows) == 1 and not request.args.get("apres") and page.rows[0].number == chosen.search:
        return redirect(url_for("cases.show", case_id=page.rows[0].id))
    return render_template(
        "cases/dossiers.html", page=page, chosen=chosen, places=territories(jalon, actor.departement), milestones=MILESTONES
    )


@cases.get("/<case_id>")
@needs(Permission.CASES_READ)
def show(case_id: str) -> Any:
    """One case: where it stands, tasks, deadlines, history, documents, answers."""
    jalon = current_jalon()
    detail = case_page(jalon, current_actor(), case_id, jalon.clock.now())
    return render_template("cases/dossier.html", detail=detail, events=EVENTS, key=new_id())


@cases.get("/<case_id>/diagramme/<instance_id>")
@needs(Permission.CASES_READ)
def diagram(case_id: str, instance_id: str) -> Any:
    """The diagram of an instance in the version it began with, with what is done and where it stands."""
    return diagram_of(current_jalon(), current_actor(), case_id, instance_id)


@cases.post("/<case_id>/evenements")
@needs(Permission.EVENTS_RECORD)
def record(case_id: str) -> Any:
    """Records an event; says whether a step was waiting for it."""
    jalon = current_jalon()
    name = request.form.get("evenement", "")
    if name not in {event for event, *_ in EVENTS}:
        raise BadInput("Choisissez un évènement dans la liste.")
    words = request.form.get("precision", "").strip()[:2000]
    told = send_message(jalon, current_actor(), case_id, name, {"precision": words} if words else {}, jalon.clock.now(), _key())
    flash_words("ok" if told.received else "soon", told.text)
    return redirect(url_for("cases.show", case_id=case_id), code=303)


@cases.get("/<case_id>/documents/<document_id>")
@needs(Permission.CASES_READ)
def document(case_id: str, document_id: str) -> Response:
    """A letter or a piece of the case, as a file (never run by the browser)."""
    found = document_content(current_jalon(), current_actor(), case_id, document_id)
    shown = found.media_type == "text/html"
    headers = {
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{found.filename}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.content, mimetype=found.media_type, headers=headers)
