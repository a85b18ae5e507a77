"""Keeps the words of persons' names apart, so that the beginning of any of them is found through an index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete

from server.store.names import words_of
from server.store.tables import person_word
from server.store.work import Work


def keep_words(work: Work, persons: Iterable[Mapping[str, Any]]) -> None:
    """Writes the words of new persons (their rows: id, departement, search_name): one statement per hundred words."""
    work.insert(
        person_word,
        [
            {"departement": row["departement"], "word": word, "person_id": row["id"]}
            for row in persons
            for word in words_of(row["search_name"])
        ],
    )


def change_words(work: Work, departement: str, person_id: str, search_name: str) -> None:
    """Writes the words of a person anew; none for an empty name (an erased person)."""
    work.execute(delete(person_word).where(person_word.c.person_id == person_id))
    keep_words(work, [{"id": person_id, "departement": departement, "search_name": search_name}])
