"""Destroys what concerns a person and keeps what proves: payloads go with their salts, lines stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update

from server.store.tables import (
    case_file,
    document,
    draft,
    ep_passage,
    import_row,
    instance,
    outbox,
    payload,
    person,
    person_word,
    task,
    timer,
)
from server.store.work import Work

_OF_PERSON = (
    "civility", "birth_name", "birth_date", "birth_place", "nir_cipher", "nir_index", "caf_number", "caf_role", "internal_id", "ft_number", "rsa_number",
    "email", "phone", "address", "details", "household_id",
)  # fmt: skip


def open_instances(work: Work, case_id: str) -> int:
    """How many instances of the case still run."""
    return int(work.value(select(func.count()).select_from(instance).where(instance.c.case_id == case_id, instance.c.status == "open")))


def other_cases(work: Work, person_id: str, case_id: str) -> bool:
    """True when the person has another case."""
    return work.one(select(case_file.c.id).where(case_file.c.person_id == person_id, case_file.c.id != case_id).limit(1)) is not None


def erase_rows(work: Work, case_id: str, person_id: str | None, now: datetime) -> int:
    """Erases a case's rows, and its person when `person_id` is given; how many payloads were destroyed."""
    gone = work.changed(
        update(payload).where(payload.c.chain == case_id, payload.c.content.is_not(None)).values(content=None, salt=None, erased_at=now)
    )
    tasks = select(task.c.id).where(task.c.case_id == case_id)
    work.execute(delete(draft).where(draft.c.task_id.in_(tasks)))
    work.execute(update(task).where(task.c.case_id == case_id).values(due_why=None, limit_why=None))
    work.execute(update(timer).where(timer.c.case_id == case_id).values(why=None, last_error=None))
    work.execute(update(outbox).where(outbox.c.case_id == case_id).values(last_error=None))
    work.execute(update(instance).where(instance.c.case_id == case_id).values(state=None, subject=None))
    work.execute(update(document).where(document.c.case_id == case_id).values(content=None, title="Document effacé"))
    work.execute(update(ep_passage).where(ep_passage.c.case_id == case_id).values(subject={}))
    work.execute(update(import_row).where(import_row.c.case_id == case_id).values(cells=None, changes=None, reasons=[]))
    if person_id is not None:
        work.execute(delete(person_word).where(person_word.c.person_id == person_id))
        empty = dict.fromkeys(_OF_PERSON)
        named = {"last_name": "Effacé", "first_names": "", "search_name": "", "erased_at": now, "version": person.c.version + 1}
        work.execute(update(person).where(person.c.id == person_id).values(**empty, **named))
    return gone
