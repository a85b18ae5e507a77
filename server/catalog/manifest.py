"""The typed package.toml: who owns a process, who may start it, which group holds each lane, which variables it knows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.kernel.errors import ModelError

TYPES = (
    "any",
    "boolean",
    "context",
    "date",
    "date and time",
    "days and time duration",
    "list",
    "number",
    "string",
    "time",
    "years and months duration",
)
# Words that owners write for the FEEL names of DMN 1.5, section 10.3.2.3.
SYNONYMS = {
    "text": "string",
    "texte": "string",
    "nombre": "number",
    "booleen": "boolean",
    "dateTime": "date and time",
    "datetime": "date and time",
    "liste": "list",
    "contexte": "context",
}


@dataclass(frozen=True)
class Variable:
    """One variable of a process: `type` is a FEEL type; only an `indexed` one becomes a column, a filter and a sort key."""

    name: str
    type: str
    label: str
    personal: bool = False
    sensitive: bool = False
    indexed: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """The package.toml of one package."""

    id: str
    title: str
    owner: str = ""
    start_groups: tuple[str, ...] = ()
    lanes: Mapping[str, str] = field(default_factory=dict)
    letters: tuple[str, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


def read_manifest(content: bytes) -> Manifest:
    """The manifest written in `content` (TOML, UTF-8). Raises ModelError (rule `paquet-illisible`) with the key that is wrong."""
    try:
        table = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _wrong(f"n'est pas un fichier TOML lisible ({error})") from error
    known = {"id", "title", "owner", "start_groups", "lanes", "letters", "variables"}
    variables = _typed(table, "variables", dict, {})
    return Manifest(
        id=_typed(table, "id", str, None),
        title=_typed(table, "title", str, None),
        owner=_typed(table, "owner", str, ""),
        start_groups=_texts(table, "start_groups"),
        lanes={lane: _text(group, f"lanes.{lane}") for lane, group in _typed(table, "lanes", dict, {}).items()},
        letters=_texts(table, "letters"),
        variables={name: _variable(name, content_) for name, content_ in variables.items()},
        extra={key: value for key, value in table.items() if key not in known},
    )


def _variable(name: str, table: Any) -> Variable:
    if not isinstance(table, dict):
        raise _wrong(f"décrit mal la variable « {name} » : écrivez [variables.{name}] puis type et label")
    kind = _typed(table, "type", str, "any", path=f"variables.{name}.type")
    kind = SYNONYMS.get(kind, kind)
    if kind not in TYPES:
        raise _wrong(f"donne à « variables.{name}.type » un type inconnu « {kind} » : choisissez parmi {', '.join(TYPES)}")
    known = {"type", "label", "personal", "sensitive", "indexed"}
    flags = {key: _typed(table, key, bool, default=False, path=f"variables.{name}.{key}") for key in ("personal", "sensitive", "indexed")}
    label = _typed(table, "label", str, name, path=f"variables.{name}.label")
    return Variable(name=name, type=kind, label=label, extra={k: v for k, v in table.items() if k not in known}, **flags)


def _typed(table: Mapping[str, Any], key: str, kind: type, default: Any, *, path: str = "") -> Any:
    value = table.get(key, default)
    if value is None:
        raise _wrong(f"doit donner « {path or key} »")
    if not isinstance(value, kind):
        raise _wrong(f"donne à « {path or key} » une valeur d'un autre type que celui attendu ({kind.__name__})")
    return value


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(_text(item, key) for item in _typed(table, key, list, []))


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(f"attend des textes dans « {path} »")
    return value


def _wrong(what: str) -> ModelError:
    return ModelError(f"Le fichier package.toml {what} : corrigez-le puis recommencez.", rule="paquet-illisible")
