"""What is read once per process and never changes: published packages by version id, parameters by territory and day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from server.catalog.package import Package, package_from_files
from server.catalog.parameters import COMMUN, Parameters, effective_parameters, parameter_dates
from server.engine import Definition, read_definition
from server.forms import Form, read_form
from server.kernel.errors import NotFound
from server.store.database import Database
from server.store.packages import files_of_version
from server.store.places import places_of
from server.store.work import glancing

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class Shelf(Generic[Key, Kept]):
    """Keeps the last things read, safely between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, read: Callable[[], Kept]) -> Kept:
        """The thing of this key, read at most once while it stays on the shelf."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = read()
        with self._lock:
            self._kept[key] = found
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return found

    def drop(self, key: Key) -> None:
        """Forgets a thing."""
        with self._lock:
            self._kept.pop(key, None)


class Library:
    """The shelves of one process."""

    def __init__(self, database: Database, parameters_root: Path) -> None:
        self._database = database
        self._root = parameters_root
        self._packages: Shelf[str, Package] = Shelf(300)
        self._definitions: Shelf[str, Definition] = Shelf(300)
        self._parameters: Shelf[tuple[str, str, date, str], Parameters] = Shelf(2000)
        self._since: Shelf[tuple[str, date], tuple[date, str]] = Shelf(2000)
        self._forms: Shelf[tuple[str, str], Form] = Shelf(600)
        self._known_parameters: set[str] = set()
        self._places: Shelf[str, tuple[str, tuple[tuple[str, str], ...]]] = Shelf(200)

    def package(self, package_id: str) -> Package:
        """The package of this published version. Raises NotFound."""
        return self._packages.get(package_id, lambda: self._read_package(package_id))

    def _read_package(self, package_id: str) -> Package:
        with glancing(self._database) as work:
            files = files_of_version(work, package_id)
        if files is None:
            raise NotFound
        return package_from_files(files)

    def definition(self, package_id: str) -> Definition:
        """The engine's reading of this published version. Raises NotFound or ModelError."""
        return self._definitions.get(
            package_id, lambda: read_definition(self.package(package_id).files, self.package(package_id).process_id)
        )

    def form(self, package_id: str, form_id: str) -> Form:
        """A form of this published version. Raises NotFound or ModelError."""
        return self._forms.get((package_id, form_id), lambda: read_form(self.package(package_id).form(form_id)))

    def parameters(self, departement: str, territory: str, day: date) -> Parameters:
        """The effective parameters of a territory ("13-I"; "" for the whole département) on a day."""
        code = territory.removeprefix(f"{departement}-")
        since, files = self._since.get((departement, day), lambda: self._read_since(departement, day))
        return self._parameters.get((departement, code, since, files), lambda: effective_parameters(self._root, departement, code, since))

    def _read_since(self, departement: str, day: date) -> tuple[date, str]:
        """The last day, up to this one, on which some value changed, and what tells these files from later ones: read once a day."""
        dates = [one for one in parameter_dates(self._root, departement) if one <= day]
        files = [self._root / COMMUN / "parametres.toml", *sorted((self._root / departement).glob("*.toml"))]
        marks = [f"{file.name} {file.stat().st_mtime_ns}" for file in files if file.exists()]
        return (dates[-1] if dates else day), " ".join(marks)

    def place_names(self, code: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The name of a département and (id, name) of its territories, read once; an unknown one is not kept, it may be founded later."""
        found = self._places.get(code, lambda: self._read_places(code))
        if not found[0]:
            self._places.drop(code)
        return found

    def _read_places(self, code: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        with glancing(self._database) as work:
            return places_of(work, code)

    def parameters_are_kept(self, digest: str) -> bool:
        """True when this process knows that the database has these parameters."""
        return digest in self._known_parameters

    def note_parameters(self, digest: str) -> None:
        """Remembers that the database has these parameters."""
        self._known_parameters.add(digest)
