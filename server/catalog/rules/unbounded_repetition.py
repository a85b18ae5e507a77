"""Refuses a repeating timer without a count: each turn opens a branch, and nothing would ever stop them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study, on_node

CODE = "repetition-sans-borne"
TITLE = "Une répétition a un nombre de fois"
SEVERITY = ERROR
_COUNTED = re.compile(r"R(\d{1,2})/")


def check(study: Study) -> Iterator[Finding]:
    """Un minuteur qui se répète dit combien de fois (R3/P3D), trente au plus ; sinon les branches s'ajoutent sans fin."""
    for node in study.diagram.nodes.values():
        kind, text = study.diagram.timer_of(node)
        if kind != "timeCycle":
            continue
        counted = _COUNTED.search(text)
        if not counted or int(counted.group(1)) > 30:
            yield on_node(
                CODE, SEVERITY, node, f"{node.label} se répète sans borne (« {text} ») : écrivez le nombre de fois, par exemple R3/P3D."
            )
