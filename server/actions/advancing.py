"""Moves instances: a command goes in, and everything that follows inside Jalon happens in the same commit (children, parents, messages, milestones)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from server.access.jalon import Jalon
from server.access.projecting import projection
from server.actions.following import Followed, follow
from server.actions.planning import ROWS_OF, chain_of, keep_fact
from server.actions.starting import start_instance
from server.engine import Command, Context, advance
from server.kernel.actor import Actor
from server.kernel.errors import ModelError, NotFound, Stale
from server.kernel.facts import Fact
from server.kernel.values import Value, canonical, to_plain
from server.store.accounts import find_names
from server.store.cases import find_case, find_instance
from server.store.chain import seal
from server.store.history import payload_row, register_end
from server.store.moves import Moves, write_moves
from server.store.packages import version_in_force
from server.store.rows import Case, Instance
from server.store.work import Work, glancing, unit_of_work, until_settled

Answer = TypeVar("Answer")
LIMIT = 1_000  # commands that one act may set off; more is a loop between processes


class Plan:
    """What one act sets off: the commands still to run, and the rows to write. It reads through `work` and writes nothing."""

    def __init__(self, jalon: Jalon, actor: Actor, now: datetime, work: Work) -> None:
        self.jalon = jalon
        self.now = now
        self.work = work
        self.moves = Moves(actor, now)
        self.quiet: set[str] = set()  # instances whose parent asked for their end, and must not be told of it
        self._queue: deque[tuple[str, Command, bool]] = deque()
        self._parameters_hash = ""
        self._started = 0
        self._versions: dict[tuple[str, str, datetime], str | None] = {}
        self._run = 0

    # What the act knows

    def take(self, instance: Instance, case: Case | None) -> None:
        """Takes an instance and its case as they were read."""
        self.moves.instances.setdefault(instance.id, instance)
        self.take_case(case)
        if instance.case_id is None:
            chain = chain_of(instance)
            if chain not in self.moves.registers:
                self.moves.registers[chain] = register_end(self.work, chain)

    def take_case(self, case: Case | None) -> None:
        """Takes a case as it was read."""
        if case is not None:
            self.moves.cases.setdefault(case.id, case)

    def instance(self, instance_id: str) -> Instance:
        """An instance as it stands in this plan. Raises NotFound."""
        if instance_id not in self.moves.instances:
            found = find_instance(self.work, instance_id)
            if found is None:
                raise NotFound
            self.take(*found)
        return self.moves.instances[instance_id]

    def case(self, case_id: str) -> Case:
        """A case as it was read. Raises NotFound."""
        if case_id not in self.moves.cases:
            found = find_case(self.work, case_id)
            if found is None:
                raise NotFound
            self.take_case(found)
        return self.moves.cases[case_id]

    def next_line(self, instance: Instance) -> int:
        """The number of the next line of the chain that an instance belongs to; those started one after the other in one act get different ones."""
        chain = chain_of(instance)
        end = self.moves.cases[chain].end if chain in self.moves.cases else self.moves.registers[chain]
        self._started += 1
        return end.seq + len(self.moves.entries.get(chain, ())) + self._started

    def version_in_force(self, departement: str, process: str, at: datetime) -> str | None:
        """The id of the version of a process in force at a time, read once per plan; None when there is none."""
        key = (departement, process, at)
        if key not in self._versions:
            row = version_in_force(self.work, departement, process, at)
            self._versions[key] = row.id if row else None
        return self._versions[key]

    def dossier(self, instance: Instance) -> dict[str, Value]:
        """The projection that expressions of this instance read now; empty when it has no case."""
        if instance.case_id is None:
            return to_values(instance.subject)
        case = self.case(instance.case_id)
        changes = self.moves.case_changes.get(case.id, {})
        case = replace(case, **{name: changes[name] for name in ("referent_id", "structure_id") if name in changes})
        return projection(case, changes.get("facts", case.facts), self.jalon.today(case.departement, case.territory_id, self.now))

    # What the act does

    def start(self, process: str, beside: Instance | Case, variables: Mapping[str, Value]) -> str:
        """The id of a new instance of the version of `process` in force now, in the same case. Raises ModelError."""
        return start_instance(self, process, beside, variables)

    def command(self, instance_id: str, command: Command) -> None:
        """Asks for a command; `settle` runs them in the order asked. When it can no longer be done, the whole act is refused."""
        self._queue.append((instance_id, command, True))

    def follow_up(self, instance_id: str, command: Command) -> None:
        """Asks for a command that follows from another; it is dropped when the instance meanwhile no longer waits for it."""
        self._queue.append((instance_id, command, False))

    def answer_to(self, key: str, answer: Mapping[str, Any]) -> None:
        """Ties the answer of a posted form to the first command that was run, so that the same key gives it again."""
        self.moves.commands[0] |= {"posted_key": key, "posted_by": self.moves.actor.user_id, "answer": dict(answer)}

    def follow_up_first(self, instance_id: str, command: Command) -> None:
        """The same, before whatever waits to be run: what an instance is about to lose must not act any more."""
        self._queue.appendleft((instance_id, command, False))

    def settle(self) -> None:
        """Runs every command asked and those that follow, until none is left. Raises ModelError, Stale."""
        while self._queue:
            self._run += 1
            if self._run > LIMIT:
                raise ModelError(
                    "Ces processus s'appellent sans fin. Rien n'a été enregistré : corrigez le diagramme.", rule="boucle-sans-fin"
                )
            self._step(*self._queue.popleft())

    def _step(self, instance_id: str, command: Command, asked: bool) -> None:  # noqa: FBT001 - a state, not a switch
        instance = self.instance(instance_id)
        context = self._context(instance)
        try:
            step = advance(self.jalon.definition(instance.package_id), instance.state, command, context, self.now)
        except Stale:
            if asked:
                raise
            return
        number = instance.turns + 1
        moved = replace(instance, state=step.state, turns=number)
        self.moves.instances[instance_id] = moved
        self.moves.moved.add(instance_id)
        self._keep_command(moved, command, context, sha256(step.state).hexdigest())
        for fact in step.facts:
            self._keep(fact, self.moves.instances[instance_id], number)

    def _keep(self, fact: Fact, instance: Instance, number: int) -> None:
        payload_id = keep_fact(self.moves, instance, fact, number)
        if fact.kind in ROWS_OF:
            ROWS_OF[fact.kind](self.moves, instance, fact)
        follow(self, Followed(fact, instance, number, payload_id))

    def _context(self, instance: Instance) -> Context:
        day = self.jalon.today(instance.departement, instance.territory_id, self.now)
        effective = self.jalon.parameters(instance.departement, instance.territory_id, day)
        if effective.hash not in self.moves.parameters and not self.jalon.library.parameters_are_kept(effective.hash):
            kept = {"departement": instance.departement, "territory_id": instance.territory_id, "day": day, "now": self.now}
            self.moves.parameters[effective.hash] = {**kept, "content": to_plain(dict(effective.values))}
        zone = self.jalon.zone(instance.departement, instance.territory_id, self.now)
        self._parameters_hash = effective.hash
        return Context(instance.id, effective.values, self.dossier(instance), zone)

    def _keep_command(self, instance: Instance, command: Command, context: Context, state_hash: str) -> None:
        told = {"command": command.to_plain(), "case": to_plain(dict(context.case)), "zone": context.zone}
        sealed = seal(canonical(told))
        self.moves.payloads.append(payload_row(chain_of(instance), sealed))
        self.moves.commands.append(
            {
                "instance_id": instance.id,
                "number": instance.turns,
                "at": self.now,
                "kind": type(command).__name__,
                "parameters_hash": self._parameters_hash,
                "payload_id": sealed.id,
                "state_hash": state_hash,
                "posted_key": None,
                "posted_by": None,
                "answer": None,
            }
        )

    def name_holders(self) -> None:
        """Turns the user ids that diagrams assign into holders; somebody unknown or gone leaves the task to its groups."""
        wanted = {row["holder_id"] for row in self.moves.tasks.values() if row["holder_id"]}
        names = find_names(self.work, wanted) if wanted else {}
        for row in self.moves.tasks.values():
            holder = row["holder_id"] if row["holder_id"] in names else None
            row |= {"holder_id": holder, "holder_name": names.get(holder) if holder else None, "held_at": self.now if holder else None}


def to_values(subject: Mapping[str, Any] | None) -> dict[str, Value]:
    """What expressions of an instance without case read as `dossier`: its session or campaign."""
    return dict(subject or {})


def act(jalon: Jalon, actor: Actor, now: datetime, first: Callable[[Plan], Answer]) -> Answer:
    """One act: `first` reads, checks rights and asks for commands; then they run outside any lock; then all is written in one commit.

    Done again from the first read when somebody was faster. Raises what `first` and the engine raise; then nothing was written.
    """
    return until_settled(lambda: _attempt(jalon, actor, now, first))


def _attempt(jalon: Jalon, actor: Actor, now: datetime, first: Callable[[Plan], Answer]) -> Answer:
    with glancing(jalon.database) as work:
        plan = Plan(jalon, actor, now, work)
        answer = first(plan)
        plan.settle()
        plan.name_holders()
    if plan.moves.entries:
        with unit_of_work(jalon.database) as work:
            write_moves(work, plan.moves)
        for digest in plan.moves.parameters:
            jalon.library.note_parameters(digest)
    return answer
