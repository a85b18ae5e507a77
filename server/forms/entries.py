"""Turns what was typed or sent for one component into its value: French and ISO writings, JSON types, files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from server.feel.french import french
from server.forms.choices import Proposed, choice_text
from server.forms.model import MANY, Component
from server.forms.posted import Upload
from server.kernel.values import Value

_NUMBER = re.compile(r"[+-]?\d{1,28}(?:[.,]\d{1,20})?", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_WRITTEN_DAY = re.compile(r"(?:[a-zé]+\.?\s+)?(\d{1,2})(?:er)?\s+([a-zéû]+)\.?\s+(\d{4})", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?(?::(\d{2})(?:\.\d+)?)?", re.ASCII)
_MONTHS = ("janv", "fév", "mars", "avr", "mai", "juin", "juil", "ao", "sept", "oct", "nov", "déc")
_TRUE = frozenset({"on", "true", "oui", "1"})
_FALSE = frozenset({"", "off", "false", "non", "0"})


class Unreadable(Exception):
    """What was sent cannot be a value of the component; the text is the sentence to show."""


def read_entry(component: Component, raw: Any, label: str, offered: Sequence[Proposed], zone: str) -> Value:
    """The value of a component, None (or [] or False) when nothing was given. Raises Unreadable."""
    kind = component.type
    if kind in MANY:
        return _many(raw, label, offered)
    if kind == "filepicker":
        return _files(raw, label)
    if isinstance(raw, list) and len(raw) <= 1:
        raw = raw[0] if raw else None
    if kind == "checkbox":
        return _yes_or_no(raw, label)
    if raw is None or (isinstance(raw, str) and kind != "textarea" and not raw.strip()):
        return "" if kind in ("textfield", "textarea") else None
    if kind in ("textfield", "textarea"):
        return _text(raw, kind, label)
    if kind == "number":
        return _number(raw, label, as_text=component.options.get("serializeToString") is True)
    if kind == "datetime":
        return _moment(raw, component, label, zone)
    return _one(raw, label, offered)


def _text(raw: Any, kind: str, label: str) -> str:
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        raw = choice_text(Decimal(raw))
    if not isinstance(raw, str):
        raise Unreadable(french(f"« {label} » : un texte est attendu"))
    if kind == "textfield":
        return re.sub(r"[\r\n\t]+", " ", raw)
    return raw.replace("\r\n", "\n").replace("\r", "\n")


def read_number(raw: Any) -> Decimal | None:
    """A number in French or plain writing, or a JSON number; None when it is not one, not finite, or over 28 digits."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float | Decimal):
        raw = format(raw, "f") if isinstance(raw, Decimal) else format(Decimal(repr(raw)), "f") if abs(raw) < 10**28 else ""
    if not isinstance(raw, str):
        return None
    text = _SPACES.sub("", raw).replace("\u2212", "-")
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _number(raw: Any, label: str, *, as_text: bool) -> Value:
    number = read_number(raw)
    if number is None:
        raise Unreadable(french(f"« {label} » : écrivez un nombre en chiffres, comme 1 250 ou 12,5"))
    return format(number, "f") if as_text else number


def _yes_or_no(raw: Any, label: str) -> bool:
    if isinstance(raw, list):
        raw = raw[-1] if raw else None
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    text = raw.strip().lower() if isinstance(raw, str) else str(raw) if isinstance(raw, int | Decimal) else "?"
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise Unreadable(french(f"« {label} » : répondez par oui ou par non"))


def _one(raw: Any, label: str, offered: Sequence[Proposed]) -> Value:
    text = _choice(raw)
    for choice in offered:
        if choice.text == text:
            return choice.value
    raise Unreadable(french(f"« {label} » : choisissez une des réponses proposées"))


