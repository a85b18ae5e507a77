"""Unfolds what a page or the API sent into one tree, within bounds, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from server.kernel.errors import BadInput, TooMuch

_NAME = re.compile(r"\w{1,100}(?:\[[0-9]{1,4}\])*(?:\.\w{1,100}(?:\[[0-9]{1,4}\])*)*")
_STEP = re.compile(r"\w+|\[[0-9]+\]")
_MOST_NAMES = 5_000
_DEEPEST = 12
_MOST_VALUES = 20_000
_LONGEST = 100_000


@dataclass(frozen=True)
class Upload:
    """A file sent with a form. `size` in bytes; `head` its first bytes, compared with its name; `document` the id under which it was kept,
    if it was; `content` the whole, which forms never read."""

    name: str
    media_type: str
    size: int
    head: bytes = b""
    document: str = ""
    content: bytes = field(default=b"", repr=False)


def unfold(raw: Mapping[str, Any]) -> dict[str, Any]:
    """One tree from flat names (`enfants[0].age`) and nested values alike. Lists become {index: value}; unreadable names are left out.

    Raises TooMuch (names, depth, length of a text) or BadInput (a character that no base keeps).
    """
    if not isinstance(raw, Mapping):
        raise BadInput("Le formulaire reçu n'est pas lisible. Rechargez la page et recommencez.")
    if len(raw) > _MOST_NAMES:
        raise TooMuch(f"Le formulaire reçu a plus de {_MOST_NAMES} réponses. Rechargez la page et recommencez.")
    bounds = _Bounds()
    tree: dict[str, Any] = {}
    names = [name for name in raw if isinstance(name, str) and _NAME.fullmatch(name) and len(_steps(name)) <= _DEEPEST]
    # Nested values first, so that flat names complete them.
    for name in sorted(names, key=lambda name: "." in name or "[" in name):
        _put(tree, _steps(name), bounds.taken(raw[name], 0))
    return tree


def _steps(name: str) -> list[str | int]:
    return [int(step[1:-1]) if step.startswith("[") else step for step in _STEP.findall(name)]


class _Bounds:
    """Counts values while they are taken in."""

    def __init__(self) -> None:
        self.values = 0

    def taken(self, value: Any, depth: int) -> Any:
        self.values += 1
        if depth > _DEEPEST or self.values > _MOST_VALUES:
            raise TooMuch("Une réponse est trop grande pour ce formulaire. Rechargez la page et recommencez.")
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, Mapping):
            return {str(key): self.taken(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.taken(item, depth + 1) for item in value]
        return value


def _text(value: str) -> str:
    if len(value) > _LONGEST:
        raise TooMuch(f"Un texte dépasse {_LONGEST:_} caractères. Raccourcissez-le, ou joignez-le en fichier.".replace("_", "\u00a0"))
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadInput("Un texte contient un caractère qui ne peut pas être gardé. Effacez-le et saisissez-le de nouveau.")
    return value


def _put(tree: dict[str, Any], steps: list[str | int], value: Any) -> None:
    here: dict[Any, Any] = tree
    for step, following in pairwise(steps):
        inner = here.get(step)
        if isinstance(inner, list) and isinstance(following, int):
            inner = dict(enumerate(inner))
        if not isinstance(inner, dict):
            inner = {}
        here[step] = inner
        here = inner
    here[steps[-1]] = value


def dig(node: Any, path: tuple[str | int, ...]) -> Any:
    """The value at a path, or None."""
    for step in path:
        if isinstance(node, Mapping):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node


def rows_of(node: Any) -> dict[int, Any]:
    """The rows of a list by index, whether it was flat or nested; anything else has none."""
    if isinstance(node, list):
        return dict(enumerate(node))
    if isinstance(node, Mapping):
        return dict(sorted(((k, v) for k, v in node.items() if isinstance(k, int)), key=lambda pair: pair[0]))
    return {}


def name_of(path: tuple[str | int, ...]) -> str:
    """The name of a control: `enfants[0].age`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
