"""Search by name or number, the same in every list."""

from __future__ import annotations

import re

from server.store.names import fold
from server.store.sql import ColumnElement, and_, false, or_
from server.store.tables import case_file, person

_NUMBER = re.compile(r"^\d{2,3}-\d{4}-\d{1,6}$|^\d{2,3}-\d{4}$")


def matches(text: str) -> ColumnElement[bool]:
    """A case's number, a CAF number, or words of which each begins a word of the person's names; nothing is found for an empty text."""
    text = text.strip()
    if _NUMBER.match(text):
        return case_file.c.number.startswith(text, autoescape=True)
    if text.isdigit() and len(text) >= 5:
        return or_(person.c.caf_number == text, person.c.internal_id == text, person.c.ft_number == text)
    words = fold(text).split()
    if not words:
        return false()
    name = person.c.search_name
    return and_(*(or_(name.startswith(word, autoescape=True), name.contains(f" {word}", autoescape=True)) for word in words))
