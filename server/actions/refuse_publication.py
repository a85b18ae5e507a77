"""A second owner refuses a publication, with a reason; the draft goes back to its authors."""

from __future__ import annotations

from datetime import datetime

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.actions.publishing import tell, version_to_change
from server.kernel.actor import Actor
from server.kernel.errors import BadInput, Stale
from server.kernel.facts import PUBLICATION_REFUSED
from server.store.sql import update
from server.store.tables import package_version
from server.store.work import unit_of_work, until_settled


def refuse_publication(jalon: Jalon, actor: Actor, package_id: str, reason: str, now: datetime) -> None:
    """Makes a waiting version a draft again, with the reason as its note. Raises NotFound, Forbidden, BadInput (no reason), Stale (not waiting)."""
    require(actor, Permission.STUDIO_EDIT)
    if not reason.strip():
        raise BadInput("Un refus dit son motif. Écrivez-le, puis recommencez.")
    until_settled(lambda: _refuse(jalon, actor, package_id, reason.strip(), now))


def _refuse(jalon: Jalon, actor: Actor, package_id: str, reason: str, now: datetime) -> None:
    with unit_of_work(jalon.database) as work:
        row = version_to_change(work, actor, package_id)
        if row.status != "waiting":
            raise Stale(
                "Cette version n'attend pas d'approbation : elle a été publiée, reprise ou refusée.",
                by=row.approver_name or row.author_name,
                at=row.changed_at,
            )
        values = {"status": "draft", "note": f"Refusée par {actor.name} : {reason}", "changed_at": now, "version": row.version + 1}
        work.execute(update(package_version).where(package_version.c.id == package_id).values(**values))
        tell(work, PUBLICATION_REFUSED, actor, now, {"package": package_id, "slug": row.slug, "hash": row.content_hash}, {"reason": reason})
