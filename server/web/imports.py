"""Imports: send a file, choose its columns, see what it would do, then run it and take back what was refused."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from server.access.permissions import Permission
from server.actions.run_import import run_import
from server.actions.try_import import LAYOUTS, try_import
from server.kernel.errors import BadInput
from server.queries.imports import import_list, import_page, import_rejects
from server.web.guard import current_actor, current_jalon, flash_words, needs

imports = Blueprint("imports", __name__, url_prefix="/imports")


@imports.get("")
@needs(Permission.IMPORTS_RUN)
def listing() -> Any:
    """The imports done so far, and the form for a new one."""
    jalon = current_jalon()
    return render_template("imports/imports.html", runs=import_list(jalon, current_actor(), jalon.clock.now()), layouts=LAYOUTS)


@imports.post("")
@needs(Permission.IMPORTS_RUN)
def send() -> Any:
    """Takes a file in and tries it: nothing is written to cases yet."""
    jalon, actor = current_jalon(), current_actor()
    file = request.files.get("fichier")
    if file is None or not file.filename:
        raise BadInput("Choisissez un fichier à importer.")
    layout = request.form.get("modele", "entrants")
    run_id = try_import(jalon, actor, file.filename[:200], file.stream.read(), None, layout, jalon.clock.now())
    return redirect(url_for("imports.show", run_id=run_id), code=303)


@imports.get("/<run_id>")
@needs(Permission.IMPORTS_RUN)
def show(run_id: str) -> Any:
    """One import: its columns, what it would do or did, line by line."""
    jalon = current_jalon()
    chosen = request.args.get("resultat", "")
    page = import_page(jalon, current_actor(), run_id, chosen, after=request.args.get("apres", ""), now=jalon.clock.now())
    return render_template("imports/import.html", page=page, chosen=chosen)


@imports.post("/<run_id>/colonnes")
@needs(Permission.IMPORTS_RUN)
def columns(run_id: str) -> Any:
    """Tries again with other columns, which are saved for the next file."""
    jalon, actor = current_jalon(), current_actor()
    page = import_page(jalon, actor, run_id, "", after="", now=jalon.clock.now())
    chosen = {field.name: request.form.get(f"colonne.{field.name}", "") for field in page.fields}
    again = try_import(
        jalon, actor, page.run.filename, page.content, {k: v for k, v in chosen.items() if v}, page.run.layout, jalon.clock.now()
    )
    return redirect(url_for("imports.show", run_id=again), code=303)


@imports.post("/<run_id>/lancer")
@needs(Permission.IMPORTS_RUN)
def run(run_id: str) -> Any:
    """Runs a tried import in the background; the page follows its progress."""
    jalon, actor = current_jalon(), current_actor()
    page = import_page(jalon, actor, run_id, "", after="", now=jalon.clock.now())
    if page.run.status not in ("tried", "running", "failed"):
        flash_words("soon", "Cet import est déjà terminé.")
        return redirect(url_for("imports.show", run_id=run_id), code=303)
    threading.Thread(target=run_import, args=(jalon, actor, run_id, jalon.clock.now()), name=f"import-{run_id}", daemon=True).start()
    return redirect(url_for("imports.show", run_id=run_id), code=303)


@imports.get("/<run_id>/avancement")
@needs(Permission.IMPORTS_RUN)
def progress(run_id: str) -> Any:
    """How far a running import is."""
    jalon = current_jalon()
    run_row = import_page(jalon, current_actor(), run_id, "", after="", now=jalon.clock.now()).run
    return {"etat": run_row.status, "faites": run_row.done_rows, "lignes": run_row.rows}


@imports.get("/<run_id>/refus.csv")
@needs(Permission.IMPORTS_RUN)
def rejects(run_id: str) -> Response:
    """The refused lines with their reasons, to correct and send again."""
    name, content = import_rejects(current_jalon(), current_actor(), run_id)
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename={name}"})
