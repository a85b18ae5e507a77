"""The packages and parameters that stories run on, read once from the folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from server.catalog import Package, Parameters, effective_parameters, overriding_tables, read_packages
from server.kernel.errors import JalonError, ModelError


@dataclass(frozen=True)
class Library:
    """Packages by folder name, and where the parameters lie. A département's own tables replace those of the packages."""

    packages: Mapping[str, Package]
    departements: Path | None = None
    _memory: dict[tuple[str, str, date], Parameters] = field(default_factory=dict, compare=False, repr=False)
    _tables: dict[tuple[str, str], Package] = field(default_factory=dict, compare=False, repr=False)

    def of_process(self, process_id: str, departement: str) -> Package:
        """The package whose diagram has that process. Raises ModelError when none has."""
        for package in self.packages.values():
            if _process_of(package) == process_id:
                return self._overridden(package, departement)
        raise ModelError(f"Le processus « {process_id} » n'est dans aucun paquet : ajoutez-le, ou jouez-le sous « appels ».")

    def parameters(self, departement: str, territoire: str, day: date) -> Parameters:
        """The effective parameters; empty when the library has no folder of départements or the story names none."""
        key = (departement, territoire, day)
        if key not in self._memory:
            known = self.departements is not None and departement
            found = effective_parameters(self.departements, *key) if known and self.departements else Parameters({"delais": {}}, {}, "")
            self._memory[key] = found
        return self._memory[key]

    def with_package(self, slug: str, package: Package) -> Library:
        """The same library with one package replaced: the draft that a studio tries."""
        return Library({**self.packages, slug: package}, self.departements)

    @property
    def processes(self) -> frozenset[str]:
        """The ids of all processes that can be read."""
        return frozenset(filter(None, map(_process_of, self.packages.values())))

    def _overridden(self, package: Package, departement: str) -> Package:
        if self.departements is None or not departement:
            return package
        key = (package.hash, departement)
        if key not in self._tables:
            own = overriding_tables(self.departements, departement, package.slug)
            self._tables[key] = package.replace(own) if own else package
        return self._tables[key]


def read_library(root: Path) -> Library:
    """The library of a repository: `root`/processes, `root`/forms and `root`/processes/departements."""
    departements = root / "processes" / "departements"
    return Library(read_packages(root / "processes", root / "forms"), departements if departements.is_dir() else None)


def _process_of(package: Package) -> str:
    try:
        return package.process_id
    except JalonError:
        return ""
