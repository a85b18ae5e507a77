"""Lets the inbox and the search by name go through indexes: a sort date that is never empty, indexes of open tasks, the words of names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEAM = ["departement", "group_name", "territory_id"]
_QUEUE = [
    "departement", "sort_at", "ready_at", "id", "territory_id", "group_name", "also_groups", "process", "element", "status", "holder_id",
]  # fmt: skip
_FREE, _HELD = "status = 'open' AND holder_id IS NULL", "status = 'open' AND holder_id IS NOT NULL"
_OPEN = {
    "ix_task_free": (_QUEUE, _FREE),
    "ix_task_held": ([*_QUEUE, "name"], _HELD),
    "ix_task_free_team": ([*_TEAM, "sort_at", "ready_at", "id", "status", "holder_id"], _FREE),
    "ix_task_free_step": ([*_TEAM, "process", "element", "name", "status", "holder_id"], _FREE),
    "ix_task_also": (["departement", "territory_id", "group_name", "also_groups"], "status = 'open' AND also_groups <> ''"),
    "ix_task_open_case": (["case_id", "status"], "status = 'open'"),
    "ix_task_holder": (["holder_id", "sort_at", "ready_at", "id", "status"], _HELD),
    "ix_task_done": (["done_by", "done_at", "id"], "status = 'done'"),
}


def upgrade() -> None:
    """Adds the column, the indexes and the table, and fills them from what is there."""
    _sort_date()
    for name in ("ix_task_inbox", "ix_task_holder", "ix_task_done"):
        op.drop_index(name, table_name="task")
    for name, (columns, where) in _OPEN.items():
        op.create_index(name, "task", columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
    op.create_index("ix_case_file_structure", "case_file", ["structure_id"])
    op.create_index("ix_person_ft_number", "person", ["departement", "ft_number"])
    _words()


def _sort_date() -> None:
    never = sa.text("'9999-12-31 00:00:00'")
    op.add_column("task", sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False, server_default=never))
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    latest = "TIMESTAMPTZ '9999-12-31 00:00:00+00'" if on_postgresql else "'9999-12-31 00:00:00.000000'"
    op.execute(f"UPDATE task SET sort_at = coalesce(due_at, {latest})")  # noqa: S608 - a constant of ours


def _words() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    words = op.create_table(
        "person_word",
        sa.Column("departement", sa.String(length=3), nullable=False),
        sa.Column("word", sa.String(length=60, collation="C" if on_postgresql else None), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_word_person_id")),
        sa.PrimaryKeyConstraint("departement", "word", "person_id", name=op.f("pk_person_word")),
    )
    op.create_index("ix_person_word_person_id", "person_word", ["person_id"])
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT id, departement, search_name FROM person")).all()
    rows = [
        {"departement": row.departement, "word": word, "person_id": row.id}
        for row in kept
        for word in dict.fromkeys(word[:60] for word in row.search_name.split())
    ]
    for start in range(0, len(rows), 1000):
        connection.execute(sa.insert(words), rows[start : start + 1000])
