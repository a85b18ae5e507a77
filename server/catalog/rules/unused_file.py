"""Warns of a form, a letter or a table that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from server.catalog.findings import WARNING, Finding
from server.catalog.package import decision_ids
from server.catalog.study import Study
from server.catalog.xmlfile import local, read_xml
from server.kernel.errors import JalonError

CODE = "fichier-inutilise"
TITLE = "Chaque fichier sert"
SEVERITY = WARNING


def check(study: Study) -> Iterator[Finding]:
    """Un formulaire, un courrier ou une table que rien n'utilise trompe celui qui le lit : retirez-le ou reliez-le."""
    nodes = list(study.diagram.nodes.values())
    forms = {n.zeebe("formDefinition").get("formId", "") for n in nodes}
    letters = {n.headers.get("modele", "") for n in nodes if n.zeebe("taskDefinition").get("type") == "courrier"}
    dynamic = any(model.startswith("=") for model in letters)
    used = {f"forms/{f}.form" for f in forms} | {f"letters/{m}.md" for m in letters} | set(_used_tables(study))
    for name in sorted(study.files):
        path = PurePosixPath(name)
        kind = {"forms": "Le formulaire", "letters": "Le courrier", "decisions": "La table"}.get(str(path.parent))
        if kind is None or name in used or path.suffix == ".csv" or (dynamic and str(path.parent) == "letters"):
            continue
        yield Finding(
            CODE, path.stem, path.stem, f"{kind} {name} ne sert à aucune étape : retirez ce fichier ou reliez-le.", SEVERITY, name
        )


def _used_tables(study: Study) -> Iterator[str]:
    """Tables that a step calls, and those that another table may import (known by their address)."""
    called = {n.zeebe("calledDecision").get("decisionId", "") for n in study.diagram.of_type("businessRuleTask")}
    dynamic = any(c.startswith("=") for c in called)
    imported: set[str] = set()
    tables = {}
    for name, content in study.files.items():
        if name.startswith("decisions/") and name.endswith(".dmn"):
            try:
                root = read_xml(content, name)
                tables[name] = (set(decision_ids(content, name)), root.get("namespace", ""))
            except JalonError:
                yield name
                continue
            imported |= {e.get("namespace", "") for e in root.iter() if local(e) == "import"}
    yield from (name for name, (ids, space) in tables.items() if dynamic or ids & called or (space and space in imported))
