"""What compiling and evaluating a boxed expression share: the names in reach, the types, the faults found, and what one evaluation may spend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from server import feel
from server.decisions.types import ANY, Type, Types, coerce, promised
from server.kernel.errors import ModelError, TooMuch
from server.kernel.values import Value

MAX_CALLS = 20_000
MAX_DEPTH = 60
MAX_REASONS = 100

Scope = dict[str, Value]


@dataclass
class Evaluation:
    """One evaluation: the time given, the reasons of nulls and the tables crossed since the current element began, and the calls spent."""

    now: datetime
    reasons: list[str] = field(default_factory=list)
    tables: list[dict[str, Value]] = field(default_factory=list)
    depth: int = 0
    calls: int = 0

    def note(self, reason: str) -> None:
        """Notes in French why a value is null; gives None."""
        if len(self.reasons) < MAX_REASONS and reason not in self.reasons:
            self.reasons.append(reason)

    def enter(self) -> None:
        """Counts a call of a function or service; the caller gives it back with `depth -= 1`. Raises TooMuch."""
        self.depth += 1
        self.calls += 1
        if self.depth > MAX_DEPTH:
            raise TooMuch(
                f"Décision trop profonde : plus de {MAX_DEPTH} fonctions appelées l'une dans l'autre. Une fonction s'appelle peut-être sans fin."
            )
        if self.calls > MAX_CALLS:
            raise TooMuch(f"Décision trop longue : plus de {MAX_CALLS} appels de fonctions. Réduisez les listes.")


Evaluate = Callable[[Scope, Evaluation], Value]


@dataclass(frozen=True)
class Fault:
    """What is wrong in the writing of a model: the element that holds it, and a French sentence."""

    element: str
    name: str
    message: str
    kind: str = "expression"


@dataclass(frozen=True)
class Workbench:
    """Where an expression is compiled: the element it belongs to, the names it may read, the types of its file, the faults found so far."""

    element: str
    title: str
    types: Types
    names: frozenset[str]
    faults: list[Fault]
    language: str = ""

    def knowing(self, *names: str) -> Workbench:
        """The same, with more names in reach."""
        return self if self.names.issuperset(names) else replace(self, names=self.names | set(names))

    def fault(self, message: str, kind: str = "expression") -> None:
        """Notes a fault of the model, once."""
        found = Fault(self.element, self.title, message, kind)
        if found not in self.faults:
            self.faults.append(found)

    def type(self, type_ref: str) -> Type:
        """The type of that name; an unknown name is noted and accepts anything."""
        found = self.types.get(type_ref)
        if found is None:
            self.fault(f"Type inconnu « {type_ref} ». Déclarez-le, ou choisissez un type existant.", "type")
            return ANY
        return found

    def expression(self, text: str, language: str = "") -> feel.Expression | None:
        """A FEEL text compiled, or None once its fault is noted."""
        language = language or self.language
        if language and "feel" not in language.lower():
            self.fault(f"Langage « {language} » non reconnu : seul FEEL est évalué. Réécrivez l'expression en FEEL.")
            return None
        try:
            return feel.compile(text, self.names)
        except (ModelError, TooMuch) as error:
            self.fault(str(error))
            return None

    def tests(self, text: str) -> feel.UnaryTests | None:
        """The tests of a cell compiled, or None once their fault is noted."""
        try:
            return feel.compile_unary(text, self.names)
        except (ModelError, TooMuch) as error:
            self.fault(str(error))
            return None


def converted(value: Value, wanted: Type, what: str, evaluation: Evaluation) -> Value:
    """The value in the wanted type, or None with its reason noted; `what` names the value in that sentence."""
    if wanted is ANY or value is None:
        return value
    value, reason = coerce(value, wanted, evaluation.now)
    if reason:
        evaluation.note(f"{what} : {reason}.")
    if isinstance(value, feel.Function) and promised(wanted) is not ANY:
        return _keeping_its_promise(value, promised(wanted), what, evaluation)
    return value


def _keeping_its_promise(function: feel.Function, result: Type, what: str, evaluation: Evaluation) -> feel.Function:
    """The function whose results are converted to the output of the function type it was given."""

    def call(*arguments: Value) -> Value:
        return converted(function.call(*arguments), result, f"{what}, son résultat", evaluation)

    return replace(function, call=call)
