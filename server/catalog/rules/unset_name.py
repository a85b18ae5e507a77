"""Refuses an expression that reads a name nobody sets: quotes forgotten around a text parse well and never match."""

from __future__ import annotations

from collections.abc import Iterator

from server import feel
from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study
from server.catalog.variables import names_set, names_set_at
from server.kernel.errors import JalonError

CODE = "nom-jamais-defini"
TITLE = "Une expression ne lit que des noms définis"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Chaque nom lu vient d'un formulaire, d'une décision, d'un script, d'un appel, d'une variable de package.toml, de « dossier » ou de « parametres »."""
    known = names_set(study)
    for written in study.expressions:
        if written.child:
            continue
        try:
            names = feel.compile(written.text).names
        except JalonError:
            continue
        for name in sorted({n.split(".")[0] for n in names} - known - names_set_at(study, written.node)):
            subject = f"« {written.name} » ({written.element})" if written.name else f"« {written.element} »"
            message = f"Dans {subject}, {written.place} lit « {name} », que rien ne définit : mettez un texte entre guillemets, ou déclarez la variable."
            yield Finding(CODE, written.element, written.name, message, SEVERITY)
