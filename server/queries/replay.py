"""The replay screen: a case's facts in words, and the frames of its slider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.facts import DECISION_TAKEN, INSTANCE_STARTED
from server.queries.cases import CaseRow, case_row
from server.queries.history import FactRow, case_history
from server.queries.telling import HUMAN, tell
from server.queries.wording import CaseWords, words_of_versions
from server.replay import DecisionWords, decision_words, frames
from server.store.sql import select
from server.store.tables import instance, package_version
from server.store.work import reading


@dataclass(frozen=True)
class ReplayFact:
    """One fact as the screen tells it."""

    seq: int
    kind: str
    at: datetime
    element_name: str
    human: bool
    actor_name: str
    channel: str
    words: str
    lines: tuple[tuple[str, Any], ...]
    decision: Any
    erased: bool
    payload_digest: str
    hash: str


@dataclass(frozen=True)
class ReplayPage:
    """The whole screen."""

    case: CaseRow
    facts: tuple[ReplayFact, ...]


def replay_page(jalon: Jalon, actor: Actor, case_id: str, now: datetime) -> ReplayPage:
    """Every fact of the case, oldest first. Raises NotFound."""
    case = case_row(jalon, actor, case_id, now)
    facts = case_history(jalon, actor, case_id)
    versions = ((str(fact.body["process"]), fact.package_id) for fact in facts if fact.kind == INSTANCE_STARTED and fact.package_id)
    words = words_of_versions(jalon, versions)
    return ReplayPage(case, tuple(_told(fact, words) for fact in facts))


def _told(fact: FactRow, words: CaseWords) -> ReplayFact:
    payload: Mapping[str, Any] = fact.payload or {}
    told = tell(fact, words, fact.package_id)
    trace = payload.get("trace") if fact.kind == DECISION_TAKEN else None
    decision = _decision(trace, words) if trace else None
    lines = told.lines + (_result(trace.get("value"), words, fact.package_id) if trace else ())
    return ReplayFact(
        seq=fact.seq,
        kind=fact.kind,
        at=fact.at,
        element_name=fact.element_name,
        human=bool(fact.actor_id) and fact.kind in HUMAN,
        actor_name=fact.actor_name,
        channel=fact.channel,
        words=told.words,
        lines=lines,
        decision=decision,
        erased=fact.erased,
        payload_digest=fact.payload_digest,
        hash=fact.hash,
    )


def _decision(trace: Mapping[str, Any], words: CaseWords) -> DecisionWords:
    """The table's lines, its codes in the words of the forms."""
    read = decision_words(trace)
    return replace(read, rules=tuple(replace(rule, words=words.text(rule.words), why=words.text(rule.why)) for rule in read.rules))


def _result(value: Any, words: CaseWords, package_id: str | None) -> tuple[tuple[str, Any], ...]:
    return words.lines(value, package_id) if isinstance(value, Mapping) else (("Résultat", words.line("", value, package_id)[1]),)


def replay_frames(jalon: Jalon, actor: Actor, case_id: str, now: datetime) -> dict[str, Any]:
    """What the slider needs: the diagrams of the versions of the time, which instance runs which, and the changes fact by fact. Raises NotFound."""
    case_row(jalon, actor, case_id, now)
    facts = case_history(jalon, actor, case_id)
    statement = (
        select(instance.c.id, instance.c.package_id, package_version.c.title, package_version.c.number)
        .join(package_version, package_version.c.id == instance.c.package_id)
        .where(instance.c.case_id == case_id)
    )
    with reading(jalon.database) as work:
        rows = work.rows(statement)
    diagrams = {
        row.package_id: {
            "title": row.title,
            "version": f"Version {row.number or '–'}",
            "xml": jalon.package(row.package_id).files["process.bpmn"].decode(),
        }
        for row in rows
    }
    # The places of elements, so that what an interrupted part held is taken away with it.
    drawings = {row.id: jalon.definition(row.package_id).elements for row in rows}
    return {"diagrams": diagrams, "instances": {row.id: row.package_id for row in rows}, "frames": frames(facts, drawings)}
