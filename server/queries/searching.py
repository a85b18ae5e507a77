"""Search by name or number, the same in every list: which cases a text finds, each part of it through an index."""

from __future__ import annotations

import re

from server.store.names import fold, words_of
from server.store.sql import Select, false, or_, select
from server.store.tables import case_file, person, person_word

_NUMBER = re.compile(r"^\d{2,3}-\d{4}(-\d{0,6})?$")
_WHOLE_NUMBER = re.compile(r"^\d{2,3}-\d{4}-\d{6}$")
_AFTER = "{"  # the character after "z": words hold a to z and 0 to 9 only


def found_cases(departement: str, text: str) -> Select[tuple[str]]:
    """The ids of the cases that a text finds, to be the list of an `in_`; the list it narrows says the département too."""
    cases = select(case_file.c.id)
    text = text.strip()
    if _WHOLE_NUMBER.match(text):
        return cases.where(case_file.c.number == text)
    if _NUMBER.match(text):
        return cases.where(case_file.c.number.startswith(text, autoescape=True))
    if text.isdigit() and len(text) >= 5:
        numbered = or_(person.c.caf_number == text, person.c.internal_id == text, person.c.ft_number == text)
        return cases.where(case_file.c.person_id.in_(select(person.c.id).where(person.c.departement == departement, numbered)))
    words = words_of(fold(text))
    return cases.where(*(case_file.c.person_id.in_(_begins(departement, word)) for word in words)) if words else cases.where(false())


def _begins(departement: str, start: str) -> Select[tuple[str]]:
    """The persons of whom a word of the names begins so."""
    kept = person_word.c.word
    return select(person_word.c.person_id).where(person_word.c.departement == departement, kept >= start, kept < start + _AFTER)
