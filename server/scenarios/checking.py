"""Checks every package of a repository together: lint, twins, stories, cases, coverage, and what refers to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server.kernel.errors import JalonError
from server.scenarios.library import Library, read_library
from server.scenarios.trying import Trial, try_package


@dataclass(frozen=True)
class Report:
    """What was found in a repository: one trial per package, and sentences about the whole."""

    trials: tuple[Trial, ...]
    twins: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Every French sentence that says what is wrong; empty when all is ready."""
        of_packages = [f"{t.slug} : {p}" for t in self.trials for p in t.problems]
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
    return Report(trials, tuple(_twins(root, library)) if not only else ())


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
