"""Refuses a package whose manifest, forms or diagram are absent or cannot be read: nothing else can be said of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from server.catalog.findings import ERROR, Finding
from server.catalog.manifest import read_manifest
from server.kernel.errors import ModelError

CODE = "paquet-illisible"
TITLE = "Un paquet complet et lisible"
SEVERITY = ERROR


def check_files(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Le paquet contient package.toml et process.bpmn ; chaque formulaire est un fichier JSON dont l'identifiant est le nom du fichier."""
    if "process.bpmn" not in files:
        yield Finding(CODE, "", "process.bpmn", "Le paquet n'a pas de diagramme process.bpmn : ajoutez-le.", SEVERITY, "process.bpmn")
    if "package.toml" not in files:
        yield Finding(CODE, "", "package.toml", "Le paquet n'a pas de fichier package.toml : ajoutez-le.", SEVERITY, "package.toml")
    else:
        try:
            read_manifest(files["package.toml"])
        except ModelError as error:
            yield Finding(CODE, "", "package.toml", str(error), SEVERITY, "package.toml")
    for name in sorted(n for n in files if n.endswith(".form")):
        message = _fault(name, files[name])
        if message:
            yield Finding(CODE, "", name, message, SEVERITY, name)


def _fault(name: str, content: bytes) -> str:
    try:
        schema = json.loads(content)
    except (ValueError, RecursionError):
        return f"Le formulaire {name} n'est pas un fichier JSON lisible : ouvrez-le dans l'éditeur et enregistrez-le."
    stem = PurePosixPath(name).stem
    if not isinstance(schema, dict):
        return f"Le formulaire {name} n'est pas un objet JSON : ouvrez-le dans l'éditeur et enregistrez-le."
    if schema.get("id") != stem:
        return f"Le formulaire {name} porte l'identifiant « {schema.get('id', '')} » : donnez-lui celui du fichier, « {stem} »."
    return ""
