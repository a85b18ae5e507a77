"""Refuses a text that is not FEEL: it would stop the first case that reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from server import feel
from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study
from server.kernel.errors import JalonError

CODE = "expression-illisible"
TITLE = "Chaque expression est du FEEL"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Conditions, dates, valeurs et clés s'écrivent en FEEL ; celles qui ne se lisent pas sont refusées."""
    for written in study.expressions:
        subject = f"« {written.name} » ({written.element})" if written.name else f"« {written.element} »"
        if not written.text:
            yield Finding(
                CODE, written.element, written.name, f"Dans {subject}, {written.place} est vide : écrivez-la ou retirez-la.", SEVERITY
            )
            continue
        try:
            feel.compile(written.text)
        except JalonError as error:
            message = f"Dans {subject}, {written.place} ne se lit pas (« {written.text} ») : {error}"
            yield Finding(CODE, written.element, written.name, message, SEVERITY)
