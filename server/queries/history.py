"""The facts of a case, oldest first, with the names of the diagram's elements and what is left of their payloads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.access.finding import case_to_read
from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.values import from_plain, read_canonical
from server.store.history import HistoryLine, read_history
from server.store.sql import select
from server.store.tables import instance
from server.store.work import Work, reading


@dataclass(frozen=True)
class FactRow:
    """One fact. `payload` is None when there is none or when it was erased; `payload_digest` is what the chain keeps of it."""

    seq: int
    kind: str
    at: datetime
    element: str
    element_name: str
    instance_id: str | None
    package_id: str | None
    actor_id: str
    actor_name: str
    channel: str
    body: Mapping[str, Any]
    payload: Mapping[str, Any] | None
    payload_digest: str
    erased: bool
    hash: str


def case_history(jalon: Jalon, actor: Actor, case_id: str) -> list[FactRow]:
    """Every fact of a case. Raises NotFound."""
    with reading(jalon.database) as work:
        case_to_read(work, actor, case_id)
        return facts_of(jalon, work, case_id)


def facts_of(jalon: Jalon, work: Work, case_id: str, after: int = 0) -> list[FactRow]:
    """The facts of a case that the caller may read, from the one after number `after`."""
    packages = {
        row.id: row.package_id for row in work.rows(select(instance.c.id, instance.c.package_id).where(instance.c.case_id == case_id))
    }
    return [_row(jalon, packages, line) for line in read_history(work, case_id, after)]


def _row(jalon: Jalon, packages: Mapping[str, str], line: HistoryLine) -> FactRow:
    told = json.loads(line.line)
    payload = read_canonical(line.payload) if line.payload is not None else None
    return FactRow(
        seq=line.seq,
        kind=line.kind,
        at=line.at,
        element=line.element,
        element_name=element_name(jalon, packages.get(line.instance_id or ""), line.element),
        instance_id=line.instance_id,
        package_id=packages.get(line.instance_id or ""),
        actor_id=line.actor_id,
        actor_name=line.actor_name,
        channel=line.channel,
        body=from_plain(told["body"]),
        payload=payload,
        payload_digest=told["payload"] or "",
        erased=line.erased,
        hash=line.hash,
    )


_UNNAMED = {"startEvent": "Début", "endEvent": "Fin", "boundaryEvent": "Évènement", "intermediateCatchEvent": "Évènement"}


def element_name(jalon: Jalon, package_id: str | None, element: str) -> str:
    """The name of an element in the version's diagram; what it is when it was left without a name."""
    if not package_id or not element:
        return element
    found = jalon.definition(package_id).elements.get(element)
    if found is None or found.name:
        return found.name if found else element
    return "Embranchement" if found.type.endswith("Gateway") else _UNNAMED.get(found.type, element)
