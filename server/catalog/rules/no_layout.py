"""Warns of an element without a drawing: it runs, and nobody sees it on the diagram of the case."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import WARNING, Finding
from server.catalog.study import Study

CODE = "sans-dessin"
TITLE = "Chaque élément est dessiné"
SEVERITY = WARNING


def check(study: Study) -> Iterator[Finding]:
    """Chaque élément et chaque flux a sa place sur le dessin, que les écrans du dossier et du rejeu montrent."""
    named = [(n.id, n.name) for n in study.diagram.nodes.values()] + [(f.id, f.name) for f in study.diagram.flows]
    missing = [(element, name) for element, name in named if element not in study.diagram.drawn]
    if named and len(missing) == len(named):
        message = "Le diagramme n'a aucun dessin : ouvrez-le dans l'éditeur, placez les éléments et enregistrez."
        yield Finding(CODE, study.diagram.process_id, study.diagram.name, message, SEVERITY)
        return
    for element, name in missing:
        yield Finding(CODE, element, name, f"« {name or element} » n'est pas dessiné : placez-le sur le diagramme.", SEVERITY)
