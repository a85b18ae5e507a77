"""The tables of what runs: cases, packages, instances, tasks, timers, subscriptions and the outbox."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, false, text

from server.store.columns import Instant, Json, metadata, row_id, to_row

# --- cases and processes -----------------------------------------------------------------------------------------
case_file = Table(
    "case_file",
    metadata,
    row_id(),
    Column("number", String(20), nullable=False, unique=True),  # 13-2026-004512
    to_row("person.id", index=True),
    Column("departement", String(3), nullable=False),
    to_row("territory.id"),
    Column("status", String(20), nullable=False),  # open, closed
    Column("stage", String(40), nullable=False, server_default=""),  # slug of the deepest open process
    Column("opened_at", Instant, nullable=False),
    Column("right_opened_on", Date, nullable=False),
    Column("closed_at", Instant),
    Column("referent_id", String(40), ForeignKey("user_account.id")),
    to_row("structure.id", null=True),
    # milestones that the figures count, dates of the territory
    Column("oriented_on", Date),
    Column("first_meeting_on", Date),
    Column("contract_signed_on", Date),
    Column("contract_ends_on", Date),
    Column("ep_on", Date),
    Column("sanctioned_on", Date),
    Column("reinstated_on", Date),
    Column("facts", Json, nullable=False),  # projection read by expressions as `dossier`
    Column("seq", Integer, nullable=False, server_default="0"),  # last fact of the chain
    Column("head", String(64), nullable=False, server_default=""),  # hash of the last fact
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_case_file_departement_opened", "departement", "right_opened_on"),
    Index("ix_case_file_territory_status", "territory_id", "status"),
    Index("ix_case_file_structure", "structure_id"),
)

package_version = Table(
    "package_version",
    metadata,
    row_id(),
    Column("departement", String(3), nullable=False),
    Column("slug", String(60), nullable=False),
    Column("number", Integer),  # 1, 2… once published
    Column("title", Text, nullable=False),
    Column("status", String(20), nullable=False),  # draft, waiting, published, refused, replaced
    Column("files", Json, nullable=False),  # name -> text
    Column("content_hash", String(64), nullable=False),
    Column("author_id", String(40), ForeignKey("user_account.id")),
    Column("author_name", Text, nullable=False, server_default=""),
    Column("approver_id", String(40), ForeignKey("user_account.id")),
    Column("approver_name", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("note", Text, nullable=False, server_default=""),  # reason, evidence in words
    Column("evidence", Json),  # lint, scenarios, coverage at the time of asking
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_package_version_slug_status", "departement", "slug", "status"),
    Index("uq_package_version_number", "departement", "slug", "number", unique=True),
)

parameter_set = Table(
    "parameter_set",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("departement", String(3), nullable=False),
    to_row("territory.id", null=True),
    Column("day", Date, nullable=False),
    Column("content", Json, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

instance = Table(
    "instance",
    metadata,
    row_id(),
    to_row("case_file.id", null=True, index=True, name="case_id"),
    to_row("package_version.id", name="package_id"),
    Column("departement", String(3), nullable=False),
    to_row("territory.id", null=True),
    Column("process", String(60), nullable=False),  # slug
    Column("parent_id", String(40), ForeignKey("instance.id"), index=True),
    Column("parent_call", String(60)),  # the call activity's id that waits for this child
    Column("state", LargeBinary),
    Column("status", String(20), nullable=False),  # open, ended, cancelled, stuck
    Column("outcome", String(60)),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("turns", Integer, nullable=False, server_default="0"),  # commands accepted
    Column("started_at", Instant, nullable=False),
    Column("born", Integer, nullable=False, server_default="0"),  # the line of its chain at which it began: orders those of one instant
    Column("ended_at", Instant),
    Column("subject", Json),  # session or campaign it holds, when it is not a case
    Index("ix_instance_package_status", "package_id", "status"),
)

command = Table(  # what re-execution reads; inputs lie in payload
    "command",
    metadata,
    Column("instance_id", String(40), ForeignKey("instance.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("parameters_hash", String(64), nullable=False),
    Column("payload_id", String(40), nullable=False),  # command and context, erasable
    Column("state_hash", String(64), nullable=False),  # after it
    Column("posted_key", String(80), unique=True),  # the form that was posted: the same key twice gives the same answer
    Column("posted_by", String(40)),
    Column("answer", Json),
)

_QUEUE = (
    "departement",
    "sort_at",
    "ready_at",
    "id",
    "territory_id",
    "group_name",
    "also_groups",
    "process",
    "element",
    "status",
    "holder_id",
)
_TEAM = ("departement", "group_name", "territory_id")


def _of_open(name: str, columns: tuple[str, ...], where: str = "") -> Index:
    condition = text(f"status = 'open' AND {where}" if where else "status = 'open'")
    return Index(name, *columns, postgresql_where=condition, sqlite_where=condition)


task = Table(
    "task",
    metadata,
    row_id(),  # the engine's id
    to_row("instance.id", index=True),
    to_row("case_file.id", null=True, index=True, name="case_id"),
    Column("departement", String(3), nullable=False),
    to_row("territory.id", null=True),
    Column("process", String(60), nullable=False),
    Column("element", String(120), nullable=False),
    Column("name", Text, nullable=False),
    Column("form", String(120), nullable=False),
    Column("group_name", String(60), nullable=False),
    Column("also_groups", Text, nullable=False, server_default=""),  # ",b,c," when the diagram names several groups
    Column("status", String(20), nullable=False),  # open, done, cancelled
    Column("holder_id", String(40), ForeignKey("user_account.id")),
    Column("holder_name", Text),
    Column("held_at", Instant),
    Column("priority", Integer, nullable=False, server_default="50"),
    Column("due_at", Instant),
    Column("sort_at", Instant, nullable=False, server_default=text("'9999-12-31 00:00:00'")),  # due_at, or NEVER: what lists are sorted by
    Column("limit_at", Instant),
    Column("due_why", Json),  # derivation of due_at
    Column("limit_why", Json),
    Column("ready_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_by", String(40)),
    Column("done_by_name", Text),
    Column("version", Integer, nullable=False, server_default="1"),
    # lists walk an index in their own order; what they filter on lies in the same index, so that it alone is read (docs/adr/0013)
    _of_open("ix_task_free", _QUEUE, "holder_id IS NULL"),
    _of_open("ix_task_held", (*_QUEUE, "name"), "holder_id IS NOT NULL"),
    _of_open("ix_task_free_team", (*_TEAM, "sort_at", "ready_at", "id", "status", "holder_id"), "holder_id IS NULL"),
    _of_open("ix_task_free_step", (*_TEAM, "process", "element", "name", "status", "holder_id"), "holder_id IS NULL"),
    _of_open("ix_task_also", ("departement", "territory_id", "group_name", "also_groups"), "also_groups <> ''"),
    _of_open("ix_task_open_case", ("case_id", "status")),  # what a search by name finds
    _of_open("ix_task_holder", ("holder_id", "sort_at", "ready_at", "id", "status"), "holder_id IS NOT NULL"),
    Index("ix_task_done", "done_by", "done_at", "id", postgresql_where=text("status = 'done'"), sqlite_where=text("status = 'done'")),
)

timer = Table(
    "timer",
    metadata,
    row_id(),
    to_row("instance.id", index=True),
    to_row("case_file.id", null=True, name="case_id"),
    Column("element", String(120), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("why", Json),
    Column("status", String(20), nullable=False),  # waiting, fired, cancelled, stuck
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant),
    Column("last_error", Text),
    Index("ix_timer_due", "due_at", "id", postgresql_where=text("status = 'waiting'"), sqlite_where=text("status = 'waiting'")),
)

subscription = Table(
    "subscription",
    metadata,
    row_id(),
    to_row("instance.id", index=True),
    to_row("case_file.id", null=True, index=True, name="case_id"),
    Column("element", String(120), nullable=False),
    Column("name", String(120), nullable=False),
    Column("key", Text, nullable=False, server_default=""),
    Column("status", String(20), nullable=False),  # waiting, received, cancelled
    Index(
        "ix_subscription_name_key",
        "name",
        "key",
        postgresql_where=text("status = 'waiting'"),
        sqlite_where=text("status = 'waiting'"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    row_id(),
    to_row("instance.id", null=True, index=True),
    to_row("case_file.id", null=True, index=True, name="case_id"),
    Column("call_id", String(60)),  # the engine's id of the call
    Column("element", String(120), nullable=False, server_default=""),
    Column("type", String(60), nullable=False),
    Column("headers", Json, nullable=False),
    Column("payload_id", String(40)),
    Column("waits", Boolean, nullable=False, server_default=false()),  # the instance waits for the result
    Column("status", String(20), nullable=False),  # waiting, done, cancelled, stuck
    Column("created_at", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("lease", String(40)),  # who works on it; a write under another lease is refused
    Column("leased_until", Instant),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("done_at", Instant),
    Index("ix_outbox_next", "next_try_at", "id", postgresql_where=text("status = 'waiting'"), sqlite_where=text("status = 'waiting'")),
)
