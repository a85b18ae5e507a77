"""Does one wish of the outbox: makes the letter or the CAF slip, keeps it in the case, and gives the result back when the process waits for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from server.access.jalon import Jalon
from server.actions.advancing import Plan, act
from server.actions.planning import keep_fact
from server.engine import ReturnResult
from server.kernel.actor import Actor
from server.kernel.errors import ModelError
from server.kernel.facts import DOCUMENT_ADDED, LETTER_MADE, Fact
from server.kernel.ids import new_id
from server.kernel.values import Value
from server.letters import render
from server.store.outboxes import Wish, find_wish
from server.store.persons import addressee
from server.store.rows import Instance


@dataclass(frozen=True)
class Made:
    """A document made for a wish: the row's columns, the fact that tells it, and what is given back to the process."""

    row: Mapping[str, Any]
    fact: Fact
    result: Mapping[str, Value]


def deliver_outbox(jalon: Jalon, actor: Actor, wish_id: str, lease: str, now: datetime) -> bool:
    """True when the wish was done under this lease, False when there was nothing to do (done, cancelled, or another worker's). Raises ModelError."""
    return act(jalon, actor, now, lambda plan: _deliver(plan, wish_id, lease))


def deliver_together(jalon: Jalon, actor: Actor, wish_ids: Collection[str], lease: str, now: datetime) -> int:
    """How many of these wishes were done, all in one commit. Raises what any of them raises; then none was done."""

    def first(plan: Plan) -> int:
        return [_deliver(plan, wish_id, lease) for wish_id in wish_ids].count(True)

    return act(jalon, actor, now, first)


def _deliver(plan: Plan, wish_id: str, lease: str) -> bool:
    wish = find_wish(plan.work, wish_id)
    if wish is None or wish.status != "waiting" or wish.lease != lease:
        return False
    instance = plan.instance(wish.instance_id)
    make = _MAKERS.get(wish.type)
    if make is None:
        raise ModelError(
            f"Aucun traitement n'existe pour le travail « {wish.type} ». Corrigez le diagramme ou installez-le.",
            wish.element,
            "type-de-travail",
        )
    if wish.inputs is None:
        raise ModelError("Les données de cet envoi ont été effacées : il ne peut plus être fait.", wish.element, "efface")
    made = make(plan, instance, wish)
    plan.moves.documents[made.row["id"]] = dict(made.row)
    plan.moves.done_wishes[wish.id] = lease
    if wish.waits:
        plan.command(instance.id, ReturnResult(wish.call_id, dict(made.result)))
        plan.settle()
    keep_fact(plan.moves, instance, made.fact, None)
    return True


def _letter(plan: Plan, instance: Instance, wish: Wish) -> Made:
    """`courrier`: the letter `modele` of the package, rendered once and kept as it left."""
    name, channel = str(wish.headers.get("modele", "")), str(wish.headers.get("canal", "lettre"))
    rendered = render(plan.jalon.package(instance.package_id).letter(name), _letter_scope(plan, instance, wish), plan.now)
    content, media = (rendered.sms, "text/plain") if channel == "sms" else (rendered.html, "text/html")
    row = _document(
        plan, instance, wish, {"kind": "lettre", "title": rendered.subject, "template": name, "media_type": media}, content.encode()
    )
    body = {"document": row["id"], "template": name, "channel": channel, "sha256": row["sha256"]}
    fact = Fact(LETTER_MADE, plan.now, wish.element, body, {"title": rendered.subject})
    return Made(row, fact, {"document": row["id"]})


def _letter_scope(plan: Plan, instance: Instance, wish: Wish) -> dict[str, Value]:
    day = plan.jalon.today(instance.departement, instance.territory_id, wish.created_at)
    parameters = plan.jalon.parameters(instance.departement, instance.territory_id, day).values
    person = addressee(plan.work, instance.case_id) if instance.case_id else {}
    return {
        **(wish.inputs or {}),
        "dossier": plan.dossier(instance),
        "parametres": dict(parameters),
        "personne": person,
        "envoi": {"date": day},
    }


def _slip(plan: Plan, instance: Instance, wish: Wish) -> Made:
    """`bordereau_caf`: what the CAF must apply, and nothing else: rate, duration, first month."""
    case = plan.case(instance.case_id or "")
    inputs = wish.inputs or {}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    names = ("taux", "duree", "premier_mois")
    writer.writerow(["dossier", "matricule", *names])
    writer.writerow([case.number, addressee(plan.work, case.id).get("matricule") or "", *(_cell(inputs.get(name)) for name in names)])
    row = _document(
        plan,
        instance,
        wish,
        {"kind": "bordereau", "title": f"Bordereau CAF {case.number}", "media_type": "text/csv"},
        out.getvalue().encode(),
    )
    body = {"document": row["id"], "kind": "bordereau", "sha256": row["sha256"]}
    return Made(row, Fact(DOCUMENT_ADDED, plan.now, wish.element, body), {"document": row["id"]})


def _cell(value: Value) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t") else text


def _document(plan: Plan, instance: Instance, wish: Wish, columns: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    if instance.case_id is None:
        raise ModelError(f"L'envoi « {wish.type} » parle d'un dossier, et cette démarche n'en a pas.", wish.element, "sans-dossier")
    digest = sha256(content).hexdigest()
    own = {"id": new_id(), "case_id": instance.case_id, "instance_id": instance.id, "template": None, "content": content, "sha256": digest}
    return {**own, "created_at": plan.now, "outbox_id": wish.id, **columns}


_MAKERS: Mapping[str, Callable[[Plan, Instance, Wish], Made]] = {"courrier": _letter, "bordereau_caf": _slip}
