"""How values read in French, the same in forms and letters: numbers, dates, times, lists."""

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
