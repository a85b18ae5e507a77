"""Warns of markup in a name: it is shown as text everywhere, so it is only noise, or a trick."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.catalog.findings import WARNING, Finding
from server.catalog.study import Study

CODE = "balise-dans-un-nom"
TITLE = "Un nom est du texte"
SEVERITY = WARNING
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!]|javascript:|&#?\w+;", re.IGNORECASE)


def check(study: Study) -> Iterator[Finding]:
    """Les noms s'affichent tels quels : une balise ou une adresse de script n'y est jamais interprétée, retirez-la."""
    named = [(n.id, n.name) for n in study.diagram.nodes.values()] + [(f.id, f.name) for f in study.diagram.flows]
    named += [(lane.id, lane.name) for lane in study.diagram.lanes] + [
        (p.get("id", ""), p.get("name", "")) for p in study.diagram.processes
    ]
    for element, name in named:
        if _MARKUP.search(name):
            yield Finding(
                CODE,
                element,
                name,
                f"Le nom de « {element} » contient une balise ou un script ; il s'affichera comme du texte : retirez-la.",
                SEVERITY,
            )
