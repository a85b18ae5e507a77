"""What goes into a command beside the state, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.kernel.facts import Fact
from server.kernel.values import Value, from_plain, to_plain


@dataclass(frozen=True)
class Context:
    """What the instance may read beside its variables; it is recorded with the command.

    `instance_id` seeds the ids; `parameters` are the effective ones of the territory and day (`delais` holds the delay tables); `case` is the projection of
    the case, read as `dossier`; `zone` is the territory's time zone.
    """

    instance_id: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    case: Mapping[str, Value] = field(default_factory=dict)
    zone: str = "Europe/Paris"

    def to_plain(self) -> dict[str, Any]:
        """The context as plain JSON types."""
        return {
            "instance_id": self.instance_id,
            "parameters": to_plain(dict(self.parameters)),
            "case": to_plain(dict(self.case)),
            "zone": self.zone,
        }


def context_from_plain(plain: Mapping[str, Any]) -> Context:
    """The context that `to_plain` wrote."""
    return Context(plain["instance_id"], from_plain(plain["parameters"]), from_plain(plain["case"]), plain["zone"])


@dataclass(frozen=True)
class Step:
    """The result of a command: the new state, what happened in order, and whether the instance is closed."""

    state: bytes
    facts: tuple[Fact, ...]
    ended: bool


@dataclass(frozen=True)
class WaitingTask:
    """An open user task."""

    task: str
    element: str
    due: datetime | None
    limit: datetime | None


@dataclass(frozen=True)
class WaitingTimer:
    """A timer that has not fired."""

    timer: str
    element: str
    due: datetime


@dataclass(frozen=True)
class WaitingMessage:
    """A message that is awaited, with the key it must carry (empty: any)."""

    subscription: str
    element: str
    name: str
    key: str


@dataclass(frozen=True)
class WaitingCall:
    """An outside call (`kind` outside, `target` its job type) or a child instance (`kind` child, `target` its process) that has not returned."""

    call: str
    element: str
    kind: str
    target: str


@dataclass(frozen=True)
class Waiting:
    """Everything an instance waits for, in the order in which it came."""

    tasks: tuple[WaitingTask, ...] = ()
    timers: tuple[WaitingTimer, ...] = ()
    subscriptions: tuple[WaitingMessage, ...] = ()
    calls: tuple[WaitingCall, ...] = ()
    closed: bool = False
