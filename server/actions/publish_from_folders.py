"""Publishes the packages of the folders: at once on an empty base, which is told in the register; else each becomes a draft that waits for approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from server.access.jalon import Jalon
from server.actions.publishing import draft_row, put_in_force, tell
from server.catalog import ERROR, Package, lint, overriding_tables, read_packages
from server.kernel.actor import Actor
from server.kernel.errors import Refused
from server.kernel.facts import PACKAGE_DRAFTED, PACKAGE_PUBLISHED
from server.store.packages import hashes_in_force, some_case_or_version
from server.store.tables import package_version
from server.store.work import unit_of_work, until_settled


@dataclass(frozen=True)
class FromFolders:
    """Slugs that were published at once, that now wait for approval, and that were already in force as they are."""

    published: tuple[str, ...]
    waiting: tuple[str, ...]
    unchanged: tuple[str, ...]


def publish_from_folders(jalon: Jalon, actor: Actor, now: datetime, slugs: tuple[str, ...] = ()) -> FromFolders:
    """Reads processes/ and forms/ (only `slugs` when given) into the actor's département. Raises ModelError when a package cannot be read,
    Refused (`lint`) when a rule forbids one of them: nothing is then published.
    """
    root = jalon.settings.root
    packages = read_packages(root / "processes", root / "forms")
    chosen = {slug: _overridden(root, actor.departement, package) for slug, package in packages.items() if not slugs or slug in slugs}
    for slug, package in chosen.items():
        _refuse_faults(slug, package, packages)
    return publish_packages(jalon, actor, chosen, now)


def _refuse_faults(slug: str, package: Package, packages: Mapping[str, Package]) -> None:
    faults = [finding for finding in lint(package.files, [other.process_id for other in packages.values()]) if finding.severity == ERROR]
    if faults:
        raise Refused(f"Le paquet « {slug} » ne peut pas être publié : {faults[0].message} Corrigez-le (jalon check {slug}).", "lint")


def _overridden(root: Path, departement: str, package: Package) -> Package:
    """The package with the tables by which the département replaces the common ones."""
    departements = root / "processes" / "departements"
    own = overriding_tables(departements, departement, package.slug) if (departements / departement).is_dir() else {}
    return package.replace(own) if own else package


def publish_packages(jalon: Jalon, actor: Actor, packages: Mapping[str, Package], now: datetime) -> FromFolders:
    """The same, for packages already read."""
    return until_settled(lambda: _publish(jalon, actor, packages, now))


def _publish(jalon: Jalon, actor: Actor, packages: Mapping[str, Package], now: datetime) -> FromFolders:
    published: list[str] = []
    waiting: list[str] = []
    with unit_of_work(jalon.database) as work:
        known = hashes_in_force(work, actor.departement)
        empty = not some_case_or_version(work, actor.departement)
        changed = {slug: package for slug, package in packages.items() if known.get(slug) != package.hash}
        for slug, package in changed.items():
            row = draft_row(package, actor, now, "Depuis les dossiers du dépôt.") | {"status": "draft" if empty else "waiting"}
            work.insert(package_version, [row])
            body = {"package": row["id"], "slug": slug, "hash": package.hash}
            if empty:
                number = put_in_force(work, actor.departement, slug, row["id"], {"note": "Publiée directement sur une base vide."}, now)
                tell(work, PACKAGE_PUBLISHED, actor, now, body | {"number": number, "direct": True, "reason": "base vide"})
                published.append(slug)
            else:
                tell(work, PACKAGE_DRAFTED, actor, now, body | {"waiting": True})
                waiting.append(slug)
    return FromFolders(tuple(published), tuple(waiting), tuple(sorted(set(packages) - set(changed))))
