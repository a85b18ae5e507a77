"""The commands of an instance: frozen, written down as plain JSON types, so that any of them can be run again later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar

from server.kernel.errors import BadInput
from server.kernel.values import Value, from_plain, to_plain

_KINDS: dict[str, type[Command]] = {}


@dataclass(frozen=True)
class Command:
    """Base of the commands; the fields named in `VALUES` hold values, the others texts (or a time)."""

    VALUES: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _KINDS[cls.__name__] = cls

    def to_plain(self) -> dict[str, Any]:
        """The command as plain JSON types: its kind and its fields, values written by `kernel.values.to_plain`."""
        plain = {f.name: to_plain(getattr(self, f.name)) for f in fields(self)}
        return {"kind": type(self).__name__, **plain}


@dataclass(frozen=True)
class Start(Command):
    """Begin the instance with these variables."""

    variables: Mapping[str, Value] = field(default_factory=dict)
    VALUES: ClassVar[tuple[str, ...]] = ("variables",)


@dataclass(frozen=True)
class CompleteTask(Command):
    """A person has done the task; the answers are clean (checked by the form)."""

    task: str
    answers: Mapping[str, Value] = field(default_factory=dict)
    VALUES: ClassVar[tuple[str, ...]] = ("answers",)


@dataclass(frozen=True)
class FireTimer(Command):
    """The timer is due; the caller sets `now` to the due time."""

    timer: str


@dataclass(frozen=True)
class DeliverMessage(Command):
    """A message of this name and key has come; one wait of the instance receives it, or none."""

    name: str
    key: str = ""
    variables: Mapping[str, Value] = field(default_factory=dict)
    VALUES: ClassVar[tuple[str, ...]] = ("variables",)


@dataclass(frozen=True)
class ReturnResult(Command):
    """The outside call has succeeded; a context result goes into the variables (ioMapping outputs can rename)."""

    call: str
    result: Value = None
    VALUES: ClassVar[tuple[str, ...]] = ("result",)


@dataclass(frozen=True)
class FailCall(Command):
    """The outside call has failed for good; `code` looks for an error boundary event."""

    call: str
    code: str
    message: str = ""


@dataclass(frozen=True)
class ChildEnded(Command):
    """The called instance has ended: its outcome and its variables."""

    call: str
    outcome: str = ""
    outputs: Mapping[str, Value] = field(default_factory=dict)
    VALUES: ClassVar[tuple[str, ...]] = ("outputs",)


@dataclass(frozen=True)
class ChildFailed(Command):
    """The called instance has ended on an error, or was cancelled; `reason` is the code that an error boundary event may catch."""

    call: str
    reason: str


@dataclass(frozen=True)
class ChangeDueDate(Command):
    """Move the due date of an open task, or of a waiting timer, with a written reason."""

    target: str
    due: datetime
    reason: str
    VALUES: ClassVar[tuple[str, ...]] = ("due",)


@dataclass(frozen=True)
class Cancel(Command):
    """Close the instance and everything it waits for, children included."""

    reason: str


def command_from_plain(plain: Mapping[str, Any]) -> Command:
    """The command that `to_plain` wrote. Raises BadInput when the kind or a field is unknown."""
    kind = _KINDS.get(str(plain.get("kind", "")))
    if kind is None:
        raise BadInput(f"Commande inconnue : « {plain.get('kind', '')} ». Vérifiez la version du logiciel qui l'a écrite.")
    build: Callable[..., Command] = kind
    values = {k: from_plain(v) if k in kind.VALUES else v for k, v in plain.items() if k != "kind"}
    try:
        return build(**values)
    except TypeError as error:
        raise BadInput(
            f"La commande « {kind.__name__} » n'a pas les champs attendus. Vérifiez la version du logiciel qui l'a écrite."
        ) from error
