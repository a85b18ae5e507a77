"""Folds names for search, in Python, so that both databases find the same persons."""

from __future__ import annotations

import re
import unicodedata

from server.store.tables_people import WORD

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d"}
)
_OTHER = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower case, without accents nor ligatures, words parted by one space: "Lœuïs-D'Été" gives "loeuis d ete"."""
    bare = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()
    return _OTHER.sub(" ", letters).strip()


def search_name(last_name: str, birth_name: str | None, first_names: str) -> str:
    """The one column searched: last name, first names, then the birth name when it differs."""
    parts = [fold(last_name), fold(first_names)]
    if birth_name and fold(birth_name) != parts[0]:
        parts.append(fold(birth_name))
    return " ".join(part for part in parts if part)


def words_of(folded: str) -> tuple[str, ...]:
    """The different words of a folded text, as the table person_word keeps them."""
    return tuple(dict.fromkeys(word[:WORD] for word in folded.split()))
