"""What a DMN file says, as read: the elements of chapters 6 to 10 of DMN 1.5 before anything is compiled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """A name with its declared type ("" when none): an InformationItem (7.3.4)."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """A FEEL text (10.2.1.1)."""

    text: str
    id: str = ""
    type_ref: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions (8.3.3): `text` is the FEEL expression, `allowed` its unary tests or ""."""

    id: str
    label: str
    text: str
    type_ref: str = ""
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of results (8.3.4)."""

    id: str
    name: str
    label: str
    type_ref: str = ""
    allowed: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of a table (8.3.5): `line` counts from 1; cells in the order of the columns, `output_types` when results declare them."""

    id: str
    line: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...] = ()
    description: str = ""
    output_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table (8.3). `policy` is UNIQUE, FIRST, PRIORITY, ANY, COLLECT, RULE ORDER or OUTPUT ORDER; `aggregation` SUM, MIN, MAX, COUNT or ""."""

    policy: str
    aggregation: str
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...] = ()
    id: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a boxed context; `variable` is None for the final result."""

    variable: Variable | None
    expression: Boxed | None


@dataclass(frozen=True, slots=True)
class Context:
    """A boxed context (10.2.1.4)."""

    entries: tuple[Entry, ...]
    id: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A boxed invocation (10.2.1.3)."""

    function: Boxed | None
    bindings: tuple[tuple[Variable, Boxed | None], ...]
    id: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation (10.2.1.6): named columns and lines of expressions."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple[Boxed | None, ...], ...]
    id: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A boxed list (10.2.1.5)."""

    items: tuple[Boxed | None, ...]
    id: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition (10.2.1.7); `kind` is FEEL, Java or PMML."""

    kind: str
    parameters: tuple[Variable, ...]
    body: Boxed | None
    id: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """A boxed conditional (DMN 1.4, 10.2.1.8)."""

    condition: Boxed | None
    yes: Boxed | None
    no: Boxed | None
    id: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A boxed filter (DMN 1.4, 10.2.1.9)."""

    source: Boxed | None
    match: Boxed | None
    id: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Iterator:
    """A boxed iterator (DMN 1.4, 10.2.1.10): `kind` is for, some or every."""

    kind: str
    variable: str
    source: Boxed | None
    body: Boxed | None
    id: str = ""
    type_ref: str = ""


Boxed = Literal | Table | Context | Invocation | Relation | Items | Function | Conditional | Filter | Iterator


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A declared type (7.3.2): `allowed` and `constraint` are unary tests or "" (allowedValues, typeConstraint)."""

    name: str
    type_ref: str = ""
    collection: bool = False
    allowed: str = ""
    constraint: str = ""
    components: tuple[ItemDefinition, ...] = ()
    function: tuple[tuple[Variable, ...], str] | None = None


@dataclass(frozen=True, slots=True)
class InputData:
    """An input of the requirements graph (6.3.9)."""

    id: str
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision (6.3.7). `requires` are the hrefs of inputs and decisions, `knows` those of knowledge models and services."""

    id: str
    name: str
    variable: Variable
    requires: tuple[str, ...]
    knows: tuple[str, ...]
    expression: Boxed | None


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model (6.3.8)."""

    id: str
    name: str
    variable: Variable
    function: Function
    knows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service (6.3.10); its members are hrefs."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


Element = InputData | Decision | KnowledgeModel | Service


@dataclass(frozen=True, slots=True)
class Import:
    """An import (6.3.3); `kind` is the address of the language imported."""

    name: str
    namespace: str
    location: str
    kind: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole file."""

    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    items: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    models: tuple[KnowledgeModel, ...] = ()
    services: tuple[Service, ...] = ()
    language: str = ""

    def elements(self) -> tuple[Element, ...]:
        """Inputs, decisions, knowledge models and services, in that order."""
        found: list[Element] = [*self.inputs, *self.decisions]
        found += [*self.models, *self.services]
        return tuple(found)
