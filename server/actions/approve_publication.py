"""A second owner publishes exactly what was asked; never one of its authors."""

from __future__ import annotations

from datetime import datetime

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.actions.publishing import put_in_force, tell, version_to_change
from server.catalog import package_from_files
from server.kernel.actor import Actor
from server.kernel.errors import Refused, Stale
from server.kernel.facts import PACKAGE_PUBLISHED
from server.store.work import unit_of_work, until_settled


def approve_publication(jalon: Jalon, actor: Actor, package_id: str, content_hash: str, now: datetime) -> int:
    """The number of the new version. `content_hash`: what the approver read; any other content is refused.

    Raises NotFound, Forbidden, Stale (not waiting, or changed since it was read), Refused (`quatre-yeux`: the approver wrote some of it).
    """
    require(actor, Permission.STUDIO_EDIT)
    return until_settled(lambda: _approve(jalon, actor, package_id, content_hash, now))


def _approve(jalon: Jalon, actor: Actor, package_id: str, content_hash: str, now: datetime) -> int:
    with unit_of_work(jalon.database) as work:
        row = version_to_change(work, actor, package_id)
        if row.status != "waiting":
            raise Stale(
                "Cette version n'attend pas d'approbation : elle a été publiée, reprise ou refusée.",
                by=row.approver_name or row.author_name,
                at=row.changed_at,
            )
        if actor.user_id in {row.author_id, *(row.evidence or {}).get("auteurs", [])}:
            raise Refused("Vous avez écrit une partie de cette version : une autre personne propriétaire doit la publier.", "quatre-yeux")
        if content_hash != row.content_hash or package_from_files(row.files).hash != content_hash:
            raise Stale("Le contenu a changé depuis votre lecture. Relisez-le avant de publier.", by=row.author_name, at=row.changed_at)
        approver = {"approver_id": actor.user_id, "approver_name": actor.name}
        number = put_in_force(work, row.departement, row.slug, package_id, approver, now)
        body = {
            "package": package_id,
            "slug": row.slug,
            "hash": content_hash,
            "number": number,
            "authors": sorted((row.evidence or {}).get("auteurs", [row.author_id])),
        }
        tell(work, PACKAGE_PUBLISHED, actor, now, body)
    return number
