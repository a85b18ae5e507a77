"""EP sessions and the cases that wait for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from server.store.tables import case_file, ep_passage, ep_session
from server.store.work import Outrun, Work


def waiting_passages(work: Work, territory_id: str) -> Sequence[Row[Any]]:
    """The cases of a territory that wait for a session, the oldest demand first."""
    return work.rows(
        select(ep_passage, case_file.c.number)
        .join(case_file, case_file.c.id == ep_passage.c.case_id)
        .where(ep_passage.c.territory_id == territory_id, ep_passage.c.status == "waiting", ep_passage.c.session_id.is_(None))
        .order_by(ep_passage.c.asked_at, ep_passage.c.id)
    )


def list_passages(work: Work, ids: Sequence[str], session_id: str) -> None:
    """Puts waiting cases on the agenda of a session. Raises Outrun when one of them waits no longer."""
    waits = update(ep_passage).where(ep_passage.c.id.in_(ids), ep_passage.c.status == "waiting", ep_passage.c.session_id.is_(None))
    if ids and work.changed(waits.values(status="listed", session_id=session_id)) != len(ids):
        raise Outrun


def passage_before(work: Work, session_id: str, case_id: str) -> str | None:
    """The id of the row of a case on the agenda of a session, or None."""
    found: str | None = work.value(
        select(ep_passage.c.id).where(
            ep_passage.c.session_id == session_id, ep_passage.c.case_id == case_id, ep_passage.c.status == "listed"
        )
    )
    return found


def session_row(session_id: str, departement: str, territory_id: str, body: str, held_on: date, instance_id: str) -> dict[str, Any]:
    """The row of a new session."""
    own = {"id": session_id, "departement": departement, "territory_id": territory_id, "body": body, "held_on": held_on}
    return {**own, "status": "planned", "instance_id": instance_id, "members": []}


def session_exists(work: Work, territory_id: str, held_on: date) -> bool:
    """True when the territory already has an open session that day."""
    where = (ep_session.c.territory_id == territory_id, ep_session.c.held_on == held_on, ep_session.c.status != "closed")
    return work.value(select(ep_session.c.id).where(*where)) is not None
