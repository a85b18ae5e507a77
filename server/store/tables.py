"""The tables. Times are aware UTC; ids are texts; what concerns a person and is not needed for search lies in payload rows that can be erased."""

from __future__ import annotations

from server.store.columns import Instant, metadata
from server.store.tables_history import checkpoint, document, draft, fact, payload, posted_key, register_head
from server.store.tables_many import campaign, campaign_case, counter, ep_passage, ep_session, import_mapping, import_row, import_run
from server.store.tables_people import (
    departement,
    household,
    login_attempt,
    login_session,
    membership,
    person,
    person_word,
    structure,
    territory,
    user_account,
    user_group,
)
from server.store.tables_running import case_file, command, instance, outbox, package_version, parameter_set, subscription, task, timer

__all__ = [
    "Instant",
    "campaign",
    "campaign_case",
    "case_file",
    "checkpoint",
    "command",
    "counter",
    "departement",
    "document",
    "draft",
    "ep_passage",
    "ep_session",
    "fact",
    "household",
    "import_mapping",
    "import_row",
    "import_run",
    "instance",
    "login_attempt",
    "login_session",
    "membership",
    "metadata",
    "outbox",
    "package_version",
    "parameter_set",
    "payload",
    "person",
    "person_word",
    "posted_key",
    "register_head",
    "structure",
    "subscription",
    "task",
    "territory",
    "timer",
    "user_account",
    "user_group",
]
