"""The words of SQL that access, actions and queries may say; nothing else of SQLAlchemy leaves the store."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
    update,
)


def word(text: str) -> ColumnElement[str]:
    """A word of ours written into the statement, not sent beside it: a partial index is used only when its condition is read."""
    if not text.isidentifier() and text:
        raise ValueError(text)
    return literal_column(f"'{text}'")


__all__ = [
    "ColumnElement",
    "Row",
    "Select",
    "and_",
    "case",
    "delete",
    "exists",
    "false",
    "func",
    "literal",
    "not_",
    "null",
    "or_",
    "select",
    "true",
    "tuple_",
    "union_all",
    "update",
    "word",
]
