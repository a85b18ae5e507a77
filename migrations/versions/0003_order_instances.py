"""Lets instances that began at one instant be told in the order in which they began: a parent before its children."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the line at which each instance began, and reads it from the facts that are there."""
    op.add_column("instance", sa.Column("born", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE instance SET born = coalesce((SELECT min(seq) FROM fact WHERE fact.instance_id = instance.id), 0)")


def downgrade() -> None:
    """Takes the column away."""
    op.drop_column("instance", "born")
