"""A package as a bundle of files named by the hash of its content, on disk or from the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from server.catalog.diagram import Diagram, read_diagram
from server.catalog.manifest import Manifest, Variable, read_manifest
from server.catalog.xmlfile import local, read_xml
from server.kernel.errors import ModelError, NotFound, TooMuch

MAX_FILES = 400
MAX_BYTES = 8_000_000
# What belongs to a package; anything else found in its folder is left where it is.
PATTERNS = (
    "package.toml",
    "README.md",
    "process.bpmn",
    "decisions/*.dmn",
    "decisions/*.cases.csv",
    "letters/*.md",
    "letters/expected/*.md",
    "scenarios/*.yaml",
    "forms/*.form",
)


@dataclass(frozen=True)
class Package:
    """The files of one process, by relative name. Two packages with the same files have the same hash."""

    files: Mapping[str, bytes]

    @cached_property
    def manifest(self) -> Manifest:
        """The typed package.toml. Raises ModelError when it is absent or wrong."""
        return read_manifest(self._need("package.toml"))

    @property
    def slug(self) -> str:
        return self.manifest.id

    @property
    def title(self) -> str:
        return self.manifest.title

    @property
    def variables(self) -> Mapping[str, Variable]:
        return self.manifest.variables

    @cached_property
    def hash(self) -> str:
        """sha256 (64 hexadecimal letters) over the sorted names and contents; each is preceded by its length, so that no two bundles mix up."""
        total = hashlib.sha256()
        for name in sorted(self.files):
            for part in (name.encode(), self.files[name]):
                total.update(len(part).to_bytes(8, "big"))
                total.update(part)
        return total.hexdigest()

    @cached_property
    def diagram(self) -> Diagram:
        """The diagram read for rules and screens. Raises ModelError when it cannot be read."""
        return read_diagram(self._need("process.bpmn"))

    @property
    def process_id(self) -> str:
        return self.diagram.process_id

    def names(self, folder: str, suffix: str) -> list[str]:
        """The stems of the files of a folder that end so: names("letters", ".md")."""
        return [_stem(name, suffix) for name in sorted(self.files) if str(PurePosixPath(name).parent) == folder and name.endswith(suffix)]

    @property
    def form_ids(self) -> list[str]:
        return self.names("forms", ".form")

    def form(self, form_id: str) -> dict[str, Any]:
        """The form-js schema of that id. Raises ModelError when it is absent or is not JSON."""
        name = f"forms/{form_id}.form"
        try:
            schema = json.loads(self._need(name))
        except (ValueError, RecursionError) as error:
            raise ModelError(
                f"Le formulaire {name} n'est pas un fichier JSON lisible : ouvrez-le dans l'éditeur et enregistrez-le."
            ) from error
        if not isinstance(schema, dict):
            raise ModelError(f"Le formulaire {name} n'est pas un objet JSON : ouvrez-le dans l'éditeur et enregistrez-le.")
        return schema

    def letter(self, name: str) -> str:
        """The template of that letter. Raises ModelError when it is absent."""
        return self._text(f"letters/{name}.md")

    @cached_property
    def decisions(self) -> dict[str, str]:
        """Decision id -> file name, over all tables of the package."""
        found = {}
        for name in sorted(self.files):
            if name.startswith("decisions/") and name.endswith(".dmn"):
                found.update(dict.fromkeys(decision_ids(self.files[name], name), name))
        return found

    def decision(self, decision_id: str) -> tuple[str, bytes]:
        """The file (name and content) that holds a decision. Raises ModelError when no table of the package has it."""
        name = self.decisions.get(decision_id)
        if name is None:
            raise ModelError(f"La décision « {decision_id} » n'est dans aucune table du paquet : ajoutez la table ou corrigez l'appel.")
        return name, self.files[name]

    def replace(self, changed: Mapping[str, bytes]) -> Package:
        """The same package with some files in place of its own (the tables of a département)."""
        return Package({**self.files, **changed})

    def _text(self, name: str) -> str:
        try:
            return self._need(name).decode()
        except UnicodeDecodeError as error:
            raise ModelError(f"Le fichier {name} n'est pas écrit en UTF-8 : enregistrez-le ainsi.", rule="paquet-illisible") from error

    def _need(self, name: str) -> bytes:
        if name not in self.files:
            raise ModelError(f"Le paquet n'a pas de fichier {name} : ajoutez-le.", rule="paquet-illisible")
        return self.files[name]


def decision_ids(content: bytes, file: str) -> list[str]:
    """The ids and names of the decisions of a DMN file. Raises ModelError when it cannot be read."""
    root = read_xml(content, file)
    found = [e for e in root.iter() if local(e) == "decision"]
    return [value for e in found for value in (e.get("id"), e.get("name")) if value]


def read_package(folder: Path, forms_folder: Path) -> Package:
    """The package of `folder` and of its twin folder of forms, as files on disk.

    Raises NotFound when there is no such folder, TooMuch past 400 files or 8 MB. Links are not followed.
    """
    if not folder.is_dir():
        raise NotFound(f"Le dossier du paquet « {folder.name} » n'existe pas : vérifiez le nom.")
    return package_from_files(dict(_read(folder, forms_folder)))


def _read(folder: Path, forms_folder: Path) -> Iterator[tuple[str, bytes]]:
    for pattern in PATTERNS:
        base, glob = (forms_folder, "*.form") if pattern.startswith("forms/") else (folder, pattern)
        for path in sorted(base.glob(glob)) if base.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                name = f"forms/{path.name}" if base is forms_folder else path.relative_to(folder).as_posix()
                yield name, path.read_bytes()


def package_from_files(files: Mapping[str, bytes | str]) -> Package:
    """A package from files kept elsewhere (the database keeps texts). Raises TooMuch, or ModelError for a name outside a package's layout."""
    try:
        content = {name: data.encode() if isinstance(data, str) else bytes(data) for name, data in files.items()}
    except UnicodeEncodeError as error:
        raise ModelError(
            "Un fichier du paquet contient des signes qui ne sont pas de l'UTF-8 : retirez-les.", rule="paquet-illisible"
        ) from error
    if len(content) > MAX_FILES or sum(map(len, content.values())) > MAX_BYTES:
        raise TooMuch(f"Le paquet dépasse {MAX_FILES} fichiers ou {MAX_BYTES // 1_000_000} Mo : retirez ce qui n'en fait pas partie.")
    for name in content:
        if ".." in PurePosixPath(name).parts or not any(PurePosixPath(name).match(p) and name.count("/") == p.count("/") for p in PATTERNS):
            raise ModelError(f"Le fichier « {name} » n'a pas sa place dans un paquet : retirez-le ou renommez-le.", rule="paquet-illisible")
    return Package(content)


def write_package(package: Package, folder: Path, forms_folder: Path) -> list[Path]:
    """Writes the files on disk, twin folder of forms included; gives the paths written. Files of the folder that the package does not hold stay."""
    written = []
    for name, content in sorted(package.files.items()):
        path = forms_folder / PurePosixPath(name).name if name.startswith("forms/") else folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def read_packages(processes: Path, forms: Path) -> dict[str, Package]:
    """Folder name -> package, for every folder of `processes` but `departements`."""
    folders = sorted(p for p in processes.iterdir() if p.is_dir() and p.name != "departements" and not p.name.startswith((".", "_")))
    return {folder.name: read_package(folder, forms / folder.name) for folder in folders}


def _stem(name: str, suffix: str) -> str:
    return PurePosixPath(name).name.removesuffix(suffix)
