"""Search by name or number, the same in every list: which cases a text finds, each part of it through an index."""

from __future__ import annotations

import re

from server.store.names import fold, words_of
from server.store.sql import ColumnElement, Select, and_, false, or_, select
from server.store.tables import case_file, person, person_word

_NUMBER = re.compile(r"^\d{2,3}-\d{4}(-\d{0,6})?$")
_WHOLE_NUMBER = re.compile(r"^\d{2,3}-\d{4}-\d{6}$")
_AFTER = "{"  # the character after "z": words hold a to z and 0 to 9 only


def found_cases(departement: str, text: str) -> Select[tuple[str]]:
    """The ids of the cases that a text finds; it may be used as the list of an `in_`."""
    cases = select(case_file.c.id).where(case_file.c.departement == departement)
    text = text.strip()
    if _WHOLE_NUMBER.match(text):
        return cases.where(case_file.c.number == text)
    if _NUMBER.match(text):
        return cases.where(case_file.c.number.startswith(text, autoescape=True))
    return cases.where(case_file.c.person_id.in_(select(person.c.id).where(person.c.departement == departement, _named(departement, text))))


def _named(departement: str, text: str) -> ColumnElement[bool]:
    """A CAF or France Travail number, an internal id, or words of which each begins a word of the person's names; nothing for an empty text."""
    if text.isdigit() and len(text) >= 5:
        return or_(person.c.caf_number == text, person.c.internal_id == text, person.c.ft_number == text)
    words = words_of(fold(text))
    return and_(*(person.c.id.in_(_begins(departement, word)) for word in words)) if words else false()


def _begins(departement: str, start: str) -> Select[tuple[str]]:
    kept = person_word.c.word
    return select(person_word.c.person_id).where(person_word.c.departement == departement, kept >= start, kept < start + _AFTER)
