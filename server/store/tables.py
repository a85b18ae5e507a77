"""The tables. Times are aware UTC; ids are texts; what concerns a person and is not needed for search lies in payload rows that can be erased."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - its name is SQLAlchemy's
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id() -> Column[str]:
    return Column("id", String(40), primary_key=True)


def _to(target: str, *, null: bool = False, index: bool = False, name: str | None = None) -> Column[str]:
    return Column(name or target.split(".", maxsplit=1)[0] + "_id", String(40), ForeignKey(target), nullable=null, index=index)


# --- who and where -----------------------------------------------------------------------------------------------
departement = Table("departement", metadata, Column("code", String(3), primary_key=True), Column("name", Text, nullable=False))

territory = Table(
    "territory",
    metadata,
    _id(),  # "13-I"
    Column("departement", String(3), ForeignKey("departement.code"), nullable=False),
    Column("code", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("rank", Integer, nullable=False, server_default="0"),
    UniqueConstraint("departement", "code"),
)

structure = Table(
    "structure",
    metadata,
    _id(),
    Column("departement", String(3), ForeignKey("departement.code"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(40), nullable=False),  # departement, ccas, association, plie, france_travail
    _to("territory.id", null=True),
    Column("capacity", Integer),
)

user_account = Table(
    "user_account",
    metadata,
    _id(),
    Column("login", String(120), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("departement", String(3), ForeignKey("departement.code"), nullable=False),
    Column("roles", JSON, nullable=False),  # list of kernel.actor.ROLES
    Column("password_hash", Text, nullable=False),
    Column("everywhere", Boolean, nullable=False, server_default=false()),
    _to("structure.id", null=True),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", Instant, nullable=False),
)

user_group = Table(
    "user_group",
    metadata,
    Column("user_id", String(40), ForeignKey("user_account.id"), primary_key=True),
    Column("group_name", String(60), primary_key=True),
)

membership = Table(
    "membership",
    metadata,
    Column("user_id", String(40), ForeignKey("user_account.id"), primary_key=True),
    Column("territory_id", String(40), ForeignKey("territory.id"), primary_key=True),
)

login_session = Table(
    "login_session",
    metadata,
    _id(),  # digest of the cookie's token
    _to("user_account.id", index=True, name="user_id"),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
)

login_attempt = Table(
    "login_attempt",
    metadata,
    _id(),
    Column("login", String(120), nullable=False),
    Column("address", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_login_attempt_login_at", "login", "at"),
    Index("ix_login_attempt_address_at", "address", "at"),
)

# --- people ------------------------------------------------------------------------------------------------------
household = Table(
    "household",
    metadata,
    _id(),
    Column("departement", String(3), nullable=False),
    Column("caf_number", String(20), index=True),
    Column("size", Integer, nullable=False, server_default="1"),
    Column("children", Integer, nullable=False, server_default="0"),
    Column("youngest_birth", Date),
    Column("isolated", Boolean, nullable=False, server_default=false()),
    Column("rsa_increased", Boolean, nullable=False, server_default=false()),
)

person = Table(
    "person",
    metadata,
    _id(),
    Column("departement", String(3), nullable=False),
    _to("household.id", null=True, index=True),
    Column("civility", String(10)),
    Column("last_name", Text, nullable=False),
    Column("birth_name", Text),
    Column("first_names", Text, nullable=False),
    Column("search_name", Text, nullable=False),  # folded in Python, the same on both databases
    Column("birth_date", Date),
    Column("birth_place", Text),
    Column("nir_cipher", LargeBinary),
    Column("nir_index", String(64)),  # keyed digest, to find without reading
    Column("caf_number", String(20)),
    Column("caf_role", String(10)),  # DEM, CJT
    Column("internal_id", String(40)),
    Column("ft_number", String(20)),
    Column("rsa_number", String(20)),
    Column("email", Text),
    Column("phone", String(30)),
    Column("address", JSON),  # lines, postcode, town
    Column("details", JSON),  # the other fields of domain.md 5.3
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", Instant, nullable=False),
    Column("erased_at", Instant),
    Index("ix_person_departement_search_name", "departement", "search_name"),
    Index("uq_person_nir", "departement", "nir_index", unique=True),
    Index("uq_person_internal", "departement", "internal_id", unique=True),
    Index("uq_person_caf", "departement", "caf_number", "caf_role", unique=True),
)

# --- cases and processes -----------------------------------------------------------------------------------------
case_file = Table(
    "case_file",
    metadata,
    _id(),
    Column("number", String(20), nullable=False, unique=True),  # 13-2026-004512
    _to("person.id", index=True),
    Column("departement", String(3), nullable=False),
    _to("territory.id"),
    Column("status", String(20), nullable=False),  # open, closed
    Column("stage", String(40), nullable=False, server_default=""),  # slug of the deepest open process
    Column("opened_at", Instant, nullable=False),
    Column("right_opened_on", Date, nullable=False),
    Column("closed_at", Instant),
    Column("referent_id", String(40), ForeignKey("user_account.id")),
    _to("structure.id", null=True),
    # milestones that the figures count, dates of the territory
    Column("oriented_on", Date),
    Column("first_meeting_on", Date),
    Column("contract_signed_on", Date),
    Column("contract_ends_on", Date),
    Column("ep_on", Date),
    Column("sanctioned_on", Date),
    Column("reinstated_on", Date),
    Column("facts", JSON, nullable=False),  # projection read by expressions as `dossier`
    Column("seq", Integer, nullable=False, server_default="0"),  # last fact of the chain
    Column("head", String(64), nullable=False, server_default=""),  # hash of the last fact
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_case_file_departement_opened", "departement", "right_opened_on"),
    Index("ix_case_file_territory_status", "territory_id", "status"),
)

package_version = Table(
    "package_version",
    metadata,
    _id(),
    Column("departement", String(3), nullable=False),
    Column("slug", String(60), nullable=False),
    Column("number", Integer),  # 1, 2… once published
    Column("title", Text, nullable=False),
    Column("status", String(20), nullable=False),  # draft, waiting, published, refused, replaced
    Column("files", JSON, nullable=False),  # name -> text
    Column("content_hash", String(64), nullable=False),
    Column("author_id", String(40), ForeignKey("user_account.id")),
    Column("author_name", Text, nullable=False, server_default=""),
    Column("approver_id", String(40), ForeignKey("user_account.id")),
    Column("approver_name", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("note", Text, nullable=False, server_default=""),  # reason, evidence in words
    Column("evidence", JSON),  # lint, scenarios, coverage at the time of asking
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_package_version_slug_status", "departement", "slug", "status"),
    Index("uq_package_version_number", "departement", "slug", "number", unique=True),
)

parameter_set = Table(
    "parameter_set",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("departement", String(3), nullable=False),
    _to("territory.id", null=True),
    Column("day", Date, nullable=False),
    Column("content", JSON, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

instance = Table(
    "instance",
    metadata,
    _id(),
    _to("case_file.id", null=True, index=True, name="case_id"),
    _to("package_version.id", name="package_id"),
    Column("process", String(60), nullable=False),  # slug
    Column("parent_id", String(40), ForeignKey("instance.id"), index=True),
    Column("parent_call", String(60)),
    Column("state", LargeBinary),
    Column("status", String(20), nullable=False),  # open, ended, cancelled, stuck
    Column("outcome", String(60)),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("turns", Integer, nullable=False, server_default="0"),  # commands accepted
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("subject", JSON),  # session or campaign it holds, when it is not a case
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
)

task = Table(
    "task",
    metadata,
    _id(),  # the engine's id
    _to("instance.id", index=True),
    _to("case_file.id", null=True, index=True, name="case_id"),
    Column("departement", String(3), nullable=False),
    _to("territory.id", null=True),
    Column("process", String(60), nullable=False),
    Column("element", String(120), nullable=False),
    Column("name", Text, nullable=False),
    Column("form", String(120), nullable=False),
    Column("group_name", String(60), nullable=False),
    Column("status", String(20), nullable=False),  # open, done, cancelled
    Column("holder_id", String(40), ForeignKey("user_account.id")),
    Column("holder_name", Text),
    Column("held_at", Instant),
    Column("priority", Integer, nullable=False, server_default="50"),
    Column("due_at", Instant),
    Column("limit_at", Instant),
    Column("due_why", JSON),  # derivation
    Column("ready_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_by", String(40)),
    Column("done_by_name", Text),
    Column("version", Integer, nullable=False, server_default="1"),
    Index(
        "ix_task_inbox",
        "departement",
        "territory_id",
        "group_name",
        "due_at",
        "id",
        postgresql_where=text("status = 'open'"),
        sqlite_where=text("status = 'open'"),
    ),
    Index("ix_task_holder", "holder_id", "due_at", "id", postgresql_where=text("status = 'open'"), sqlite_where=text("status = 'open'")),
    Index("ix_task_done", "done_by", "done_at"),
)

timer = Table(
    "timer",
    metadata,
    _id(),
    _to("instance.id", index=True),
    _to("case_file.id", null=True, name="case_id"),
    Column("element", String(120), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("why", JSON),
    Column("status", String(20), nullable=False),  # waiting, fired, cancelled, stuck
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant),
    Column("last_error", Text),
    Index("ix_timer_due", "due_at", "id", postgresql_where=text("status = 'waiting'"), sqlite_where=text("status = 'waiting'")),
)

subscription = Table(
    "subscription",
    metadata,
    _id(),
    _to("instance.id", index=True),
    _to("case_file.id", null=True, index=True, name="case_id"),
    Column("element", String(120), nullable=False),
    Column("name", String(120), nullable=False),
    Column("key", Text, nullable=False, server_default=""),
    Index("ix_subscription_name_key", "name", "key"),
)

call = Table(  # what an instance waits for from outside or from a child
    "call",
    metadata,
    _id(),
    _to("instance.id", index=True),
    _to("case_file.id", null=True, name="case_id"),
    Column("kind", String(20), nullable=False),  # child, outside
    Column("type", String(60), nullable=False),
    Column("child_id", String(40), index=True),
    Column("status", String(20), nullable=False),  # waiting, returned, cancelled
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _to("instance.id", null=True, index=True),
    _to("case_file.id", null=True, index=True, name="case_id"),
    Column("call_id", String(40)),
    Column("type", String(60), nullable=False),
    Column("headers", JSON, nullable=False),
    Column("payload_id", String(40)),
    Column("waits", Boolean, nullable=False, server_default=false()),  # the instance waits for the result
    Column("status", String(20), nullable=False),  # waiting, done, cancelled, stuck
    Column("created_at", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("lease", String(40)),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("done_at", Instant),
    Index("ix_outbox_next", "next_try_at", "id", postgresql_where=text("status = 'waiting'"), sqlite_where=text("status = 'waiting'")),
)

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
    _id(),
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
    _id(),
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
    Column("answers", JSON, nullable=False),  # raw, as typed
    Column("saved_at", Instant, nullable=False),
)

document = Table(
    "document",
    metadata,
    _id(),
    _to("case_file.id", index=True, name="case_id"),
    _to("instance.id", null=True),
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
    Column("answer", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

# --- many cases at once: rows, not tokens ------------------------------------------------------------------------
ep_session = Table(
    "ep_session",
    metadata,
    _id(),
    Column("departement", String(3), nullable=False),
    _to("territory.id", null=True, index=True),
    Column("body", Text, nullable=False),  # name of the EP
    Column("held_on", Date, nullable=False),
    Column("status", String(20), nullable=False),  # planned, open, closed
    _to("instance.id", null=True),
    Column("members", JSON, nullable=False),
    Column("quorum", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
)

ep_passage = Table(
    "ep_passage",
    metadata,
    _id(),
    _to("ep_session.id", null=True, index=True, name="session_id"),
    _to("case_file.id", index=True, name="case_id"),
    _to("instance.id"),
    Column("territory_id", String(40), nullable=False, index=True),
    Column("status", String(20), nullable=False),  # waiting, listed, advised, postponed, withdrawn
    Column("asked_at", Instant, nullable=False),
    Column("subject", JSON, nullable=False),  # what is asked: proposal, rank (ids and codes)
    Column("opinion", String(40)),
    Column("payload_id", String(40)),  # reasons
    Column("advised_at", Instant),
    Column("outbox_id", String(40), unique=True),
)

campaign = Table(
    "campaign",
    metadata,
    _id(),
    Column("departement", String(3), nullable=False),
    Column("title", Text, nullable=False),
    Column("query", JSON, nullable=False),
    Column("status", String(20), nullable=False),
    _to("instance.id", null=True),
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
    _id(),
    Column("departement", String(3), nullable=False),
    Column("layout", String(40), nullable=False),  # entrants, contacts
    Column("columns", JSON, nullable=False),  # field -> header
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("departement", "layout"),
)

import_run = Table(
    "import_run",
    metadata,
    _id(),
    Column("departement", String(3), nullable=False),
    Column("layout", String(40), nullable=False),
    Column("filename", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary),  # kept until the run is over, then only its rejects
    Column("columns", JSON, nullable=False),
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
    Column("reasons", JSON, nullable=False),
    Column("cells", JSON),  # of refused lines, to give them back
    Column("case_id", String(40)),
    Column("changes", JSON),  # field -> [old, new] masked
    Index("ix_import_row_result", "run_id", "result"),
)

counter = Table("counter", metadata, Column("name", String(60), primary_key=True), Column("value", BigInteger, nullable=False))
