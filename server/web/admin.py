"""Accounts of a département, and the parameters in force with their origin."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from server.access.permissions import Permission
from server.actions.change_account import close_account, open_account
from server.actions.create_account import create_account
from server.kernel.actor import ROLES
from server.kernel.errors import BadInput
from server.queries.accounts import account_list
from server.queries.parameters import parameters_page
from server.queries.places import territories
from server.queries.wording import GROUPS
from server.web.guard import current_actor, current_jalon, flash_words, needs
from server.web.words import ROLE_WORDS

admin = Blueprint("admin", __name__)


@admin.get("/comptes")
@needs(Permission.ACCOUNTS_MANAGE)
def accounts() -> Any:
    """The accounts of the département."""
    jalon, actor = current_jalon(), current_actor()
    places = territories(jalon, actor.departement)
    return render_template(
        "admin/comptes.html",
        accounts=account_list(jalon, actor, jalon.clock.now()),
        places=places,
        roles=[(r, ROLE_WORDS[r]) for r in ROLES],
        groups=GROUPS,
        made=None,
    )


@admin.post("/comptes")
@needs(Permission.ACCOUNTS_MANAGE)
def create() -> Any:
    """Creates an account and shows its first password once."""
    jalon, actor = current_jalon(), current_actor()
    form = request.form
    made = create_account(
        jalon,
        actor,
        form.get("identifiant", "").strip()[:120],
        form.get("nom", "").strip()[:200],
        [r for r in form.getlist("roles") if r in ROLES],
        jalon.clock.now(),
        groups=[g for g in form.getlist("groupes") if g in GROUPS] or None,
        territories=form.getlist("poles"),
        everywhere=form.get("partout") == "1",
    )
    places = territories(jalon, actor.departement)
    listed = account_list(jalon, actor, jalon.clock.now())
    return render_template(
        "admin/comptes.html", accounts=listed, places=places, roles=[(r, ROLE_WORDS[r]) for r in ROLES], groups=GROUPS, made=made
    )


@admin.post("/comptes/<user_id>")
@needs(Permission.ACCOUNTS_MANAGE)
def change(user_id: str) -> Any:
    """Closes or opens an account again."""
    jalon = current_jalon()
    now = jalon.clock.now()
    if request.form.get("actif") == "1":
        open_account(jalon, current_actor(), user_id, now)
        flash_words("ok", "Le compte est ouvert.")
    else:
        close_account(jalon, current_actor(), user_id, now)
        flash_words("ok", "Le compte est fermé.")
    return redirect(url_for("admin.accounts"), code=303)


@admin.get("/parametres")
@needs(Permission.PARAMETERS_READ)
def parameters() -> Any:
    """The effective value of each parameter on a day, where it comes from, since when."""
    jalon, actor = current_jalon(), current_actor()
    try:
        day = date.fromisoformat(request.args["au"]) if request.args.get("au") else None
    except ValueError:
        raise BadInput("La date se donne ainsi : 2026-11-21.") from None
    page = parameters_page(jalon, actor, request.args.get("pole", "")[:40], day, jalon.clock.now())
    return render_template("admin/parametres.html", page=page, places=territories(jalon, actor.departement))
