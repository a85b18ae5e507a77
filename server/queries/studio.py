"""What the studio shows: the packages of a département, the content at work on one of them, its versions and its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.access.jalon import Jalon
from server.catalog import Change, Finding, Package, compare, lint, package_from_files
from server.kernel.actor import Actor
from server.kernel.errors import JalonError, NotFound
from server.store.sql import Row, func, select
from server.store.tables import instance, package_version
from server.store.work import Work, reading

OPEN_DRAFT = ("draft", "waiting")
_SHOWN = [column for column in package_version.c if column.name not in {"files", "evidence"}]


@dataclass(frozen=True)
class Version:
    """One version of a package, without its files. `status`: draft, waiting, published, refused, replaced."""

    id: str
    slug: str
    title: str
    number: int | None
    status: str
    author_id: str
    author_name: str
    approver_name: str
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    note: str
    content_hash: str
    version: int
    open_instances: int = 0


@dataclass(frozen=True)
class PackageLine:
    """One line of the list: what is in force, how many instances are open on any version, the draft if there is one."""

    slug: str
    title: str
    owner: str
    published: Version | None
    open_instances: int
    draft: Version | None
    errors: int


@dataclass(frozen=True)
class Workbench:
    """What a package page works on: the open draft, else the version in force."""

    slug: str
    version: Version
    package: Package
    published: Version | None
    findings: tuple[Finding, ...]
    evidence: Mapping[str, Any] | None
    others: tuple[str, ...]

    @property
    def is_draft(self) -> bool:
        return self.version.status in OPEN_DRAFT

    @property
    def errors(self) -> int:
        return sum(1 for finding in self.findings if finding.severity == "error")

    @property
    def authors(self) -> frozenset[str]:
        """The ids of all who wrote some of the draft: none of them may publish it."""
        return frozenset({self.version.author_id, *(self.evidence or {}).get("auteurs", ())} - {""})

    @property
    def seen_version(self) -> int:
        """What a save must send back: the draft's row version, 0 when saving would make the draft."""
        return self.version.version if self.is_draft else 0


def package_list(jalon: Jalon, actor: Actor, now: datetime) -> tuple[PackageLine, ...]:  # noqa: ARG001 - every query takes the time
    """The packages of the actor's département, by title: three statements."""
    mine = package_version.c.departement == actor.departement
    current = package_version.c.status.in_(("published", *OPEN_DRAFT))
    with reading(jalon.database) as work:
        rows = work.rows(select(*_SHOWN).where(mine, current).order_by(package_version.c.title, package_version.c.changed_at))
        counts = _open_by_slug(work, actor.departement)
        drafts = work.rows(select(package_version.c.id, package_version.c.files).where(mine, package_version.c.status.in_(OPEN_DRAFT)))
    files = {row.id: row.files for row in drafts}
    by_slug: dict[str, list[Version]] = {}
    for row in rows:
        by_slug.setdefault(row.slug, []).append(_version(row))
    processes = tuple(by_slug)
    return tuple(_line(slug, versions, counts.get(slug, 0), files, processes, jalon) for slug, versions in by_slug.items())


def _line(
    slug: str, versions: Sequence[Version], count: int, files: Mapping[str, Mapping[str, str]], processes: tuple[str, ...], jalon: Jalon
) -> PackageLine:
    published = next((version for version in versions if version.status == "published"), None)
    draft = next((version for version in reversed(versions) if version.status in OPEN_DRAFT), None)
    package = package_from_files(files[draft.id]) if draft else jalon.package(versions[-1].id)
    findings = lint(package.files, processes) if draft else []
    errors = sum(1 for finding in findings if finding.severity == "error")
    return PackageLine(slug, versions[-1].title, _owner(package), published, count, draft, errors)


def _owner(package: Package) -> str:
    try:
        return package.manifest.owner
    except JalonError:
        return ""


def _open_by_slug(work: Work, departement: str) -> dict[str, int]:
    statement = (
        select(instance.c.process, func.count().label("open"))
        .where(instance.c.departement == departement, instance.c.status == "open")
        .group_by(instance.c.process)
    )
    return {row.process: row.open for row in work.rows(statement)}


def _version(row: Row[Any], open_instances: int = 0) -> Version:
    return Version(
        id=row.id,
        slug=row.slug,
        title=row.title,
        number=row.number,
        status=row.status,
        author_id=row.author_id or "",
        author_name=row.author_name,
        approver_name=row.approver_name,
        created_at=row.created_at,
        changed_at=row.changed_at,
        published_at=row.published_at,
        note=row.note,
        content_hash=row.content_hash,
        version=row.version,
        open_instances=open_instances,
    )


def workbench(jalon: Jalon, actor: Actor, slug: str, now: datetime) -> Workbench:  # noqa: ARG001 - every query takes the time
    """The open draft of a package, else its version in force, read and linted. Raises NotFound."""
    mine = package_version.c.departement == actor.departement
    with reading(jalon.database) as work:
        rows = work.rows(
            select(package_version)
            .where(mine, package_version.c.slug == slug, package_version.c.status.in_(("published", *OPEN_DRAFT)))
            .order_by(package_version.c.changed_at)
        )
        slugs = work.rows(select(package_version.c.slug).where(mine, package_version.c.status == "published").distinct())
    published = next((row for row in rows if row.status == "published"), None)
    draft = next((row for row in reversed(rows) if row.status in OPEN_DRAFT), None)
    shown = draft if draft is not None else published
    if shown is None:
        raise NotFound("Ce processus n'existe pas, ou ne vous est pas ouvert.")
    package = package_from_files(shown.files)
    others = tuple(sorted({row.slug for row in slugs} | {slug}))
    return Workbench(
        slug=slug,
        version=_version(shown),
        package=package,
        published=_version(published) if published is not None else None,
        findings=tuple(lint(package.files, others)),
        evidence=shown.evidence,
        others=others,
    )


def version_list(jalon: Jalon, actor: Actor, slug: str, now: datetime) -> tuple[Version, ...]:  # noqa: ARG001 - every query takes the time
    """Every version of a package, newest first, with its open instances: two statements."""
    mine = (package_version.c.departement == actor.departement) & (package_version.c.slug == slug)
    with reading(jalon.database) as work:
        rows = work.rows(select(*_SHOWN).where(mine).order_by(package_version.c.changed_at.desc()))
        counts = work.rows(
            select(instance.c.package_id, func.count().label("open"))
            .where(instance.c.departement == actor.departement, instance.c.process == slug, instance.c.status == "open")
            .group_by(instance.c.package_id)
        )
    open_by_version = {row.package_id: row.open for row in counts}
    return tuple(_version(row, open_by_version.get(row.id, 0)) for row in rows)


def changes(jalon: Jalon, bench: Workbench) -> tuple[Change, ...]:
    """What the draft changes in the version in force, in sentences; nothing when there is no draft or nothing is in force."""
    if not bench.is_draft or bench.published is None:
        return ()
    return tuple(compare(jalon.package(bench.published.id), bench.package))
