"""The errors that cross modules; each carries a sentence in French that may be shown to a user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class JalonError(Exception):
    """Base of every error of ours. `str(error)` is a French sentence: what happened, to what, what to do next."""


class NotFound(JalonError):
    """The row does not exist, or is not open to this actor: the two look alike from outside."""

    def __init__(self, message: str = "Cet élément n'existe pas, ou ne vous est pas ouvert.") -> None:
        super().__init__(message)


class Forbidden(JalonError):
    """The actor may see the row but not do this to it."""


class NotSignedIn(JalonError):
    """Nobody is signed in."""


class BadInput(JalonError):
    """A value sent by a user or a file cannot be accepted. Nothing was written."""


class TooMuch(BadInput):
    """An input, an expression or a file passes a bound (size, depth, steps)."""


class Refused(JalonError):
    """A rule of the domain or of the law refuses the act. `rule` is its stable code, `article` its source."""

    def __init__(self, message: str, rule: str, article: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.article = article


@dataclass(frozen=True)
class FieldError:
    """One refused answer: the field's key (dotted, list items as `enfants[0].age`), its label and the sentence."""

    key: str
    label: str
    message: str


class FormErrors(BadInput):
    """Answers that a form refuses, in the order of the form."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("1 réponse est à corriger." if len(errors) == 1 else f"{len(errors)} réponses sont à corriger.")
        self.errors = tuple(errors)


class Stale(JalonError):
    """The row changed since the page was drawn, or somebody else was first. `by` is a name, `at` an aware UTC time."""

    def __init__(self, message: str, by: str = "", at: datetime | None = None, fields: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.by = by
        self.at = at
        self.fields = tuple(fields)


class ModelError(JalonError):
    """A diagram, table or expression cannot be read or run. `element` is the id in the diagram when known."""

    def __init__(self, message: str, element: str = "", rule: str = "") -> None:
        super().__init__(message)
        self.element = element
        self.rule = rule
