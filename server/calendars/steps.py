"""What a derivation tells, step by step, in French: the facts in order, the last line being the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from server.calendars.calendar import SUNDAY, WEEKEND, Calendar
from server.calendars.closed_days import REGIONS
from server.calendars.french import NBSP, WEEKDAY_NAMES, clock, count_of, long_date
from server.calendars.rules import DelayRule
from server.calendars.suspensions import Suspension

Step = dict[str, Any]
_SHOWN = 12


def _step(words: str, day: date | None, source: str = "") -> Step:
    return {"libelle": words, "date": day, "source": source}


def _source(rule: DelayRule) -> str:
    said = [part for part in (rule.article, rule.source) if part]
    if rule.version or rule.effet:
        said.append(f"version {rule.version}" if rule.version else f"en vigueur depuis le {_day_month_year(rule.effet)}")
    return ", ".join(said)


def _day_month_year(day: date | None) -> str:
    return long_date(day).split(NBSP, 1)[1] if day else ""


def started(rule: DelayRule, day: date) -> Step:
    """The event the clock starts from."""
    event = rule.horloge or "départ du délai"
    return _step(f"{event[:1].upper()}{event[1:]}{NBSP}: {long_date(day)}", day)


def counted(rule: DelayRule, start: date, term: date, *, cut: bool = False) -> Step:
    """The duration, its unit, whether the starting day counts; `cut`: the month had no such date."""
    sign = "+" if rule.sens == "apres" else "−"
    words = f"{sign} {rule.length}, le jour de départ {'compte' if rule.inclus else 'ne compte pas'}"
    if cut:
        words += f"{NBSP}; le dernier mois n'a pas de {start.day}, donc son dernier jour"
    return _step(words, term, _source(rule))


def not_counted(excluded: dict[str, Any], calendar: Calendar) -> Iterable[Step]:
    """Weekdays and holidays that the unit leaves out."""
    if not excluded["semaine"]:
        return
    weekdays = " et ".join(WEEKDAY_NAMES[day] for day in excluded["semaine"])
    shown = [f"{long_date(day)} ({calendar.closed_name(day)})" for day in excluded["jours"][:_SHOWN]]
    rest = len(excluded["jours"]) - len(shown)
    if rest > 0:
        shown.append(f"et {count_of(rest, 'autre', 'autres')}")
    closed = f"{NBSP}; jours fermés{NBSP}: {', '.join(shown)}" if shown else ", aucun jour férié dans la période"
    yield _step(f"Sans les {weekdays}{closed}", None, f"jours fériés, {REGIONS[calendar.region].label}")


def suspended(stopped: Sequence[Suspension], used: list[list[date]]) -> Iterable[Step]:
    """Each suspension that touched the delay, with its reason."""
    for one in stopped:
        if any(first <= one.fin and one.debut <= last for first, last in used):
            days = count_of((one.fin - one.debut).days + 1, "jour", "jours")
            reason = f"{NBSP}: {one.motif}" if one.motif else ""
            yield _step(f"Suspendu du {long_date(one.debut)} au {long_date(one.fin)} inclus ({days}){reason}", one.fin)


def strict(rule: DelayRule, day: date) -> Step:
    """« Moins de » a duration."""
    side, than = ("la veille", "Moins") if rule.sens == "apres" else ("le lendemain", "Moins")
    return _step(f"{than} de {rule.length}{NBSP}: le dernier jour utile est {side}", day, rule.article)


def franc(day: date) -> Step:
    """Délai franc."""
    return _step(
        f"Délai franc{NBSP}: le jour où il se termine ne compte pas non plus", day, "code de procédure civile, art. 641 et 642, a contrario"
    )


def shifted(rule: DelayRule, term: date, day: date, calendar: Calendar) -> Step:
    """Whether the end moved off a closed day."""
    kind = "ouvrable" if "ouvrable" in rule.report else "ouvré"
    if day == term:
        return _step(f"Pas de report{NBSP}: le terme tombe un jour {kind}", term)
    weekdays = SUNDAY if kind == "ouvrable" else WEEKEND
    named = calendar.closed_name(term)
    why = named or (WEEKDAY_NAMES[term.weekday()][:-1] if term.weekday() in weekdays else "jour suspendu")
    side = "suivant" if day > term else "précédent"
    return _step(f"Le {long_date(term)} est fermé ({why}){NBSP}: reporté au jour {kind} {side}", day, rule.article)


def ended(rule: DelayRule, day: date) -> Step:
    """The result."""
    return _step(f"Terme{NBSP}: {_end(rule, day)}", day)


def _end(rule: DelayRule, day: date) -> str:
    return f"{long_date(day)} à {clock(rule.heure) if rule.heure else 'minuit'}"


def phrase(rule: DelayRule, start: date, end: date, told: Sequence[Step]) -> str:
    """The whole derivation in one French sentence."""
    event = rule.horloge or "départ du délai"
    middle = [step["libelle"] for step in told[1:]]
    source = f" — {_source(rule)}" if _source(rule) else ""
    return f"{_end(rule, end)}{NBSP}: {event} le {long_date(start)}{NBSP}; {f'{NBSP}; '.join(_uncapital(m) for m in middle)}{source}."


def _uncapital(words: str) -> str:
    return words[:1].lower() + words[1:]
