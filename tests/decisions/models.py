"""Small DMN models for tests: tables and decisions written in a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from server import decisions

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
Line = tuple[Sequence[str], Sequence[str]]


def table(
    lines: Sequence[Line],
    inputs: Sequence[str] = ("n:number",),
    outputs: Sequence[str] = ("out:string",),
    policy: str = "UNIQUE",
    extra: str = "",
) -> str:
    """A decision table; inputs are `expression:type:allowed`, outputs `name:type:allowed:default`."""
    parts = [f'<decisionTable id="t" hitPolicy="{policy}" {extra}>']
    for text, kind, allowed, _ in map(_four, inputs):
        parts.append(
            f'<input><inputExpression typeRef="{kind}"><text>{escape(text)}</text></inputExpression>{_texts("inputValues", allowed)}</input>'
        )
    for name, kind, allowed, default in map(_four, outputs):
        parts.append(
            f'<output name="{name}" typeRef="{kind}">{_texts("outputValues", allowed)}{_texts("defaultOutputEntry", default)}</output>'
        )
    for number, (conditions, results) in enumerate(lines, 1):
        cells = "".join(_cell("inputEntry", c) for c in conditions) + "".join(_cell("outputEntry", r) for r in results)
        parts.append(f'<rule id="r{number}">{cells}</rule>')
    return "".join(parts) + "</decisionTable>"


def _four(text: str) -> list[str]:
    return [*text.split(":", 3), "", "", ""][:4]


def _cell(tag: str, text: str) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>"


def _texts(tag: str, text: str) -> str:
    return _cell(tag, text) if text else ""


def literal(text: str) -> str:
    """A literal expression."""
    return _cell("literalExpression", text)


def decision(name: str, body: str, needs: Sequence[str] = (), kind: str = "") -> str:
    """A decision; needs are ids of inputs (`in_…`) and decisions."""
    requirements = "".join(
        f'<informationRequirement><required{"Input" if n.startswith("in_") else "Decision"} href="#{n}"/></informationRequirement>'
        for n in needs
    )
    return f'<decision id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/>{requirements}{body}</decision>'


def file_of(*parts: str, name: str = "test") -> bytes:
    """A DMN file."""
    head = f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="{name}" name="{name}" namespace="https://jalon.example/{name}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{"".join(parts)}</definitions>'.encode()


def model_of(*parts: str, name: str = "test") -> decisions.Model:
    """A model loaded from its parts."""
    return decisions.load(file_of(*parts, name=name))


def one_table(lines: Sequence[Line], **shape: object) -> decisions.Model:
    """A model of one decision, `d`, made of one table."""
    return model_of(decision("d", table(lines, **shape)))  # type: ignore[arg-type] # the shape is that of `table`
