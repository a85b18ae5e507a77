"""One evaluation: what it may spend, the time it was given, the reasons it noted, and the frames of names it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.feel.syntax import TypeNode
from server.kernel.errors import TooMuch
from server.kernel.values import Value

# One step is about half a microsecond on the machines we know; a condition of a gateway spends none, a table cell less than 20.
FUEL = 100_000
MAX_ITEMS = 50_000
MAX_TEXT = 200_000
MAX_REASONS = 50


class Run:
    """The budget and the notes of one evaluation."""

    __slots__ = ("depth", "fuel", "now", "reasons")

    def __init__(self, now: datetime, reasons: list[str] | None = None) -> None:
        self.now = now
        self.reasons = reasons
        self.fuel = FUEL
        self.depth = 0

    def note(self, sentence: str, *parts: object) -> None:
        """Notes why a value is null; `sentence` is French with {} for the parts. Always gives None, to be returned."""
        if self.reasons is not None and len(self.reasons) < MAX_REASONS:
            text = sentence.format(*parts)
            if text not in self.reasons:
                self.reasons.append(text)

    def spend(self, count: int) -> None:
        """Uses part of the budget; TooMuch when none is left."""
        self.fuel -= count
        if self.fuel < 0:
            raise TooMuch("Expression trop longue à évaluer : trop d'étapes. Réduisez les listes ou découpez le calcul.")

    def check_items(self, count: int) -> None:
        """TooMuch for a list that is too long; else pays for its making."""
        if count > MAX_ITEMS:
            raise TooMuch(f"Liste trop longue : {count} éléments, {MAX_ITEMS} au plus.")
        self.spend(count // 8)

    def check_text(self, count: int) -> None:
        """TooMuch for a text that is too long; else pays for its making."""
        if count > MAX_TEXT:
            raise TooMuch(f"Texte trop long : {count} caractères, {MAX_TEXT} au plus.")
        self.spend(count // 64)


class Frame:
    """Names and their values, then the frame around."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: Mapping[str, Value], outer: Frame | None, run: Run) -> None:
        self.names = names
        self.outer = outer
        self.run = run


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value. `call` takes the arguments in the order of `parameters`; with `wants_run` it takes the Run first.

    `by_name` takes named arguments when the function has several signatures; `variadic`: any number of arguments; `type` is known for functions written in FEEL.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Value] = field(repr=False)
    wants_run: bool = False
    variadic: bool = False
    by_name: Callable[[Run, Mapping[str, Value]], Value] | None = field(default=None, repr=False)
    type: TypeNode | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class NamedType:
    """A type that the caller brings in a scope under its name, for `instance of` and parameters: `accepts` tells its values.

    `convert`, when given, is what becomes of an argument: (True, the value as the type wants it), or (False, None).
    """

    name: str
    accepts: Callable[[Value], bool] = field(repr=False)
    convert: Callable[[Value], tuple[bool, Value]] | None = field(default=None, repr=False)


Closure = Callable[[Frame], Value]
