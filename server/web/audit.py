"""Replay: a case fact by fact, on the diagram of its time, with the verification of its chain."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from server.access.permissions import Permission
from server.actions.export_case import export_case
from server.actions.record_reading import record_reading
from server.actions.reexecute_case import reexecute_case
from server.actions.verify_chain import verify_chain
from server.queries.replay import replay_frames, replay_page
from server.web.guard import current_actor, current_jalon, needs

audit = Blueprint("audit", __name__, url_prefix="/dossiers/<case_id>/rejeu")


@audit.get("")
@needs(Permission.HISTORY_REPLAY)
def replay(case_id: str) -> Any:
    """The replay screen; opening it is itself recorded."""
    jalon, actor, now = current_jalon(), current_actor(), current_jalon().clock.now()
    page = replay_page(jalon, actor, case_id, now)
    record_reading(jalon, actor, case_id, "rejeu", now)
    step = request.args.get("fait", "")
    at = min(int(step), len(page.facts)) if step.isascii() and step.isdigit() and len(step) < 10 and int(step) else len(page.facts)
    return render_template("audit/rejeu.html", page=page, at=at, checked=None, rerun=None)


@audit.get("/images.json")
@needs(Permission.HISTORY_REPLAY)
def frames(case_id: str) -> Any:
    """The frames of the slider: per fact, the instance shown, what is done, what waits, and the version's diagram."""
    jalon = current_jalon()
    return replay_frames(jalon, current_actor(), case_id, jalon.clock.now())


@audit.post("/verifier")
@needs(Permission.HISTORY_REPLAY)
def verify(case_id: str) -> Any:
    """Computes the chain again and runs the recorded commands again; the banner says exactly what is proved."""
    jalon, actor, now = current_jalon(), current_actor(), current_jalon().clock.now()
    page = replay_page(jalon, actor, case_id, now)
    checked = verify_chain(jalon, actor, case_id, now)
    rerun = reexecute_case(jalon, actor, case_id, now)
    return render_template("audit/rejeu.html", page=page, at=len(page.facts), checked=checked, rerun=rerun)


@audit.post("/preuve")
@needs(Permission.HISTORY_REPLAY)
def evidence(case_id: str) -> Response:
    """The evidence file: facts, diagrams, verifier; its giving is recorded."""
    jalon = current_jalon()
    name, content = export_case(jalon, current_actor(), case_id, jalon.clock.now())
    return Response(content, mimetype="application/zip", headers={"Content-Disposition": f"attachment; filename={name}"})
