"""The tables of many cases at once (sessions, campaigns) and of intake."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from server.store.columns import Instant, Json, metadata, row_id, to_row

# --- many cases at once: rows, not tokens ------------------------------------------------------------------------
ep_session = Table(
    "ep_session",
    metadata,
    row_id(),
    Column("departement", String(3), nullable=False),
    to_row("territory.id", null=True, index=True),
    Column("body", Text, nullable=False),  # name of the EP
    Column("held_on", Date, nullable=False),
    Column("status", String(20), nullable=False),  # planned, open, closed
    to_row("instance.id", null=True),
    Column("members", Json, nullable=False),
    Column("quorum", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
)

ep_passage = Table(
    "ep_passage",
    metadata,
    row_id(),
    to_row("ep_session.id", null=True, index=True, name="session_id"),
    to_row("case_file.id", index=True, name="case_id"),
    to_row("instance.id"),
    Column("territory_id", String(40), nullable=False, index=True),
    Column("status", String(20), nullable=False),  # waiting, listed, advised, postponed, withdrawn
    Column("asked_at", Instant, nullable=False),
    Column("subject", Json, nullable=False),  # what is asked: proposal, rank (ids and codes)
    Column("opinion", String(40)),
    Column("payload_id", String(40)),  # reasons
    Column("advised_at", Instant),
    Column("outbox_id", String(40), unique=True),
)

campaign = Table(
    "campaign",
    metadata,
    row_id(),
    Column("departement", String(3), nullable=False),
    Column("title", Text, nullable=False),
    Column("query", Json, nullable=False),
    Column("status", String(20), nullable=False),
    to_row("instance.id", null=True),
    Column("created_at", Instant, nullable=False),
)

campaign_case = Table(
    "campaign_case",
    metadata,
    Column("campaign_id", String(40), ForeignKey("campaign.id"), primary_key=True),
    Column("case_id", String(40), ForeignKey("case_file.id"), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("outcome", String(40)),
)

# --- intake ------------------------------------------------------------------------------------------------------
import_mapping = Table(
    "import_mapping",
    metadata,
    row_id(),
    Column("departement", String(3), nullable=False),
    Column("layout", String(40), nullable=False),  # entrants, contacts
    Column("columns", Json, nullable=False),  # field -> header
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("departement", "layout"),
)

import_run = Table(
    "import_run",
    metadata,
    row_id(),
    Column("departement", String(3), nullable=False),
    Column("layout", String(40), nullable=False),
    Column("filename", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary),  # kept until the run is over, then only its rejects
    Column("columns", Json, nullable=False),
    Column("status", String(20), nullable=False),  # tried, running, done, failed, abandoned
    Column("user_id", String(40), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("done_rows", Integer, nullable=False, server_default="0"),
    Column("to_create", Integer, nullable=False, server_default="0"),
    Column("to_update", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("message", Text, nullable=False, server_default=""),
)

import_row = Table(
    "import_row",
    metadata,
    Column("run_id", String(40), ForeignKey("import_run.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("result", String(20), nullable=False),  # create, update, unchanged, refused
    Column("reasons", Json, nullable=False),
    Column("cells", Json),  # of refused lines, to give them back
    Column("case_id", String(40)),
    Column("changes", Json),  # field -> [old, new] masked
    Index("ix_import_row_result", "run_id", "result"),
)

counter = Table("counter", metadata, Column("name", String(60), primary_key=True), Column("value", BigInteger, nullable=False))
