"""Keeps the files joined to a form in the case, once the answers around them are right; the answers then name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.access.jalon import Jalon
from server.actions.add_document import add_document
from server.forms import Upload, check, read_form
from server.kernel.actor import Actor
from server.queries.task import task_page


def with_documents(jalon: Jalon, actor: Actor, task_id: str, raw: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The answers whose files are now documents of the case. Raises FormErrors first: refused answers keep no file. Nothing is read without files."""
    if not any(_files(value) for value in raw.values()):
        return dict(raw)
    page = task_page(jalon, actor, task_id, now)
    zone = jalon.zone(actor.departement, page.task.territory_id, now)
    local = now.astimezone(ZoneInfo(zone))
    check(read_form(page.form_schema), raw, page.context, local.date(), local, zone)
    return {name: [_kept(jalon, actor, task_id, file, now) for file in value] if _files(value) else value for name, value in raw.items()}


def _files(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Upload)


def _kept(jalon: Jalon, actor: Actor, task_id: str, file: Upload, now: datetime) -> Upload:
    return replace(file, document=add_document(jalon, actor, task_id, file.name, file.media_type, file.content, now), content=b"")
