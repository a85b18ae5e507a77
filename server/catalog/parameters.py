"""The effective parameters of a territory on a day: commun, then the département, then the territory, each value with where it comes from."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from server.kernel.errors import ModelError, NotFound
from server.kernel.values import canonical

COMMUN = "commun"
NOTES = frozenset({"effet", "source", "article", "libelle"})


@dataclass(frozen=True)
class Origin:
    """Where a value was written: `level` is commun, departement or territoire; `since` the date it is in force from, when said; `source` its text."""

    level: str
    since: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Parameters:
    """What FEEL reads as `parametres`, with the origin of each value by dotted path; `hash` names the content."""

    values: Mapping[str, Any]
    origins: Mapping[str, Origin]
    hash: str


@dataclass(frozen=True)
class Territory:
    """One territory of a département: its id and what its file says of it."""

    id: str
    name: str
    fields: Mapping[str, Any]


def effective_parameters(root: Path, departement: str, territoire: str, day: date) -> Parameters:
    """The parameters in force on `day` (a date of the département's calendar), from the folder processes/departements.

    `territoire` may be empty: the département's own values. Raises NotFound for an unknown département or territory, ModelError for a file that
    cannot be read or a dated value without its date.
    """
    levels = [(COMMUN, _table(root / COMMUN / "parametres.toml")), ("departement", _table(_folder(root, departement) / "parametres.toml"))]
    if territoire:
        levels.append(("territoire", _territory_table(root, departement, territoire)))
    found: dict[str, tuple[Any, Origin]] = {}
    for level, table in levels:
        for path, value, origin in _values(table, (), level, day):
            _overlay(found, path, value, origin)
    values: dict[str, Any] = {}
    for path, (value, _) in found.items():
        _put(values, path.split("\x1f"), value)
    values.setdefault("delais", {})
    origins = {path.replace("\x1f", "."): origin for path, (_, origin) in sorted(found.items())}
    return Parameters(values, origins, hashlib.sha256(canonical(values)).hexdigest())


def read_territories(root: Path, departement: str) -> dict[str, Territory]:
    """Territory id -> territory, in the order of territoires.toml; empty when the département has none."""
    table = _table(_folder(root, departement) / "territoires.toml")
    return {
        key: Territory(key, str(content.get("nom", key)), {k: v for k, v in content.items() if k != "parametres"})
        for key, content in table.items()
        if isinstance(content, dict)
    }


def read_departements(root: Path) -> list[str]:
    """The codes of the départements that have a folder."""
    return sorted(p.name for p in root.iterdir() if p.is_dir() and p.name != COMMUN)


def parameter_dates(root: Path, departement: str) -> list[date]:
    """The days from which some value of the département changes, over its three levels, in order; at least one."""
    files = [root / COMMUN / "parametres.toml", *((_folder(root, departement) / f"{name}.toml") for name in ("parametres", "territoires"))]
    found = {day for file in files for day in _dates_in(_table(file))}
    return sorted(found) or [date(2000, 1, 1)]


def _dates_in(content: Any) -> Iterator[date]:
    if isinstance(content, dict):
        since = content.get("effet")
        if isinstance(since, date):
            yield since
        for inner in content.values():
            yield from _dates_in(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from _dates_in(inner)


def overriding_tables(root: Path, departement: str, slug: str) -> dict[str, bytes]:
    """The tables (and their cases) by which a département replaces those of a package: file name in the package -> content."""
    folder = _folder(root, departement) / "decisions" / slug
    return (
        {f"decisions/{p.name}": p.read_bytes() for p in sorted(folder.glob("*")) if p.name.endswith((".dmn", ".cases.csv"))}
        if folder.is_dir()
        else {}
    )


def _values(table: Mapping[str, Any], path: tuple[str, ...], level: str, day: date) -> Iterator[tuple[str, Any, Origin]]:
    for key, content in table.items():
        here = (*path, key)
        entry = _in_force(content, here, day) if _is_dated(content) else content
        if isinstance(entry, dict) and not _is_whole(entry, here):
            yield from _values(entry, here, level, day)
        elif entry is not None and _has_begun(entry, here, day):
            yield "\x1f".join(here), _unwrapped(entry), _origin(entry, level)


def _is_dated(content: Any) -> bool:
    return isinstance(content, list) and bool(content) and all(isinstance(i, dict) for i in content) and any("effet" in i for i in content)


def _is_whole(table: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    """A delay, a value with its origin, or a dated table (a scale): one thing, which a lower level never mixes with the upper one's."""
    return "duree" in table or "valeur" in table or "effet" in table or (len(path) == 2 and path[0] == "delais")


def _in_force(entries: list[dict[str, Any]], path: tuple[str, ...], day: date) -> dict[str, Any] | None:
    begun = [e for e in entries if _has_begun(e, path, day, needed=True)]
    return max(begun, key=lambda e: e["effet"], default=None)


def _has_begun(entry: Any, path: tuple[str, ...], day: date, *, needed: bool = False) -> bool:
    since = entry.get("effet") if isinstance(entry, dict) else None
    if since is None and not needed:
        return True
    if not isinstance(since, date) or isinstance(since, datetime):
        raise ModelError(f"Le paramètre « {'.'.join(path)} » est daté : chaque valeur doit porter « effet = AAAA-MM-JJ ».")
    return since <= day


def _unwrapped(entry: Any) -> Any:
    return _feel(entry["valeur"]) if isinstance(entry, dict) and "valeur" in entry and "duree" not in entry else _feel(entry)


def _feel(value: Any) -> Any:
    """TOML integers as FEEL numbers; floats are already read as decimals."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, list):
        return [_feel(v) for v in value]
    if isinstance(value, dict):
        return {k: _feel(v) for k, v in value.items()}
    return value


def _origin(entry: Any, level: str) -> Origin:
    if not isinstance(entry, dict):
        return Origin(level)
    source = " ; ".join(str(entry[key]) for key in ("article", "source") if entry.get(key))
    return Origin(level, entry.get("effet"), source)


def _overlay(found: dict[str, tuple[Any, Origin]], path: str, value: Any, origin: Origin) -> None:
    """A lower level's value hides the upper one's, whole: also when one of them is a table of values."""
    for other in [p for p in found if p.startswith(f"{path}\x1f") or path.startswith(f"{p}\x1f")]:
        del found[other]
    found[path] = (value, origin)


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        values = values.setdefault(key, {})
    values[path[-1]] = value


def _folder(root: Path, departement: str) -> Path:
    folder = root / departement
    if not departement.isalnum() or not folder.is_dir():
        raise NotFound(f"Le département « {departement} » n'a pas de paramètres : ajoutez son dossier dans processes/departements.")
    return folder


def _territory_table(root: Path, departement: str, territoire: str) -> Mapping[str, Any]:
    territories = _table(_folder(root, departement) / "territoires.toml")
    if not isinstance(territories.get(territoire), dict):
        raise NotFound(
            f"Le territoire « {territoire} » n'est pas dans territoires.toml du département {departement} : ajoutez-le ou corrigez son nom."
        )
    found = territories[territoire].get("parametres", {})
    return found if isinstance(found, dict) else {}


def _table(path: Path) -> Mapping[str, Any]:
    """The TOML table of a file, or an empty one when the level has no such file."""
    return _parsed(path.read_bytes(), f"{path.parent.name}/{path.name}") if path.is_file() else {}


@lru_cache(maxsize=64)
def _parsed(content: bytes, file: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(content.decode(), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"Le fichier {file} n'est pas un TOML lisible ({error}) : corrigez-le.") from error
