"""The French sentences of refused answers, in one place so that they keep one voice."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from server.feel.french import date_text, french, number_text

_MISSING = {
    "checkbox": "Cochez « {} » pour continuer",
    "radio": "Choisissez une réponse à « {} »",
    "select": "Choisissez une réponse à « {} »",
    "checklist": "Cochez au moins une réponse à « {} »",
    "taglist": "Choisissez au moins une réponse à « {} »",
    "filepicker": "Joignez un fichier à « {} »",
    "datetime": "Indiquez une date à « {} »",
    "number": "Indiquez un nombre à « {} »",
}


def missing(kind: str, label: str) -> str:
    """What to say when a required answer is absent."""
    return french(_MISSING.get(kind, "Remplissez « {} »").format(label))


def too_small(label: str, value: Decimal, least: Decimal, unit: str) -> str:
    return french(f"« {label} » vaut {_with_unit(value, unit)} : indiquez {_with_unit(least, unit)} ou plus")


def too_big(label: str, value: Decimal, most: Decimal, unit: str) -> str:
    return french(f"« {label} » vaut {_with_unit(value, unit)} : indiquez {_with_unit(most, unit)} ou moins")


def _with_unit(value: Decimal, unit: str) -> str:
    return number_text(value) + (f" {unit}" if unit else "")


def too_short(label: str, length: int, least: int) -> str:
    return french(f"« {label} » compte {_signs(length)} : écrivez-en au moins {least}")


def too_long(label: str, length: int, most: int) -> str:
    return french(f"« {label} » compte {_signs(length)} : n'en gardez pas plus de {most}")


def _signs(length: int) -> str:
    return f"{length} caractère" + ("s" if length > 1 else "")


def bad_pattern(label: str) -> str:
    return french(f"« {label} » n'a pas la forme attendue : relisez ce que vous avez écrit")


def bad_email(label: str) -> str:
    return french(f"« {label} » n'est pas une adresse électronique : écrivez-la comme nom@exemple.fr")


def bad_phone(label: str) -> str:
    return french(f"« {label} » : commencez par l'indicatif du pays, comme +33 1 23 45 67 89")


def not_a_multiple(label: str, below: Decimal, above: Decimal) -> str:
    return french(f"« {label} » : les valeurs permises les plus proches sont {number_text(below)} et {number_text(above)}")


def too_many_decimals(label: str, most: int) -> str:
    if most == 0:
        return french(f"« {label} » : indiquez un nombre entier")
    return french(f"« {label} » : gardez {most} chiffre{'s' if most > 1 else ''} après la virgule au plus")


def past_day(label: str, today: date) -> str:
    return french(f"« {label} » est passé : indiquez le {date_text(today)} ou un jour suivant")


EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*", re.IGNORECASE | re.ASCII
)
PHONE = re.compile(r"(?:\+|00)[1-9](?:[ .\-\u00a0]?\d){5,14}", re.ASCII)
