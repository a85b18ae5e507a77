"""Package versions: drafts and what is published, and the parameters that commands were run with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, desc, select

from server.store.tables import case_file, package_version, parameter_set
from server.store.work import Work

_WITHOUT_FILES = [column for column in package_version.c if column.name not in {"files", "evidence"}]


def files_of_version(work: Work, package_id: str) -> dict[str, str] | None:
    """The files of a version, name -> text, or None."""
    found: dict[str, str] | None = work.value(select(package_version.c.files).where(package_version.c.id == package_id))
    return found


def find_version(work: Work, package_id: str, *, lock: bool = False) -> Row[Any] | None:
    """One version with all its columns; `lock` keeps it until the commit (PostgreSQL)."""
    statement = select(package_version).where(package_version.c.id == package_id)
    return work.one(statement.with_for_update() if lock else statement)


def version_in_force(work: Work, departement: str, slug: str, at: datetime) -> Row[Any] | None:
    """The version of a process that was published last at that time, without its files."""
    return work.one(
        select(*_WITHOUT_FILES)
        .where(
            package_version.c.departement == departement,
            package_version.c.slug == slug,
            package_version.c.status.in_(("published", "replaced")),
            package_version.c.published_at <= at,
        )
        .order_by(desc(package_version.c.published_at), desc(package_version.c.number))
        .limit(1)
    )


def last_number(work: Work, departement: str, slug: str) -> int:
    """The number of the last published version, 0 when there is none."""
    found = work.value(
        select(package_version.c.number)
        .where(and_(package_version.c.departement == departement, package_version.c.slug == slug, package_version.c.number.is_not(None)))
        .order_by(desc(package_version.c.number))
        .limit(1)
    )
    return int(found or 0)


def keep_parameters(
    work: Work, digest: str, departement: str, territory_id: str | None, day: date, content: Mapping[str, Any], now: datetime
) -> None:
    """Keeps a set of effective parameters under its digest, once."""
    row = {
        "hash": digest,
        "departement": departement,
        "territory_id": territory_id,
        "day": day,
        "content": content,
        "recorded_at": now,
    }
    work.upsert(parameter_set, [row], key=("hash",), update=("hash",))


def hashes_in_force(work: Work, departement: str) -> dict[str, str]:
    """Slug -> content hash of the published versions of a département."""
    where = and_(package_version.c.departement == departement, package_version.c.status == "published")
    return {row.slug: row.content_hash for row in work.rows(select(package_version.c.slug, package_version.c.content_hash).where(where))}


def some_case_or_version(work: Work, departement: str) -> bool:
    """False on a base where this département has neither a case nor any version yet."""
    versions = select(package_version.c.id).where(package_version.c.departement == departement).limit(1)
    cases = select(case_file.c.id).where(case_file.c.departement == departement).limit(1)
    return work.one(versions) is not None or work.one(cases) is not None


def published_ids(work: Work, departement: str) -> dict[str, str]:
    """Slug -> id of the published versions of a département."""
    where = and_(package_version.c.departement == departement, package_version.c.status == "published")
    return {row.slug: row.id for row in work.rows(select(package_version.c.slug, package_version.c.id).where(where))}


def open_draft(work: Work, departement: str, slug: str) -> Row[Any] | None:
    """The draft of a package, or the one that waits for approval: there is at most one."""
    mine = and_(
        package_version.c.departement == departement, package_version.c.slug == slug, package_version.c.status.in_(("draft", "waiting"))
    )
    return work.one(select(package_version).where(mine).order_by(desc(package_version.c.changed_at)).limit(1).with_for_update())
