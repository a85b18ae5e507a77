"""The French sentences of refused answers, in one place so that they keep one voice."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from server.kernel.values import Value

_NBSP = "\u00a0"
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")


def french(text: str) -> str:
    """The text with non-breaking spaces before « : ; ? ! % » and inside quotation marks."""
    text = re.sub(r" ([:;?!%»])", _NBSP + r"\1", text)
    return text.replace("« ", "«" + _NBSP)


def number_text(value: Decimal) -> str:
    """A number as the French write it: 1 234,5 (non-breaking spaces)."""
    whole, _, rest = format(value, "f").partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", _NBSP, digits)
    return sign + grouped + ("," + rest if rest else "")


def date_text(value: date) -> str:
    """« 1er janvier 2026 »."""
    day = "1er" if value.day == 1 else str(value.day)
    return f"{day}{_NBSP}{_MONTHS[value.month - 1]} {value.year}"


def time_text(value: time | datetime) -> str:
    """« 10 h 41 »."""
    return f"{value.hour}{_NBSP}h{_NBSP}{value.minute:02d}"


def value_text(value: Value, zone: str = "Europe/Paris") -> str:
    """Any value in words, as a label or a letter shows it; nothing for a missing one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        return number_text(Decimal(str(value)))
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(zone)) if value.tzinfo else value
        return f"{date_text(local.date())} à {time_text(local)}"
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, time):
        return time_text(value)
    if isinstance(value, list):
        return ", ".join(value_text(item, zone) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} : {value_text(item, zone)}" for key, item in value.items())
    return str(value)


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
