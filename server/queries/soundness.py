"""Is a base sound: nothing stuck, no fault of a model, every deadline with its derivation, tasks and timers that match what instances wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.access.jalon import Jalon
from server.engine import read_waiting
from server.kernel.actor import Actor
from server.kernel.facts import MODEL_FAULT, STUCK
from server.store.sql import func, select
from server.store.tables import fact, instance, outbox, task, timer
from server.store.work import Work, reading


@dataclass(frozen=True)
class Soundness:
    """What was found: `faults` are French sentences, `ended` counts ended instances by process."""

    faults: tuple[str, ...]
    ended: Mapping[str, int]


def soundness(jalon: Jalon, actor: Actor, now: datetime) -> Soundness:
    """Looks at the whole département."""
    with reading(jalon.database) as work:
        faults = [*_stuck(work), *_deadlines(work), *_late_timers(work, now), *_rows_against_states(jalon, work, actor)]
        ended = select(instance.c.process, func.count().label("number")).where(instance.c.status == "ended").group_by(instance.c.process)
        return Soundness(tuple(faults), {row.process: row.number for row in work.rows(ended)})


def _stuck(work: Work) -> list[str]:
    rows = work.rows(select(fact.c.kind, func.count().label("number")).where(fact.c.kind.in_([STUCK, MODEL_FAULT])).group_by(fact.c.kind))
    found = [f"{row.number} fait(s) {row.kind}." for row in rows]
    for table, name in ((timer, "échéance"), (outbox, "envoi")):
        failing = work.rows(
            select(table.c.last_error, func.count().label("number")).where(table.c.last_error.is_not(None)).group_by(table.c.last_error)
        )
        found += [f"{row.number} {name}(s) en échec : {row.last_error}" for row in failing]
    stuck = work.value(select(func.count()).select_from(instance).where(instance.c.status == "stuck"))
    return found + ([f"{stuck} démarche(s) bloquée(s)."] if stuck else [])


def _deadlines(work: Work) -> list[str]:
    bare = work.value(select(func.count()).select_from(task).where(task.c.due_at.is_not(None), task.c.due_why.is_(None)))
    return [f"{bare} tâche(s) dont l'échéance n'a pas de dérivation."] if bare else []


def _late_timers(work: Work, now: datetime) -> list[str]:
    late = work.value(select(func.count()).select_from(timer).where(timer.c.status == "waiting", timer.c.due_at <= now))
    return [f"{late} échéance(s) due(s) et non tirée(s)."] if late else []


def _rows_against_states(jalon: Jalon, work: Work, actor: Actor) -> list[str]:
    """The open tasks and waiting timers of each open instance are exactly those its state waits for."""
    tasks: dict[str, set[str]] = {}
    for row in work.rows(select(task.c.id, task.c.instance_id).where(task.c.status == "open")):
        tasks.setdefault(row.instance_id, set()).add(row.id)
    timers: dict[str, set[str]] = {}
    for row in work.rows(select(timer.c.id, timer.c.instance_id).where(timer.c.status == "waiting")):
        timers.setdefault(row.instance_id, set()).add(row.id)
    faults = []
    for row in work.rows(select(instance).where(instance.c.status == "open", instance.c.departement == actor.departement)):
        waiting = read_waiting(jalon.definition(row.package_id), row.state)
        if {one.task for one in waiting.tasks} != tasks.get(row.id, set()):
            faults.append(f"{row.process} {row.id} : les tâches ouvertes ne sont pas celles de son état.")
        if {one.timer for one in waiting.timers} != timers.get(row.id, set()):
            faults.append(f"{row.process} {row.id} : les échéances ne sont pas celles de son état.")
    return faults
