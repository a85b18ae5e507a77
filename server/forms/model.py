"""What a form is once read: components whose expressions and texts are compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.feel import Expression
from server.feel.french import value_text
from server.feel.text_template import Template
from server.kernel.values import Value

KEYED = frozenset(
    {"textfield", "textarea", "number", "datetime", "checkbox", "radio", "select", "checklist", "taglist", "expression", "filepicker"}
)
CONTAINERS = frozenset({"group", "dynamiclist"})
PRESENTATION = frozenset({"text", "html", "image", "table", "spacer", "separator", "button"})
CHOOSING = frozenset({"radio", "select", "checklist", "taglist"})
MANY = frozenset({"checklist", "taglist"})


@dataclass(frozen=True)
class Setting:
    """A property that is a constant, or a FEEL expression when it was written with « = »."""

    constant: Value = None
    expression: Expression | None = None

    def value(self, scope: Mapping[str, Value], now: datetime) -> Value:
        return self.expression.evaluate(scope, now) if self.expression else self.constant


@dataclass(frozen=True)
class Words:
    """A text to show: constant, FEEL, or with {{ }} places."""

    template: Template | None = None
    expression: Expression | None = None

    def text(self, scope: Mapping[str, Value], now: datetime) -> str:
        if self.expression:
            return value_text(self.expression.evaluate(scope, now))
        if self.template is None:
            return ""
        return self.template.text if self.template.constant else self.template.render(scope, now, _shown)

    def __bool__(self) -> bool:
        return self.expression is not None or (self.template is not None and self.template.text != "")


def _shown(value: Value, _expression: str) -> str:
    return value_text(value)


@dataclass(frozen=True)
class Rules:
    """What `validate` asks. `pattern` is a linear-time expression that is searched for, not matched whole."""

    required: bool = False
    least: Setting | None = None
    most: Setting | None = None
    shortest: Setting | None = None
    longest: Setting | None = None
    pattern: Any = None
    pattern_message: str = ""
    format: str = ""  # "", email or phone


@dataclass(frozen=True)
class ChoiceSource:
    """Where the proposed values come from: exactly one of the three is set."""

    fixed: tuple[Mapping[str, Value], ...] | None = None
    key: tuple[str, ...] = ()
    expression: Expression | None = None


@dataclass(frozen=True)
class Component:
    """One component. `path` is the split key (inputs) or path (containers), empty when it holds no value of its own."""

    id: str
    type: str
    path: tuple[str, ...] = ()
    label: Words = Words()
    hint: Words = Words()
    hide: Expression | None = None
    readonly: Setting = Setting(constant=False)
    disabled: bool = False
    default: Value = None
    rules: Rules = Rules()
    choices: ChoiceSource | None = None
    children: tuple[Component, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    texts: Mapping[str, Words] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    row: str = ""
    width: int = 16  # of 16 columns

    @property
    def keyed(self) -> bool:
        return self.type in KEYED


@dataclass(frozen=True)
class Form:
    """A read form. `id` is the formId that diagrams name."""

    id: str
    title: str
    components: tuple[Component, ...]

    def walk(self) -> Iterator[Component]:
        """Every component, in the order of the form."""
        return _walk(self.components)


def _walk(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _walk(component.children)
