"""The packages in force in a département, as stories run on them: what a draft is tried with."""

from __future__ import annotations

from server.access.jalon import Jalon
from server.scenarios import Library
from server.store.sql import select
from server.store.tables import package_version
from server.store.work import reading


def stories_library(jalon: Jalon, departement: str) -> Library:
    """Every published package of the département by slug, with the folder of its parameters."""
    where = (package_version.c.departement == departement) & (package_version.c.status == "published")
    with reading(jalon.database) as work:
        rows = work.rows(select(package_version.c.id, package_version.c.slug).where(where))
    folder = jalon.settings.root / "processes" / "departements"
    return Library({row.slug: jalon.package(row.id) for row in rows}, folder if folder.is_dir() else None)
