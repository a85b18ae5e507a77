"""Joins a file to the files it imports and finds what an href points at (DMN 1.5, 6.3.3)."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote

from server.decisions.elements import Definitions, Element, Import
from server.decisions.reader import read
from server.decisions.types import Types
from server.kernel.errors import ModelError, TooMuch

MAX_FILES = 50


@dataclass(eq=False)
class Unit:
    """One file: its definitions, the SHA-256 of its bytes, its types, its elements by id; the units it imports under a name, and those without a name,
    whose elements and types count as its own."""

    definitions: Definitions
    digest: str = ""
    imports: dict[str, Unit] = field(default_factory=dict)
    merged: list[Unit] = field(default_factory=list)
    by_id: dict[str, Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.types = Types(self.definitions.items, self._types_of, lambda: (unit.types for unit in self.one_space()))
        for element in self.definitions.elements():
            self.by_id.setdefault(element.id or element.name, element)

    def _types_of(self, name: str) -> Types | None:
        unit = self.imports.get(name)
        return None if unit is None else unit.types

    def find(self, href: str) -> tuple[Unit, Element]:
        """What an href points at: `#id` here or in a file imported without a name, `namespace#id` in any file imported. Raises ModelError."""
        namespace, _, element_id = href.rpartition("#")
        element_id = unquote(element_id)
        for unit in self.reachable() if namespace else self.one_space():
            element = unit.by_id.get(element_id)
            if element is not None and namespace in {"", unit.definitions.namespace}:
                return unit, element
        raise ModelError(
            f"Le modèle « {self.definitions.name} » renvoie à « {href} », qui n'existe pas. Corrigez la flèche ou l'import.",
            element_id,
            "dmn-renvoi",
        )

    def one_space(self) -> Iterator[Unit]:
        """This file, then those it imports without a name, each before the next one: the first that bears a name keeps it."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            unit = waiting.pop()
            if id(unit) not in seen:
                seen.add(id(unit))
                yield unit
                waiting.extend(reversed(unit.merged))

    def reachable(self) -> Iterator[Unit]:
        """This file, then those it imports, nearest first."""
        for unit, _ in self._walk():
            yield unit

    def path_to(self, other: Unit) -> tuple[str, ...]:
        """The import names under which another file is seen from here: () for this file and for imports without a name."""
        return next((path for unit, path in self._walk() if unit is other), ())

    def _walk(self) -> Iterator[tuple[Unit, tuple[str, ...]]]:
        seen = {id(self)}
        waiting: deque[tuple[Unit, tuple[str, ...]]] = deque([(self, ())])
        while waiting:
            unit, path = waiting.popleft()
            yield unit, path
            for name, imported in (*unit.imports.items(), *(("", merged) for merged in unit.merged)):
                if id(imported) not in seen:
                    seen.add(id(imported))
                    waiting.append((imported, (*path, name) if name else path))


def link(xml: bytes, files: Mapping[str, bytes]) -> Unit:
    """The unit of a file and of all it imports, among `files` (name -> content). Raises ModelError when one is missing or imports itself."""
    return _Linker(files).unit(read(xml), xml, (), PurePosixPath())


class _Linker:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._read: dict[str, Definitions | None] = {}
        self._units: dict[str, Unit] = {}

    def unit(self, definitions: Definitions, xml: bytes, importing: tuple[str, ...], folder: PurePosixPath) -> Unit:
        namespace = definitions.namespace
        if len(importing) > MAX_FILES:
            raise TooMuch(f"Trop de modèles importés l'un par l'autre ({MAX_FILES} au plus).")
        if namespace in self._units:
            return self._units[namespace]
        unit = Unit(definitions, hashlib.sha256(xml).hexdigest())
        for wanted in definitions.imports:
            if wanted.namespace in (*importing, namespace):
                if not wanted.name:
                    # What would be merged is already there.
                    continue
                raise ModelError(
                    f"Le modèle « {wanted.name} » s'importe lui-même, par d'autres. Retirez un des imports.", rule="dmn-import-circulaire"
                )
            if _is_dmn(wanted):
                name, found = self._definitions(wanted, folder)
                imported = self.unit(found, self._files[name], (*importing, namespace), PurePosixPath(name).parent)
                if wanted.name:
                    unit.imports[wanted.name] = imported
                else:
                    unit.merged.append(imported)
        self._units[namespace] = unit
        return unit

    def _definitions(self, wanted: Import, folder: PurePosixPath) -> tuple[str, Definitions]:
        """The name and content of the file imported: by its place beside the file that imports it, then by its name, then by its namespace."""
        # Only names among the files given count: an import never reaches outside them.
        place = PurePosixPath(unquote(wanted.location).replace("\\", "/"))
        named = [str(folder / place), str(place), place.name, wanted.namespace]
        for name in (*(n for n in named if n in self._files), *self._files):
            found = self._file(name)
            if found is not None and found.namespace == wanted.namespace:
                return name, found
        raise ModelError(
            f"Le modèle importé « {wanted.name or wanted.namespace} » est introuvable. Mettez son fichier à côté de celui-ci.",
            rule="dmn-import-introuvable",
        )

    def _file(self, name: str) -> Definitions | None:
        """The definitions of a file given; None when it is not readable DMN, which only matters if nothing else is found."""
        if name not in self._read:
            try:
                self._read[name] = read(self._files[name])
            except (ModelError, TooMuch):
                self._read[name] = None
        return self._read[name]


def _is_dmn(wanted: Import) -> bool:
    kind = wanted.kind.lower()
    return not kind or "omg.org/spec/dmn" in kind
