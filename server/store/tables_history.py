"""The tables of what happened: facts, their payloads, chain heads, drafts, documents, posted forms."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from server.store.columns import Instant, Json, metadata, row_id, to_row

# --- history -----------------------------------------------------------------------------------------------------
fact = Table(  # append only; chained per case, or per register for what belongs to no case
    "fact",
    metadata,
    Column("chain", String(60), primary_key=True),  # case id, or "registre:imports", "registre:publications"…
    Column("seq", Integer, primary_key=True),
    Column("instance_id", String(40), index=True),
    Column("kind", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("element", String(120), nullable=False),
    Column("actor_id", String(40), nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("command", Integer),  # number of the command that made it
    Column("line", LargeBinary, nullable=False),  # canonical bytes that were hashed
    Column("hash", String(64), nullable=False),
    Column("payload_id", String(40)),
)

payload = Table(
    "payload",
    metadata,
    row_id(),
    Column("chain", String(60), nullable=False, index=True),
    Column("salt", LargeBinary),  # null once erased
    Column("content", LargeBinary),  # canonical bytes, null once erased
    Column("digest", String(64), nullable=False),
    Column("erased_at", Instant),
)

register_head = Table(
    "register_head",
    metadata,
    Column("chain", String(60), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    row_id(),
    Column("at", Instant, nullable=False),
    Column("chains", Integer, nullable=False),
    Column("root", String(64), nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("task_id", String(40), ForeignKey("task.id"), primary_key=True),
    Column("user_id", String(40), ForeignKey("user_account.id"), primary_key=True),
    Column("answers", Json, nullable=False),  # raw, as typed
    Column("saved_at", Instant, nullable=False),
)

document = Table(
    "document",
    metadata,
    row_id(),
    to_row("case_file.id", index=True, name="case_id"),
    to_row("instance.id", null=True),
    Column("kind", String(40), nullable=False),  # lettre, piece, bordereau, pv
    Column("title", Text, nullable=False),
    Column("template", String(120)),
    Column("media_type", String(80), nullable=False),
    Column("content", LargeBinary),
    Column("sha256", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("outbox_id", String(40), unique=True),  # the wish that made it: made once
)

posted_key = Table(  # idempotency of posted forms
    "posted_key",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("user_id", String(40), nullable=False),
    Column("verb", String(40), nullable=False),
    Column("answer", Json, nullable=False),
    Column("at", Instant, nullable=False),
)
