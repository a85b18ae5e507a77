"""A process owner saves a change of a package as the draft of its next version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.access.jalon import Jalon
from server.access.permissions import Permission, require
from server.actions.publishing import draft_row, tell
from server.catalog import Package, package_from_files
from server.kernel.actor import Actor
from server.kernel.errors import JalonError, Stale
from server.kernel.facts import PACKAGE_DRAFTED
from server.store.packages import files_of_version, open_draft, version_in_force
from server.store.sql import Row, and_, update
from server.store.tables import package_version
from server.store.work import Work, unit_of_work, until_settled


def draft_package(jalon: Jalon, actor: Actor, slug: str, files: Mapping[str, str | None], seen_version: int, now: datetime) -> str:
    """The id of the draft, in which `files` replace those of the same names (None takes one away).

    `seen_version`: the draft's row version when the page was drawn, 0 when there was no draft. A draft that waited for approval waits no longer.
    Raises Forbidden, Stale (who saved meanwhile), TooMuch or ModelError (a name outside a package's layout).
    """
    require(actor, Permission.STUDIO_EDIT)
    return until_settled(lambda: _save(jalon, actor, slug, files, seen_version, now))


def _save(jalon: Jalon, actor: Actor, slug: str, files: Mapping[str, str | None], seen_version: int, now: datetime) -> str:
    with unit_of_work(jalon.database) as work:
        draft = open_draft(work, actor.departement, slug)
        if (draft.version if draft else 0) != seen_version:
            _refuse(draft)
        package = package_from_files(_merged(_base(work, actor, slug, draft, now), files))
        if draft is None:
            row = draft_row(package, actor, now, "") | {
                "slug": slug,
                "title": _title(package, slug),
                "evidence": {"auteurs": [actor.user_id]},
            }
            work.insert(package_version, [row])
            tell(work, PACKAGE_DRAFTED, actor, now, {"package": row["id"], "slug": slug, "hash": package.hash})
            return str(row["id"])
        _keep(work, actor, draft, package, now)
        return str(draft.id)


def _refuse(draft: Row[Any] | None) -> None:
    if draft is None:
        raise Stale("Ce brouillon n'existe plus : il a été publié ou retiré. Rechargez la page.")
    raise Stale(
        "Ce brouillon a changé depuis l'ouverture de votre page. Rechargez-la : votre saisie est conservée.",
        by=draft.author_name,
        at=draft.changed_at,
    )


def _base(work: Work, actor: Actor, slug: str, draft: Row[Any] | None, now: datetime) -> Mapping[str, str]:
    if draft is not None:
        kept: Mapping[str, str] = draft.files
        return kept
    version = version_in_force(work, actor.departement, slug, now)
    return (files_of_version(work, version.id) or {}) if version else {}


def _merged(base: Mapping[str, str], files: Mapping[str, str | None]) -> dict[str, bytes | str]:
    together = {**base, **files}
    return {name: text for name, text in together.items() if text is not None}


def _keep(work: Work, actor: Actor, draft: Row[Any], package: Package, now: datetime) -> None:
    authors = sorted({*(draft.evidence or {}).get("auteurs", [draft.author_id]), actor.user_id})
    values = {
        "files": {name: content.decode() for name, content in sorted(package.files.items())},
        "content_hash": package.hash,
        "title": _title(package, draft.title),
        "status": "draft",
        "author_id": actor.user_id,
        "author_name": actor.name,
        "changed_at": now,
        "evidence": {"auteurs": authors},
        "version": draft.version + 1,
    }
    same = and_(package_version.c.id == draft.id, package_version.c.version == draft.version)
    if work.changed(update(package_version).where(same).values(**values)) != 1:
        raise Stale("Ce brouillon vient de changer. Rechargez la page : votre saisie est conservée.")


def _title(package: Package, before: str) -> str:
    try:
        return package.title
    except JalonError:
        return before
