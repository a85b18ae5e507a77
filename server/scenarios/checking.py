"""Checks every package of a repository together: lint, twins, stories, cases, coverage, and what refers to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from server import engine, forms, letters
from server.catalog import Package
from server.kernel.errors import JalonError
from server.scenarios.library import Library, read_library
from server.scenarios.trying import Trial, try_package


@dataclass(frozen=True)
class Report:
    """What was found in a repository: one trial per package, and sentences about the whole."""

    trials: tuple[Trial, ...]
    twins: tuple[str, ...] = ()
    broken: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[str, ...]:
        """Every French sentence that says what is wrong; empty when all is ready."""
        of_packages = [f"{t.slug} : {p}" for t in self.trials for p in (*self.broken.get(t.slug, ()), *t.problems)]
        return (*self.twins, *of_packages)


def check_packages(root: Path, only: str = "", *, fresh: bool = False) -> Report:
    """Checks the packages under `root`/processes and their twins under `root`/forms; `only` keeps one package's report (all are still read).

    `fresh`: stories are played with emptied caches before each command.
    """
    library = read_library(root)
    first = [try_package(package, library, slug, fresh=fresh) for slug, package in library.packages.items() if only in ("", slug)]
    played = [p for t in first for p in t.played]
    # A called process is crossed by the stories of its callers too.
    trials = tuple(t.seen_with(library.packages[t.slug], [p for p in played if not any(p is own for own in t.played)]) for t in first)
    broken = {t.slug: tuple(_broken(library.packages[t.slug])) for t in trials}
    return Report(trials, tuple(_twins(root, library)) if not only else (), broken)


def _twins(root: Path, library: Library) -> Iterator[str]:
    """`processes/x` and `forms/x` exist together, and a package's id is the name of its folder and of its process."""
    for folder in sorted(p for p in (root / "forms").iterdir() if p.is_dir()) if (root / "forms").is_dir() else ():
        if folder.name not in library.packages:
            yield f"forms/{folder.name} n'a pas de paquet processes/{folder.name} : ajoutez-le ou retirez le dossier."
    for slug, package in library.packages.items():
        if not (root / "forms" / slug).is_dir():
            yield f"processes/{slug} n'a pas de dossier forms/{slug} : ajoutez-le."
        try:
            if not slug == package.slug == package.process_id:
                yield f"processes/{slug} : le dossier, l'identifiant du paquet et celui du processus doivent être le même mot."
        except JalonError as error:
            yield f"processes/{slug} : {error}"


def _broken(package: Package) -> Iterator[str]:
    """What the modules that run a package refuse to read: the engine, the forms, the letters."""
    try:
        engine.read_definition(package.files, package.process_id)
    except JalonError as error:
        yield str(error)
    for form_id in package.form_ids:
        try:
            forms.read_form(package.form(form_id))
        except JalonError as error:
            yield f"formulaire {form_id} : {error}"
    for name in package.names("letters", ".md"):
        try:
            letters.read_letter(package.letter(name))
        except JalonError as error:
            yield f"courrier {name} : {error}"
    declared = set(package.manifest.letters) if "package.toml" in package.files else set()
    found = set(package.names("letters", ".md"))
    for name in sorted(declared ^ found):
        yield f"courrier {name} : déclaré dans package.toml sans modèle, ou modèle non déclaré ; accordez les deux."
