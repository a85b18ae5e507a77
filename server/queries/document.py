"""One document of a case, for its readers."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.errors import NotFound
from server.store.sql import select
from server.store.tables import document
from server.store.work import reading

_ENDINGS = {"text/html": "html", "application/pdf": "pdf", "text/csv": "csv", "text/plain": "txt"}


@dataclass(frozen=True)
class Content:
    """A document's bytes and how to send them; `filename` is percent-encoded."""

    filename: str
    media_type: str
    content: bytes


def document_content(jalon: Jalon, actor: Actor, case_id: str, document_id: str) -> Content:
    """The document. Raises NotFound when the case or the document is not open to the actor, or is erased."""
    with reading(jalon.database) as work:
        case_to_read(work, actor, case_id)
        row = work.one(select(document).where(document.c.id == document_id, document.c.case_id == case_id))
    if row is None or row.content is None:
        raise NotFound("Ce document n'existe pas, ou ne vous est pas ouvert.")
    return Content(quote(f"{row.title}.{_ENDINGS.get(row.media_type, 'bin')}"), row.media_type, row.content)
