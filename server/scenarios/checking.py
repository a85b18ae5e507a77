"""Checks every package of a repository together: lint, twins, stories, cases, coverage, and what refers to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from server.catalog import Package, effective_parameters, faults_of_scales, read_departements
from server.catalog.expressions import written_expressions
from server.kernel.errors import JalonError
from server.scenarios.library import Library, read_library
from server.scenarios.trying import Trial, try_package

_PARAMETER = re.compile(r"\bparametres\.(\w+(?:\.\w+)*)")
_DELAY = re.compile(r'\becheance\(\s*"([^"]*)"')


@dataclass(frozen=True)
class Report:
    """What was found in a repository: one trial per package, and sentences about the whole."""

    trials: tuple[Trial, ...]
    twins: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Every French sentence that says what is wrong; empty when all is ready."""
        of_packages = [f"{t.slug} : {p}" for t in self.trials for p in t.problems]
        return (*self.twins, *self.parameters, *of_packages)


def check_packages(root: Path, only: str = "", *, fresh: bool = False) -> Report:
    """Checks the packages under `root`/processes and their twins under `root`/forms; `only` keeps one package's report (all are still read).

    `fresh`: stories are played with emptied caches before each command.
    """
    library = read_library(root)
    first = [try_package(package, library, slug, fresh=fresh) for slug, package in library.packages.items() if only in ("", slug)]
    played = [p for t in first for p in t.played]
    # A called process is crossed by the stories of its callers too.
    trials = tuple(t.seen_with(library.packages[t.slug], [p for p in played if not any(p is own for own in t.played)]) for t in first)
    if only:
        return Report(trials)
    return Report(trials, tuple(_twins(root, library)), tuple(_parameters(library)))


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


def _parameters(library: Library) -> Iterator[str]:
    """Scales outside the law, and delays that a diagram counts and a département does not have."""
    root = library.departements
    if root is None:
        return
    named = {(slug, name) for slug, package in library.packages.items() for name in _delays_of(package)}
    read = {(slug, path) for slug, package in library.packages.items() for path in _paths_of(package)}
    given: set[str] = set()
    for departement in read_departements(root):
        try:
            values = effective_parameters(root, departement, "", date.max).values
            known = values["delais"]
            given |= {path for _, path in read if _given(values, path)}
            yield from faults_of_scales(root, departement)
        except JalonError as error:
            yield f"Département {departement} : {error}"
            continue
        for slug, name in sorted(named):
            if name not in known:
                yield f"{slug} compte le délai « {name} », que le département {departement} n'a pas : ajoutez-le à parametres.toml."
    for slug, path in sorted(read):
        if path not in given:
            yield f"{slug} lit « parametres.{path} », qu'aucun département ne donne : ajoutez ce paramètre ou corrigez son nom."


def _given(values: Mapping[str, Any], path: str) -> bool:
    found: Any = values
    for key in path.split("."):
        if not isinstance(found, Mapping) or key not in found:
            return False
        found = found[key]
    return True


def _paths_of(package: Package) -> set[str]:
    """What the diagram, the tables, the forms and the letters read of `parametres`; delays by name are another matter."""
    texts = [
        content.decode(errors="replace") for name, content in package.files.items() if name.endswith((".bpmn", ".dmn", ".form", ".md"))
    ]
    return {path for text in texts for path in _PARAMETER.findall(text)}


def _delays_of(package: Package) -> set[str]:
    try:
        texts = [written.text for written in written_expressions(package.diagram)]
    except JalonError:
        return set()
    return {name for text in texts for name in _DELAY.findall(text)}
