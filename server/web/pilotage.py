"""Figures: rates with their denominators, per pôle and month; each opens its list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from server.access.permissions import Permission
from server.queries.figures import figures_csv, figures_page
from server.web.guard import current_actor, current_jalon, needs

pilotage = Blueprint("pilotage", __name__, url_prefix="/indicateurs")


@pilotage.get("")
@needs(Permission.FIGURES_READ)
def figures() -> Any:
    """The figures of a period of opened rights."""
    jalon = current_jalon()
    page = figures_page(jalon, current_actor(), request.args.get("mois", "")[:7], jalon.clock.now())
    return render_template("pilotage/indicateurs.html", page=page)


@pilotage.get("/export.csv")
@needs(Permission.FIGURES_READ)
def export() -> Response:
    """The same figures as a spreadsheet file."""
    jalon = current_jalon()
    text = figures_csv(jalon, current_actor(), request.args.get("mois", "")[:7], jalon.clock.now())
    return Response(text.encode("utf-8-sig"), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=indicateurs.csv"})
