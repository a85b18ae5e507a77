"""Keeps a file that somebody joins to a task's case; the form then names it by its id."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from server.access.finding import refuse_when_gone, task_to_work
from server.access.jalon import Jalon
from server.actions.touching import write_facts
from server.kernel.actor import Actor
from server.kernel.errors import BadInput, TooMuch
from server.kernel.facts import DOCUMENT_ADDED, Fact
from server.kernel.ids import new_id
from server.store.tables import document
from server.store.work import unit_of_work, until_settled

LIMIT = 10_000_000  # bytes


def add_document(jalon: Jalon, actor: Actor, task_id: str, name: str, media_type: str, content: bytes, now: datetime) -> str:
    """The id of the document, kept in the case of the task. `name`: that of the file. Raises NotFound, Forbidden, Stale, BadInput, TooMuch (10 MB)."""
    if not content:
        raise BadInput(f"Le fichier « {name} » est vide. Joignez-en un autre.")
    if len(content) > LIMIT:
        raise TooMuch(f"Le fichier « {name} » dépasse 10 Mo. Réduisez-le, puis joignez-le de nouveau.")
    return until_settled(lambda: _add(jalon, actor, task_id, name.strip()[:200] or "Pièce", media_type[:80], content, now))


def _add(jalon: Jalon, actor: Actor, task_id: str, name: str, media_type: str, content: bytes, now: datetime) -> str:
    with unit_of_work(jalon.database) as work:
        found = task_to_work(work, actor, task_id)
        refuse_when_gone(found.task)
        if found.case is None:
            raise BadInput("Cette tâche n'est celle d'aucun dossier : elle ne reçoit pas de pièce.")
        digest = sha256(content).hexdigest()
        row: dict[str, object] = {
            "id": new_id(),
            "case_id": found.case.id,
            "instance_id": found.instance.id,
            "kind": "piece",
            "title": name,
            "template": None,
        }
        row |= {"media_type": media_type, "content": content, "sha256": digest, "created_at": now, "outbox_id": None}
        work.insert(document, [row])
        body = {"document": row["id"], "kind": "piece", "sha256": digest}
        write_facts(work, found, [Fact(DOCUMENT_ADDED, now, found.task.element, body, {"title": name})], actor)
    return str(row["id"])
