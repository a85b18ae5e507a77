"""Dates as the screens write them: « jeu. 19 nov. », « jeu. 19 nov. 2026 », « 10 h 41 », with spaces that do not break."""

from __future__ import annotations

from datetime import date, time

NBSP = "\u00a0"
_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
WEEKDAY_NAMES = ("lundis", "mardis", "mercredis", "jeudis", "vendredis", "samedis", "dimanches")


def short_date(day: date, year: int | None = None) -> str:
    """« jeu. 19 nov. », with its year unless it is `year` (the current one)."""
    number = "1er" if day.day == 1 else str(day.day)
    words = [_DAYS[day.weekday()], number, _MONTHS[day.month - 1]]
    return NBSP.join(words if day.year == year else [*words, str(day.year)])


def long_date(day: date) -> str:
    """« jeu. 19 nov. 2026 »."""
    return short_date(day)


def clock(at: time) -> str:
    """« 10 h 41 »."""
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02d}"


def count_of(number: int, one: str, many: str) -> str:
    """« 1 jour », « 2 jours »."""
    return f"{number}{NBSP}{one if number == 1 else many}"
