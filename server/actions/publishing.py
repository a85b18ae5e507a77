"""What the four verbs of publication share: reading a draft, giving a number, replacing the version before, telling the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.catalog.package import Package
from server.kernel.actor import Actor
from server.kernel.errors import NotFound
from server.kernel.facts import Fact
from server.kernel.ids import new_id
from server.store.history import Entry, append_to_register
from server.store.packages import find_version, last_number
from server.store.sql import Row, and_, update
from server.store.tables import package_version
from server.store.work import Work

REGISTER = "registre:publications"


def draft_row(package: Package, actor: Actor, now: datetime, note: str) -> dict[str, Any]:
    """The row of a new draft of a package."""
    return {
        "id": new_id(),
        "departement": actor.departement,
        "slug": package.slug,
        "title": package.title,
        "status": "draft",
        "files": {name: content.decode() for name, content in sorted(package.files.items())},
        "content_hash": package.hash,
        "author_id": actor.user_id or None,
        "author_name": actor.name,
        "approver_name": "",
        "created_at": now,
        "changed_at": now,
        "note": note,
        "evidence": None,
        "version": 1,
    }


def version_to_change(work: Work, actor: Actor, package_id: str) -> Row[Any]:
    """A version of the actor's département. Raises NotFound."""
    row = find_version(work, package_id, lock=True)
    if row is None or row.departement != actor.departement:
        raise NotFound("Cette version n'existe pas, ou ne vous est pas ouverte.")
    return row


def put_in_force(work: Work, departement: str, slug: str, package_id: str, changes: Mapping[str, Any], now: datetime) -> int:
    """Publishes a version under the next number; the version before stays for the instances that began with it."""
    before = and_(package_version.c.departement == departement, package_version.c.slug == slug, package_version.c.status == "published")
    work.execute(update(package_version).where(before).values(status="replaced"))
    number = last_number(work, departement, slug) + 1
    values = {
        "status": "published",
        "number": number,
        "published_at": now,
        "changed_at": now,
        "version": package_version.c.version + 1,
        **changes,
    }
    work.execute(update(package_version).where(package_version.c.id == package_id).values(**values))
    return number


def tell(work: Work, kind: str, actor: Actor, now: datetime, body: Mapping[str, Any], payload: Mapping[str, Any] | None = None) -> None:
    """Writes a fact of publication at the end of its register."""
    append_to_register(work, REGISTER, [Entry(Fact(kind, now, body=dict(body), payload=payload))], actor)
