"""An owner asks that a draft be published: the rules must hold; what no scenario crosses or what fails needs a written reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.actions.publishing import tell, version_to_change
from server.catalog import package_from_files, refused
from server.kernel.actor import Actor
from server.kernel.errors import Refused, Stale
from server.kernel.facts import PUBLICATION_ASKED
from server.scenarios import Library, Trial, try_package
from server.store.packages import find_version, published_ids
from server.store.sql import Row, and_, update
from server.store.tables import package_version
from server.store.work import reading, unit_of_work, until_settled


def ask_publication(jalon: Jalon, actor: Actor, package_id: str, reason: str, seen_version: int, now: datetime) -> None:
    """Puts a draft before a second owner, with the evidence of its lint, scenarios and coverage.

    Raises NotFound, Forbidden, Stale (the draft changed since the page was drawn), Refused: `lint` when a rule forbids it, `motif` when a reason is needed.
    """
    require(actor, Permission.STUDIO_EDIT)
    with reading(jalon.database) as work:
        row = find_version(work, package_id)
    if row is not None:
        trial = _try(jalon, row)
        if refused(trial.findings):
            raise Refused("Ce brouillon ne peut pas être publié : corrigez d'abord les erreurs signalées dans le diagramme.", "lint")
        if trial.problems and not reason.strip():
            raise Refused(f"{len(trial.problems)} point(s) à expliquer avant de demander : {trial.problems[0]} Écrivez le motif.", "motif")
        evidence = trial.to_plain()
    else:
        evidence = {}
    until_settled(lambda: _ask(jalon, actor, package_id, reason.strip(), seen_version, evidence, now))


def _try(jalon: Jalon, row: Row[Any]) -> Trial:
    with reading(jalon.database) as work:
        others = published_ids(work, row.departement)
    root = jalon.settings.root / "processes" / "departements"
    library = Library({slug: jalon.package(one) for slug, one in others.items()}, root if root.is_dir() else None)
    return try_package(package_from_files(row.files), library, row.slug)


def _ask(jalon: Jalon, actor: Actor, package_id: str, reason: str, seen_version: int, evidence: dict[str, Any], now: datetime) -> None:
    with unit_of_work(jalon.database) as work:
        row = version_to_change(work, actor, package_id)
        if row.status != "draft" or row.version != seen_version:
            raise Stale(
                "Ce brouillon a changé depuis l'ouverture de votre page. Rechargez-la avant de demander.",
                by=row.author_name,
                at=row.changed_at,
            )
        authors = sorted({*(row.evidence or {}).get("auteurs", [row.author_id]), actor.user_id})
        values = {
            "status": "waiting",
            "note": reason,
            "changed_at": now,
            "evidence": {**evidence, "auteurs": authors},
            "version": row.version + 1,
        }
        work.execute(update(package_version).where(and_(package_version.c.id == package_id)).values(**values))
        body = {"package": package_id, "slug": row.slug, "hash": row.content_hash}
        tell(work, PUBLICATION_ASKED, actor, now, body, {"reason": reason})
