"""Text with {{ FEEL }} places, used where owners write words: labels of forms and bodies of letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from server import feel
from server.feel import Expression
from server.kernel.errors import ModelError, TooMuch
from server.kernel.values import Value

Show = Callable[[Value, str], str]

_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_OPENING = re.compile(r"#(if|loop)\s+(.+)", re.DOTALL)
_MOST_TURNS = 1_000
_DEEPEST = 8


@dataclass(frozen=True)
class Place:
    """One value to show."""

    expression: Expression


@dataclass(frozen=True)
class Block:
    """A part shown when a condition holds (`if`), or once per item of a list (`loop`)."""

    kind: str
    expression: Expression
    nodes: tuple[str | Place | Block, ...]


Node = str | Place | Block


@dataclass(frozen=True)
class Template:
    """A read text. `text` is what the owner wrote."""

    text: str
    nodes: tuple[Node, ...]

    @property
    def constant(self) -> bool:
        """True when nothing in it depends on values."""
        return all(isinstance(node, str) for node in self.nodes)

    def render(self, scope: Mapping[str, Value], now: datetime, show: Show) -> str:
        """The text for these values; `show(value, expression)` writes one value, and may raise ModelError for a missing one."""
        return "".join(_written(self.nodes, scope, now, show))


def outline(nodes: Sequence[Node], name: Callable[[str], str]) -> str:
    """The text with each place named instead of valued and each block shown once: what an owner reads while writing."""
    written: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            written.append(node)
        elif isinstance(node, Place):
            written.append(name(node.expression.text))
        else:
            written.append(outline(node.nodes, name))
    return "".join(written)


@lru_cache(maxsize=4096)
def read_template(text: str) -> Template:
    """Reads `{{ value }}`, `{{#if condition}}…{{/if}}` and `{{#loop list}}…{{/loop}}`.

    Inside a loop the item is `this`, and its entries are names when it is a context. Raises ModelError (a block left open, a FEEL fault).
    """
    pieces = _PLACE.split(text)
    open_blocks: list[tuple[str, str, list[Node]]] = []
    nodes: list[Node] = []
    for number, piece in enumerate(pieces):
        inner = piece.strip()
        if number % 2 == 0:
            if piece:
                nodes.append(piece)
        elif inner.startswith("#"):
            kind, expression = _opening(inner)
            if len(open_blocks) >= _DEEPEST:
                raise TooMuch(f"Le texte emboîte plus de {_DEEPEST} blocs {{{{#…}}}}. Simplifiez-le.")
            open_blocks.append((kind, expression, nodes))
            nodes = []
        elif inner.startswith("/"):
            if not open_blocks or open_blocks[-1][0] != inner[1:].strip():
                raise ModelError(f"« {{{{{inner}}}}} » ferme un bloc qui n'est pas ouvert. Retirez-le, ou ouvrez le bloc avant.")
            kind, expression, outer = open_blocks.pop()
            outer.append(Block(kind, feel.compile(expression), tuple(nodes)))
            nodes = outer
        else:
            if not inner:
                raise ModelError("Une place {{ }} est vide. Écrivez le nom de la valeur entre les accolades.")
            nodes.append(Place(feel.compile(inner)))
    if open_blocks:
        raise ModelError(f"Le bloc « {{{{#{open_blocks[-1][0]}}}}} » n'est pas fermé. Ajoutez « {{{{/{open_blocks[-1][0]}}}}} ».")
    return Template(text, tuple(nodes))


def _opening(inner: str) -> tuple[str, str]:
    found = _OPENING.fullmatch(inner)
    if not found:
        raise ModelError(f"« {{{{{inner}}}}} » n'est pas un bloc connu. Écrivez {{{{#if condition}}}} ou {{{{#loop liste}}}}.")
    return found[1], found[2]


def _written(nodes: Sequence[Node], scope: Mapping[str, Value], now: datetime, show: Show) -> list[str]:
    written: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            written.append(node)
        elif isinstance(node, Place):
            written.append(show(node.expression.evaluate(scope, now), node.expression.text))
        else:
            written += _block(node, scope, now, show)
    return written


def _block(block: Block, scope: Mapping[str, Value], now: datetime, show: Show) -> list[str]:
    value = block.expression.evaluate(scope, now)
    if block.kind == "if":
        return _written(block.nodes, scope, now, show) if value is True else []
    items = value if isinstance(value, list) else [] if value is None else [value]
    if len(items) > _MOST_TURNS:
        raise TooMuch(f"La liste « {block.expression.text} » a plus de {_MOST_TURNS} lignes. Réduisez-la avant de l'écrire.")
    written: list[str] = []
    for item in items:
        own = item if isinstance(item, dict) else {}
        written += _written(block.nodes, {**scope, **own, "this": item, "parent": dict(scope)}, now, show)
    return written
