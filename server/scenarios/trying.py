"""Tries one package: its lint, its stories, its cases, and what none of them crosses; what a studio shows before publication."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from server import catalog, engine, forms, letters
from server.catalog import ERROR, Finding, Package
from server.catalog.rules.readable_package import CODE
from server.kernel.errors import JalonError
from server.scenarios.coverage import Coverage, coverage_of
from server.scenarios.library import Library
from server.scenarios.playing import Played, play
from server.scenarios.story import Story, read_story
from server.scenarios.tables import CasesRun, run_tables


@dataclass(frozen=True)
class Trial:
    """All that was found of one package.

    `findings` are those of the lint and what the engine, the forms and the letters refuse to read; `unread` are stories that could not be read; `coverage` is
    None when the diagram cannot be run.
    """

    slug: str
    findings: tuple[Finding, ...]
    played: tuple[Played, ...]
    cases: tuple[CasesRun, ...]
    unread: tuple[str, ...]
    coverage: Coverage | None

    @property
    def problems(self) -> tuple[str, ...]:
        """Every sentence that makes the package not ready, warnings of the lint aside."""
        lint = [f"{f.rule} : {f.message}" for f in self.findings if f.severity == ERROR]
        stories = [f"scénario « {p.story.name} » : {problem}" for p in self.played for problem in p.problems]
        missed = [f"aucun scénario ni cas ne passe par : {', '.join(ids)} ({kind})." for kind, ids in self.missed.items() if ids]
        return (*lint, *self.unread, *stories, *(problem for c in self.cases for problem in c.problems), *missed)

    @property
    def missed(self) -> dict[str, list[str]]:
        return self.coverage.missed if self.coverage is not None else {}

    def seen_with(self, package: Package, beside: Collection[Played]) -> Trial:
        """The same trial, in which the stories of other packages count for what they cross of this one."""
        return replace(self, coverage=_coverage(package, (*self.played, *beside), self.cases))

    def to_plain(self) -> dict[str, Any]:
        """Plain JSON types: the evidence kept with a version."""
        return {
            "lint": [f.to_plain() for f in self.findings],
            "scenarios": [{"nom": p.story.name, "titre": p.story.title, "problemes": list(p.problems)} for p in self.played],
            "illisibles": list(self.unread),
            "cas": [{"fichier": c.file, "lignes": c.lines, "problemes": list(c.problems)} for c in self.cases],
            "couverture": round(self.coverage.percent, 1) if self.coverage is not None else None,
            "manque": self.missed,
        }


def try_package(package: Package, library: Library, slug: str = "", groups: Collection[str] = (), *, fresh: bool = False) -> Trial:
    """Lints a package, plays its own stories on the library with this package in it, runs its cases.

    `groups`: those that the département has beside the usual ones. Never raises for what the package holds.
    """
    slug = slug or _slug(package)
    used = library.with_package(slug, package)
    findings = catalog.lint(package.files, used.processes, (*catalog.GROUPS, *groups))
    findings = [*findings, *_broken(package, findings)]
    stories, unread = read_stories(package)
    played = tuple(play(story, used, fresh=fresh) for story in stories)
    cases = tuple(run_tables(package))
    return Trial(slug, tuple(findings), played, cases, tuple(unread), _coverage(package, played, cases))


def read_stories(package: Package) -> tuple[list[Story], list[str]]:
    """The stories of a package, by name, and a sentence for each that cannot be read. A story without a process is about the package's own."""
    stories, unread = [], []
    for name in package.names("scenarios", ".yaml"):
        try:
            story = read_story(name, package.files[f"scenarios/{name}.yaml"].decode())
            stories.append(story if story.process else story.about(package.process_id))
        except (JalonError, UnicodeDecodeError) as error:
            unread.append(str(error))
    return stories, unread


def _coverage(package: Package, played: Collection[Played], cases: Collection[CasesRun]) -> Coverage | None:
    try:
        return coverage_of(package, played, cases)
    except JalonError:
        return None


def _broken(package: Package, found: Collection[Finding]) -> Iterator[Finding]:
    """What the modules that run a package refuse to read: the engine (when the lint has nothing to say of the diagram), the forms, the letters."""
    if not any(f.file == "process.bpmn" and f.severity == ERROR for f in found):
        try:
            engine.read_definition(package.files, package.process_id)
        except JalonError as error:
            yield Finding(CODE, getattr(error, "element", ""), "", str(error), ERROR)
    for form_id in package.form_ids:
        try:
            forms.read_form(package.form(form_id))
        except JalonError as error:
            yield Finding(CODE, "", form_id, f"Formulaire {form_id} : {error}", ERROR, f"forms/{form_id}.form")
    for name in package.names("letters", ".md"):
        try:
            letters.read_letter(package.letter(name))
        except JalonError as error:
            yield Finding(CODE, "", name, f"Courrier {name} : {error}", ERROR, f"letters/{name}.md")
    yield from _undeclared(package)


def _undeclared(package: Package) -> Iterator[Finding]:
    try:
        declared = set(package.manifest.letters)
    except JalonError:
        return
    for name in sorted(declared ^ set(package.names("letters", ".md"))):
        message = f"Courrier {name} : déclaré dans package.toml sans modèle, ou modèle non déclaré ; accordez les deux."
        yield Finding(CODE, "", name, message, ERROR, "package.toml")


def _slug(package: Package) -> str:
    try:
        return package.slug
    except JalonError:
        return ""