def _many(raw: Any, label: str, offered: Sequence[Proposed]) -> list[Value]:
    raws = raw if isinstance(raw, list) else [] if raw is None else [raw]
    by_text: dict[str | None, Value] = {choice.text: choice.value for choice in offered}
    wanted = [text for text in (_choice(item) for item in raws) if text != ""]
    if any(text not in by_text for text in wanted):
        raise Unreadable(french(f"« {label} » : choisissez parmi les réponses proposées"))
    return [by_text[text] for text in dict.fromkeys(wanted)]


def _choice(raw: Any) -> str | None:
    try:
        return choice_text(raw)
    except (TypeError, ValueError):
        return None


def _files(raw: Any, label: str) -> list[Value]:
    found: list[Value] = []
    for item in raw if isinstance(raw, list) else [] if raw in (None, "") else [raw]:
        if isinstance(item, Upload):
            if item.name or item.size:
                found.append(item)
        elif isinstance(item, dict) and isinstance(item.get("name"), str) and isinstance(item.get("content"), bytes):
            found.append(Upload(item["name"], str(item.get("type") or ""), len(item["content"]), item["content"][:16]))
        elif isinstance(item, dict) and isinstance(item.get("nom"), str) and (size := read_number(item.get("taille"))) is not None:
            found.append(Upload(item["nom"], str(item.get("type") or ""), int(size), document=str(item.get("document") or "")))
        else:
            raise Unreadable(french(f"« {label} » : joignez un fichier"))
    return found


def read_day(raw: Any) -> date | None:
    """A day: 2026-11-16, 16/11/2026, 16.11.2026, « 16 novembre 2026 », « lun. 16 nov. 2026 »."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if not isinstance(raw, str):
        return None
    text = _SPACES.sub(" ", raw).strip()
    if found := _ISO_DAY.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _FRENCH_DAY.fullmatch(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := _WRITTEN_DAY.fullmatch(text):
        months = [number for number, start in enumerate(_MONTHS, 1) if found[2].lower().startswith(start)]
        return _day(int(found[3]), months[0], int(found[1])) if months else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= 1800 else None
    except ValueError:
        return None


def read_time(raw: Any) -> time | None:
    """A time of day: 10:41, 10 h 41, 10h."""
    if isinstance(raw, time):
        return raw
    found = _TIME.fullmatch(_SPACES.sub(" ", raw).strip()) if isinstance(raw, str) else None
    if not found or (":" not in str(raw) and "h" not in str(raw).lower()):
        return None
    try:
        return time(int(found[1]), int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None


def _moment(raw: Any, component: Component, label: str, zone: str) -> Value:
    subtype = component.options.get("subtype") or "date"
    if subtype == "date":
        day = read_day(raw)
        if day is None:
            raise Unreadable(french(f"« {label} » : écrivez une date qui existe, comme 16/11/2026"))
        return day
    if subtype == "time":
        hour = read_time(raw)
        if hour is None:
            raise Unreadable(french(f"« {label} » : écrivez une heure, comme 10:30"))
        return hour
    at = _read_moment(raw, zone)
    if at is None:
        raise Unreadable(french(f"« {label} » : écrivez une date et une heure, comme 16/11/2026 10:30"))
    writing = component.options.get("timeSerializingFormat")
    if writing == "no_timezone":
        return at.replace(tzinfo=None)
    return at.astimezone(UTC) if writing == "utc_normalized" else at


def _read_moment(raw: Any, zone: str) -> datetime | None:
    place = ZoneInfo(zone)
    if isinstance(raw, str):
        text = _SPACES.sub(" ", raw).strip()
        try:
            raw = datetime.fromisoformat(text) if _ISO_DAY.match(text) and len(text) > 10 else None
        except ValueError:
            return None
        if raw is None:
            day_text, _, time_text = text.replace(" à ", " ", 1).partition(" ")
            day, hour = read_day(day_text), read_time(time_text)
            raw = datetime.combine(day, hour) if day and hour else None
    if not isinstance(raw, datetime) or not 1800 <= raw.year <= 9990:
        return None
    return raw.astimezone(place) if raw.tzinfo else raw.replace(tzinfo=place)
