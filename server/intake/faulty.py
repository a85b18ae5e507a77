"""A file with one deliberate fault per line, and what reading it must say: for tests and for trying the import page."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from server.intake.fictional import HEADERS, fictional_persons

_Change = Callable[[dict[str, str]], dict[str, str]]


def _with(**cells: str) -> _Change:
    return lambda line: line | {_NAMES[name]: text for name, text in cells.items()}


_NAMES = {
    "nir": "NIR",
    "nom": "Nom bénéficiaire",
    "prenom": "Prénom bénéficiaire",
    "civilite": "Civilité",
    "naissance": "Date de Naissance",
    "ouverture": "Date d'ouverture",
    "caf": "N° CAF",
    "role": "Rôle",
    "interne": "id iodas",
}
# Name of the fault -> (what is done to a good line, a part of the sentence that must come out).
FAULTS: Mapping[str, tuple[_Change, str]] = MappingProxyType(
    {
        "clé de NIR fausse": (lambda line: line | {"NIR": line["NIR"][:13] + ("00" if line["NIR"][13:] != "00" else "01")}, "clé du NIR"),
        "NIR trop court": (_with(nir="12345"), "5 caractères"),
        "nom absent": (_with(nom="", prenom="Léa"), "nom manque"),
        "prénom absent": (_with(prenom=""), "prénom manque"),
        "civilité inconnue": (_with(civilite="Dr"), "civilité"),
        "formule dans le nom": (_with(nom='=HYPERLINK("http://example.org")'), "formule"),
        "chiffres dans le prénom": (_with(prenom="L3a"), "autre chose que des lettres"),
        "accents abîmés": (_with(prenom="LÃ©a"), "accents abîmés"),
        "date qui n'existe pas": (_with(naissance="31/02/1990"), "n'existe pas"),
        "année sur deux chiffres": (_with(naissance="02/03/90"), "quatre chiffres"),
        "personne trop jeune": (_with(naissance="01/01/2020"), "entre 15 et 110 ans"),
        "date d'ouverture absente": (_with(ouverture=""), "ouverture du droit manque"),
        "date d'ouverture à venir": (_with(ouverture="01/01/2099"), "après aujourd'hui"),
        "numéro CAF illisible": (_with(caf="ABC12"), "numéro CAF"),
        "rôle inconnu": (_with(role="voisin"), "rôle"),
        "sans identifiant": (_with(nir="", interne="", role=""), "Rien n'identifie"),
    }
)


def write_faulty(path: Path, month: date, departement: str, seed: int) -> dict[int, str]:
    """Writes a CSV: a good line, then each fault, then that first line again. Gives line number -> expected part of the sentence."""
    persons = [person.cells for person in fictional_persons(month, len(FAULTS) + 1, departement, seed)]
    lines, expected = [persons[0]], {}
    for good, (change, sentence) in zip(persons[1:], FAULTS.values(), strict=True):
        lines.append(change(good))
        expected[len(lines) + 1] = sentence
    lines.append(persons[0])
    expected[len(lines) + 1] = "déjà à la ligne 2"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, HEADERS, delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    return expected
