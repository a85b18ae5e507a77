"""Runs the recorded commands of an instance again and compares the states byte for byte: the proof that its history is what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.engine import Definition, advance, command_from_plain, context_from_plain
from server.kernel.errors import JalonError

SAME, DIFFERENT, ERASED = "identique", "differente", "effacee"


@dataclass(frozen=True)
class Recorded:
    """One accepted command as it was written down.

    `command` and `context` are plain JSON types (`Command.to_plain`, `Context.to_plain`), None once erased; `at` is the aware time of the command;
    `state_hash` the sha256, in hexadecimal, of the state after it.
    """

    number: int
    at: datetime
    command: Mapping[str, Any] | None
    context: Mapping[str, Any] | None
    state_hash: str


@dataclass(frozen=True)
class Divergence:
    """The first command whose result is not what was recorded, and why, in French."""

    number: int
    kind: str
    at: datetime
    reason: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True)
class Comparison:
    """What a re-execution found: `verdict` is SAME, DIFFERENT or ERASED; `checked` commands gave the recorded state before it stopped."""

    verdict: str
    checked: int
    total: int
    divergence: Divergence | None = None
    states: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """True when every command gave the recorded bytes."""
        return self.verdict == SAME

    @property
    def sentence(self) -> str:
        """The finding in one French sentence."""
        if self.verdict == SAME:
            return f"Rejoué à l'identique : {self.checked} commande(s), les mêmes états à l'octet près."
        where = self.divergence
        at = f" (commande n° {where.number}, {where.kind})" if where is not None and where.kind else ""
        if self.verdict == ERASED:
            return f"Ce dossier ne peut plus être rejoué au-delà de {self.checked} commande(s) : ses données ont été effacées. Sa chaîne reste vérifiable."
        return f"Le rejeu diffère de ce qui est enregistré{at} : {where.reason if where is not None else ''}"


def reexecute(load_definition: Callable[[], Definition], recorded: Iterable[Recorded]) -> Comparison:
    """Run an instance's commands again, in their order, on the version it began with, and compare each state with the recorded digest.

    `load_definition` gives the definition of that version; what it raises is the first divergence. Never raises for what it reads: the comparison tells.
    """
    commands = sorted(recorded, key=lambda r: r.number)
    total, states = len(commands), list[str]()
    try:
        definition = load_definition()
    except JalonError as error:
        first = commands[0] if commands else None
        return _stopped(states, total, first, f"la version du processus ne se lit plus ({error})")
    state: bytes | None = None
    for expected_number, each in enumerate(commands, start=1):
        if each.number != expected_number:
            return _stopped(states, total, each, f"la commande n° {expected_number} manque")
        if each.command is None or each.context is None:
            erased = Divergence(each.number, "", each.at, "données effacées", each.state_hash)
            return Comparison(ERASED, len(states), total, erased, tuple(states))
        try:
            state = advance(definition, state, command_from_plain(each.command), context_from_plain(each.context), each.at).state
        except JalonError as error:
            return _stopped(states, total, each, f"elle est refusée aujourd'hui ({error})")
        except (KeyError, TypeError, ValueError) as error:
            return _stopped(states, total, each, f"elle est illisible ({type(error).__name__})")
        found = hashlib.sha256(state).hexdigest()
        if found != each.state_hash:
            return _stopped(states, total, each, "l'état obtenu n'est pas l'état enregistré", found)
        states.append(found)
    return Comparison(SAME, total, total, None, tuple(states))


def _stopped(states: list[str], total: int, at: Recorded | None, reason: str, found: str = "") -> Comparison:
    divergence = None
    if at is not None:
        kind = str(at.command.get("kind", "")) if at.command is not None else ""
        divergence = Divergence(at.number, kind, at.at, reason, at.state_hash, found)
    return Comparison(DIFFERENT, len(states), total, divergence, tuple(states))
