"""Writes a chain as the JSON lines that `verifying.py` checks alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Protocol


class Kept(Protocol):
    """One stored line: its number, the exact bytes that were hashed, their hash, and its payload when there is one."""

    @property
    def seq(self) -> int: ...
    @property
    def line(self) -> bytes: ...
    @property
    def hash(self) -> str: ...
    @property
    def salt(self) -> bytes | None: ...
    @property
    def content(self) -> bytes | None: ...
    @property
    def digest(self) -> str | None: ...


def export_lines(chain: str, count: int, head: str, lines: Iterable[Kept]) -> Iterator[str]:
    """The lines of the export file, without their line feeds: the head (number of lines and last hash), then one per fact."""
    yield _written({"chain": chain, "lines": count, "head": head})
    for kept in lines:
        entry: dict[str, Any] = {"seq": kept.seq, "line": kept.line.decode(), "hash": kept.hash}
        if kept.digest is not None:
            entry["digest"] = kept.digest
            entry["salt"] = kept.salt.hex() if kept.salt is not None else None
            entry["content"] = kept.content.decode() if kept.content is not None else None
        yield _written(entry)


def _written(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
