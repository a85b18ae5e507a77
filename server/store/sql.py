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
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
    update,
)

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
    "null",
    "or_",
    "select",
    "true",
    "tuple_",
    "union_all",
    "update",
]
