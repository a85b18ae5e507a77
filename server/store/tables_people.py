"""The tables of who and where: territories, accounts, sign-ins, households and persons."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from server.store.columns import Instant, Json, metadata, row_id, to_row

WORD = 60  # letters of a name's word that search looks at

# --- who and where -----------------------------------------------------------------------------------------------
departement = Table("departement", metadata, Column("code", String(3), primary_key=True), Column("name", Text, nullable=False))

territory = Table(
    "territory",
    metadata,
    row_id(),  # "13-I"
    Column("departement", String(3), ForeignKey("departement.code"), nullable=False),
    Column("code", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("rank", Integer, nullable=False, server_default="0"),
    UniqueConstraint("departement", "code"),
)

structure = Table(
    "structure",
    metadata,
    row_id(),
    Column("departement", String(3), ForeignKey("departement.code"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(40), nullable=False),  # departement, ccas, association, plie, france_travail
    to_row("territory.id", null=True),
    Column("capacity", Integer),
)

user_account = Table(
    "user_account",
    metadata,
    row_id(),
    Column("login", String(120), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("departement", String(3), ForeignKey("departement.code"), nullable=False),
    Column("roles", Json, nullable=False),  # list of kernel.actor.ROLES
    Column("password_hash", Text, nullable=False),
    Column("everywhere", Boolean, nullable=False, server_default=false()),
    to_row("structure.id", null=True),
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
    row_id(),  # digest of the cookie's token
    to_row("user_account.id", index=True, name="user_id"),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
)

login_attempt = Table(
    "login_attempt",
    metadata,
    row_id(),
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
    row_id(),
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
    row_id(),
    Column("departement", String(3), nullable=False),
    to_row("household.id", null=True, index=True),
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
    Column("address", Json),  # lines, postcode, town
    Column("details", Json),  # the other fields of domain.md 5.3
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", Instant, nullable=False),
    Column("erased_at", Instant),
    Index("ix_person_departement_search_name", "departement", "search_name"),
    Index("ix_person_ft_number", "departement", "ft_number"),
    Index("uq_person_nir", "departement", "nir_index", unique=True),
    Index("uq_person_internal", "departement", "internal_id", unique=True),
    Index("uq_person_caf", "departement", "caf_number", "caf_role", unique=True),
)

person_word = Table(  # each word of search_name, so that the beginning of any of them is found through an index
    "person_word",
    metadata,
    Column("departement", String(3), primary_key=True),
    Column("word", String(WORD).with_variant(String(WORD, collation="C"), "postgresql"), primary_key=True),  # by bytes, as SQLite does
    Column("person_id", String(40), ForeignKey("person.id"), primary_key=True, index=True),
)
