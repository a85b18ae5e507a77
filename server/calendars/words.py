"""How a screen says a deadline: icon, words and date, as look/README "Words" asks; every list, case and letter uses these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from server.calendars.calendar import LAST_INSTANT, WEEKEND, Calendar
from server.calendars.counting import Excluded
from server.calendars.french import NBSP, clock, count_of, short_date

State = Literal["late", "soon", "ok", "held", "plain"]
SOON = 5  # jours ouvrés
FAR = 92  # calendar days: beyond, months say more than days


@dataclass(frozen=True)
class Wording:
    """A deadline in words: its state, the icon's name, the words in bold and the date beside them."""

    state: State
    icon: str
    text: str
    date_text: str

    @property
    def sentence(self) -> str:
        """Both parts on one line: « En retard de 2 jours — depuis le mar. 17 nov. »."""
        return f"{self.text} — {self.date_text}" if self.date_text else self.text


def in_words(due: datetime | None, now: datetime, calendar: Calendar) -> Wording:
    """What is said of a task due at that aware moment (None: no deadline), seen at `now`."""
    if due is None:
        return Wording("plain", "cal", "Sans échéance", "")
    end, today = calendar.local(due), calendar.local(now).date()
    written = short_date(end.date(), today.year)
    if now > due:
        return _late(end, (today - end.date()).days, written)
    days = (end.date() - today).days
    if days <= 1:
        at = "minuit" if end.time().replace(microsecond=0) == LAST_INSTANT else clock(end.time())
        return Wording("soon", "soon", "Demain" if days else "Aujourd’hui", written if days and at == "minuit" else f"{written} à {at}")
    working = _working_days(today, end.date(), calendar)
    state: State = "soon" if working <= SOON else "plain"
    return Wording(state, "soon" if state == "soon" else "cal", _ahead(today, end.date(), working, calendar), written)


def held_in_words(since: date, reason: str, now: datetime, calendar: Calendar) -> Wording:
    """What is said of a deadline whose clock is stopped."""
    written = short_date(since, calendar.local(now).year).split(NBSP, 1)[1]
    return Wording("held", "held", f"Suspendu depuis le {written}", reason)


def kept_in_words(due: datetime, done: datetime, now: datetime, calendar: Calendar) -> Wording:
    """What is said of a deadline once the act is done: held, with its margin, or missed."""
    days = abs((calendar.local(due).date() - calendar.local(done).date()).days)
    written = short_date(calendar.local(done).date(), calendar.local(now).year).split(NBSP, 1)[1]
    if done > due:
        return Wording("late", "late", f"Dépassée {_of_days(days)}" if days else "Dépassée", written)
    return Wording("ok", "ok", "Tenue", f"{written}, avec {count_of(days, 'jour', 'jours')} d’avance" if days else written)


def _late(end: datetime, days: int, written: str) -> Wording:
    if days == 0:
        return Wording("late", "late", "En retard", f"depuis {clock(end.time())}")
    return Wording("late", "late", f"En retard {_of_days(days)}", f"depuis le {written}")


def _of_days(days: int) -> str:
    return "d’un jour" if days == 1 else f"de {days}{NBSP}jours"


def _working_days(today: date, end: date, calendar: Calendar) -> int:
    closed = Excluded(WEEKEND, calendar.closed(WEEKEND))
    return (end - today).days - closed.count(today.toordinal() + 1, end.toordinal())


def _ahead(today: date, end: date, working: int, calendar: Calendar) -> str:
    days = (end - today).days
    if days > FAR:
        months = (end.year - today.year) * 12 + end.month - today.month - (end.day < today.day)
        return f"Dans {'plus de ' if end.day != today.day else ''}{months}{NBSP}mois"
    if not calendar.is_ouvre(end):
        return f"Dans {count_of(days, 'jour calendaire', 'jours calendaires')}"
    return f"Dans {count_of(working, 'jour ouvré', 'jours ouvrés')}"
