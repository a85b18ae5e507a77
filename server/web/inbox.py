"""The inbox and the task page: what an agent uses all day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for

from server.access.permissions import Permission
from server.actions.assign_task import assign_task
from server.actions.claim_task import claim_task
from server.actions.complete_task import Completed, complete_task
from server.actions.release_task import release_task
from server.actions.save_draft import save_draft
from server.forms import Upload, draw, list_change, read_form
from server.kernel.errors import BadInput, FormErrors, NotFound, Stale
from server.kernel.ids import new_id
from server.queries.colleagues import colleagues_of_task
from server.queries.export import inbox_csv
from server.queries.inbox import InboxFilter, inbox_choices, inbox_page, most_urgent
from server.queries.task import TaskPage, task_page
from server.queries.wording import CaseWords, group_words, words_of_versions
from server.web.formpost import posted_answers
from server.web.guard import current_actor, current_jalon, flash_words, needs
from server.web.joining import with_documents
from server.web.words import hour

inbox = Blueprint("inbox", __name__, url_prefix="/taches")

TABS = (("moi", "À faire par moi"), ("prendre", "À prendre"), ("attente", "En attente"), ("termines", "Terminés"))
SIZES = (25, 50, 100)


def _filter() -> InboxFilter:
    tab = request.args.get("liste", "moi")
    return InboxFilter(
        tab=tab if tab in dict(TABS) else "moi",
        territory=request.args.get("pole", "")[:40],
        group=request.args.get("groupe", "")[:60],
        element=request.args.get("etape", "")[:120],
        late=request.args.get("retard") == "1",
        search=request.args.get("q", "")[:100],
    )


@inbox.get("")
@needs(Permission.TASKS_WORK)
def listing() -> Any:
    """The lists of tasks: nearest deadline first, none last."""
    jalon, actor, chosen = current_jalon(), current_actor(), _filter()
    now = jalon.clock.now()
    asked = request.args.get("par_page", "")
    size = int(asked) if asked in [str(one) for one in SIZES] else SIZES[0]
    page = inbox_page(jalon, actor, chosen, after=request.args.get("apres", "")[:200], size=size, now=now)
    choices = inbox_choices(jalon, actor)
    return render_template(
        "inbox/taches.html", page=page, chosen=chosen, tabs=TABS, choices=choices, chips=_chips(chosen, choices), size=size, sizes=SIZES
    )


def _chips(chosen: InboxFilter, choices: Any) -> list[tuple[str, str]]:
    """The active filters as (words, address without it)."""
    names = dict(choices.territories) | dict(choices.elements)
    shown = [
        ("pole", f"Pôle : {names.get(chosen.territory, chosen.territory)}", chosen.territory),
        ("groupe", f"Équipe : {group_words(chosen.group)}", chosen.group),
        ("etape", f"Étape : {names.get(chosen.element, chosen.element)}", chosen.element),
        ("retard", "En retard", chosen.late),
        ("q", f"Recherche : {chosen.search}", chosen.search),
    ]
    kept = {name: value for name, value in request.args.items() if name != "apres"}
    return [
        (text, f"{url_for('inbox.listing')}?{urlencode({k: v for k, v in kept.items() if k != name})}")
        for name, text, value in shown
        if value
    ]


@inbox.get("/export.csv")
@needs(Permission.TASKS_WORK)
def export() -> Response:
    """The same list as a spreadsheet file, cells safe from formulas."""
    jalon = current_jalon()
    text = inbox_csv(jalon, current_actor(), _filter(), jalon.clock.now())
    return Response(text.encode("utf-8-sig"), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=taches.csv"})


@inbox.post("/prendre-la-plus-urgente")
@needs(Permission.TASKS_WORK)
def take_next() -> Any:
    """Takes the most urgent task that is free, and opens it."""
    jalon, actor = current_jalon(), current_actor()
    now = jalon.clock.now()
    for _ in range(5):
        task_id = most_urgent(jalon, actor, now)
        if not task_id:
            flash_words("ok", "Aucune tâche n'attend dans vos équipes et vos territoires.")
            return redirect(url_for("inbox.listing"))
        try:
            claim_task(jalon, actor, task_id, now)
        except Stale:
            continue
        return redirect(url_for("inbox.open_task", task_id=task_id))
    raise Stale("D'autres agents ont pris les tâches proposées au même moment. Recommencez.")


@inbox.get("/<task_id>")
@needs(Permission.TASKS_WORK)
def open_task(task_id: str) -> Any:
    """One task: its form, why its date, the person, what follows."""
    jalon = current_jalon()
    page = task_page(jalon, current_actor(), task_id, jalon.clock.now())
    return _draw(page, page.draft or {}, ())


@inbox.post("/<task_id>")
@needs(Permission.TASKS_WORK)
def finish(task_id: str) -> Any:
    """Sends the answers; or keeps them when another button was pressed."""
    jalon, actor, now = current_jalon(), current_actor(), current_jalon().clock.now()
    raw = posted_answers(request.form, request.files)
    button = request.form.get("bouton", "envoyer")
    if button != "envoyer":
        return _other_button(task_id, button, raw)
    try:
        seen = int(request.form.get("seen_version", ""))
    except ValueError:
        raise BadInput("Cette page a expiré. Rechargez la tâche, votre brouillon est gardé.") from None
    try:
        done = complete_task(
            jalon, actor, task_id, with_documents(jalon, actor, task_id, raw, now), seen, request.form.get("key", "")[:80] or new_id(), now
        )
    except FormErrors as refused:
        return _draw(task_page(jalon, actor, task_id, now), raw, refused.errors), 422
    except Stale as late:
        return _conflict(task_id, late, raw), 409
    flash_words("ok", "C'est envoyé." if done.next_task else "C'est envoyé. Le dossier continue sans vous.")
    return redirect(_next_page(done), code=303)


def _other_button(task_id: str, button: str, raw: dict[str, Any]) -> Any:
    jalon, actor, now = current_jalon(), current_actor(), current_jalon().clock.now()
    if button == "plus-tard":
        save_draft(jalon, actor, task_id, _kept(raw), now)
        flash_words("ok", "Votre saisie est gardée. La tâche reste ouverte.")
        return redirect(url_for("inbox.listing"), code=303)
    page = task_page(jalon, actor, task_id, now)  # a line added or removed, or questions that depend on answers
    return _draw(page, list_change(read_form(page.form_schema), raw, button), ())


def _kept(raw: dict[str, Any]) -> dict[str, Any]:
    """What a draft keeps: files are asked again."""
    return {name: value for name, value in raw.items() if not (isinstance(value, list) and value and isinstance(value[0], Upload))}


def _draw(page: TaskPage, values: Mapping[str, Any], errors: Any) -> Any:
    jalon = current_jalon()
    zone = jalon.zone(current_actor().departement, page.task.territory_id, jalon.clock.now())
    form = read_form(page.form_schema)
    fields = draw(form, values, page.context, errors, jalon.clock.now().astimezone(ZoneInfo(zone)), zone)
    return render_template(
        "inbox/tache.html",
        page=page,
        fields=fields,
        errors=errors,
        key=new_id(),
        colleagues=colleagues_of_task(jalon, current_actor(), page.task),
    )


def _conflict(task_id: str, late: Stale, raw: dict[str, Any]) -> Any:
    jalon = current_jalon()
    try:
        page = task_page(jalon, current_actor(), task_id, jalon.clock.now())
    except NotFound:
        page = None
    words = words_of_versions(jalon, [(page.task.process, page.package_id)]) if page else CaseWords({}, {})
    typed = words.lines(raw, page.package_id if page else None)
    return render_template("inbox/conflit.html", page=page, late=late, typed=typed, task_id=task_id)


def _next_page(done: Completed) -> str:
    chained = done.next_task and request.form.get("enchainer")
    return url_for("inbox.open_task", task_id=done.next_task) if chained else url_for("inbox.listing")


@inbox.post("/<task_id>/brouillon")
@needs(Permission.TASKS_WORK)
def keep_draft(task_id: str) -> Any:
    """Keeps what is typed, valid or not; answers the hour for the status line."""
    jalon = current_jalon()
    raw = _kept(posted_answers(request.form, request.files))
    if len(json.dumps(raw)) > 500_000:
        raise BadInput("Le brouillon est trop long pour être gardé.")
    at = save_draft(jalon, current_actor(), task_id, raw, jalon.clock.now())
    return {"texte": f"Brouillon enregistré à {hour(at)}"}


@inbox.post("/<task_id>/prendre")
@needs(Permission.TASKS_WORK)
def claim(task_id: str) -> Any:
    """Takes a task."""
    jalon = current_jalon()
    claim_task(jalon, current_actor(), task_id, jalon.clock.now())
    if request.form.get("puis") == "liste":
        flash_words("ok", "La tâche est à vous.")
        return redirect(url_for("inbox.listing", liste="prendre"), code=303)
    return redirect(url_for("inbox.open_task", task_id=task_id), code=303)


@inbox.post("/<task_id>/rendre")
@needs(Permission.TASKS_WORK)
def release(task_id: str) -> Any:
    """Gives a task back to its team; the draft stays."""
    jalon = current_jalon()
    release_task(jalon, current_actor(), task_id, jalon.clock.now())
    flash_words("ok", "La tâche est rendue à l'équipe. Votre brouillon est gardé : il sera proposé à qui la prendra.")
    return redirect(url_for("inbox.listing"), code=303)


@inbox.post("/<task_id>/confier")
@needs(Permission.TASKS_ASSIGN)
def assign(task_id: str) -> Any:
    """Gives a task to a colleague who may do it."""
    jalon = current_jalon()
    assign_task(jalon, current_actor(), task_id, request.form.get("agent", ""), jalon.clock.now())
    flash_words("ok", "La tâche est confiée.")
    return redirect(url_for("inbox.open_task", task_id=task_id), code=303)
