"""Warns of a choice without a default: when no condition is true, the instance stops and somebody must come."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import WARNING, Finding
from server.catalog.study import Study, on_node

CODE = "sans-flux-par-defaut"
TITLE = "Un choix a un flux par défaut"
SEVERITY = WARNING


def check(study: Study) -> Iterator[Finding]:
    """Un choix sans flux par défaut s'arrête quand aucune condition n'est vraie ; c'est voulu quand toutes les branches pèsent sur la personne."""
    for gateway in study.diagram.of_type("exclusiveGateway", "inclusiveGateway"):
        out = study.diagram.out(gateway.id)
        if len(out) > 1 and all(f.condition for f in out) and not any(f.default for f in out):
            message = f"{gateway.label} n'a pas de flux par défaut : si aucune condition n'est vraie, le dossier s'arrête et le dit. Gardez-le ainsi si c'est voulu."
            yield on_node(CODE, SEVERITY, gateway, message)
