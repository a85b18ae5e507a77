"""What a template needs to draw one field; plain values, no expression left."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.kernel.values import Value


@dataclass(frozen=True)
class Choice:
    """One proposed answer. `id` is the control's."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Row:
    """One row of a repeated list; `remove` is the value its removing button sends, or nothing when it may not be removed."""

    number: int
    fields: tuple[Field, ...]
    remove: str


@dataclass(frozen=True)
class Field:
    """One thing to draw.

    `kind`: text, area, number, date, time, moment, yesno, radios, select, checks, file, output, group, list, pair (fields side by side), table, prose,
    html, image, line, space, button. `error` is a sentence or nothing; `attributes` are HTML attributes of the control; `html` is safe to write as is.
    """

    kind: str
    name: str = ""
    id: str = ""
    label: str = ""
    hint: str = ""
    error: str = ""
    value: str = ""
    required: bool = False
    readonly: bool = False
    disabled: bool = False
    live: bool = False  # other fields depend on it
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    add: str = ""  # what the adding button of a list sends, or nothing
    attributes: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    suffix: str = ""
    html: str = ""
    cells: tuple[tuple[str, ...], ...] = ()
    heads: tuple[str, ...] = ()
    raw: Value = None

    @property
    def shape(self) -> str:
        """A text that changes when the control does (not its value nor its error): a live page keeps the controls that did not."""
        told = (
            self.kind,
            self.label,
            self.hint,
            self.required,
            self.readonly,
            [(c.value, c.label) for c in self.choices],
            sorted(self.attributes.items()),
        )
        return f"{zlib.crc32(repr((told, self.prefix, self.suffix, self.value if self.readonly else '')).encode()):08x}"

    @property
    def described_by(self) -> str:
        """The ids that aria-describedby lists: hint, then error."""
        return " ".join(part for part, there in ((f"{self.id}-aide", self.hint), (f"{self.id}-erreur", self.error)) if there)


def field_id(name: str) -> str:
    """The id of the (first) control of a field: what the error summary links to."""
    return "f-" + name.replace("]", "").replace("[", "-").replace(".", "-")
