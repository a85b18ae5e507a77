"""Verifies an exported case with the standard library alone: this file is handed over with the export and run by itself.

    python verifying.py dossier.jsonl [--tete EMPREINTE --lignes N]

The export is JSON lines: the first says {"chain": …, "lines": N, "head": "…"}; each next one {"seq", "line", "hash"} and, when the
fact had personal values, {"salt", "content", "digest"} (salt in hexadecimal; salt and content are null once erased), keys sorted and
without spaces. `line` is the exact text that was hashed. A checkpoint kept elsewhere (head and number of lines) proves that the end was
not cut or replaced; without it, the export can only prove that it holds together.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BARE = {"seq", "line", "hash"}
SEALED = {"salt", "content", "digest"}


@dataclass(frozen=True)
class Verification:
    """What was found. `first_bad` is the number (from 1) of the first bad entry, None when all hold; `message` is French; `erased` counts the payloads gone."""

    chain: str
    entries: int
    erased: int
    first_bad: int | None
    message: str

    @property
    def holds(self) -> bool:
        return self.first_bad is None


def verify_export(lines: Iterable[str], head: str = "", count: int | None = None) -> Verification:
    """Checks an export line by line, then its end against the checkpoint `head` (hexadecimal) and `count` when given, else against its own first line.

    Never raises for what the file holds: a line that cannot be read is the first bad one.
    """
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    top = _object(kept[0]) if kept else None
    if top is None or set(top) != {"chain", "lines", "head"} or not isinstance(top["chain"], str):
        return Verification("", 0, 0, 1, "Le fichier n'est pas un export de dossier : sa première ligne ne nomme pas de chaîne.")
    chain = str(top["chain"])
    previous, erased = "", 0
    for number, text in enumerate(kept[1:], start=1):
        entry = _object(text)
        fault = _fault(chain, entry, number, previous)
        if fault or entry is None:
            return Verification(chain, number - 1, erased, number, fault)
        erased += entry.get("digest") is not None and entry.get("content") is None
        previous = str(entry["hash"])
    entries = len(kept) - 1
    announced = [(top["head"], top["lines"]), (head or top["head"], top["lines"] if count is None else count)]
    for told_head, told_count in announced:
        if (told_head, told_count) != (previous, entries):
            bad = min(entries, told_count) + 1 if isinstance(told_count, int) and told_count != entries else entries
            message = f"L'export a {entries} entrées, le repère en annonce {told_count} : la fin a été coupée, ajoutée ou remplacée."
            return Verification(chain, entries, erased, max(bad, 1), message)
    return Verification(chain, entries, erased, None, f"Les {entries} entrées se suivent et sont intactes.")


def _fault(chain: str, entry: dict[str, Any] | None, number: int, previous: str) -> str:
    line = entry.get("line") if entry is not None and set(entry) in (BARE, BARE | SEALED) else None
    told = _read(line) if isinstance(line, str) else None
    if entry is None or not isinstance(line, str) or told is None:
        return f"L'entrée {number} n'est pas lisible."
    if hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest() != entry.get("hash"):
        return f"L'entrée {number} ne correspond plus à son empreinte."
    if told.get("chain") != chain or told.get("seq") != number or entry.get("seq") != number:
        return f"L'entrée {number} n'est pas à sa place : une entrée a été ôtée, ajoutée ou déplacée."
    if told.get("previous") != previous:
        return f"L'entrée {number} ne suit pas la précédente."
    return _payload_fault(entry, told, number)


def _payload_fault(entry: dict[str, Any], told: dict[str, Any], number: int) -> str:
    if told.get("payload") != entry.get("digest"):
        return f"L'entrée {number} ne correspond plus à son contenu."
    salt, content = entry.get("salt"), entry.get("content")
    if salt is None and content is None:
        return ""
    if not isinstance(salt, str) or not isinstance(content, str) or not re.fullmatch("([0-9a-f]{2})*", salt):
        return f"Le contenu de l'entrée {number} n'est pas lisible."
    digest = hashlib.sha256(bytes.fromhex(salt) + content.encode("utf-8", "surrogatepass")).hexdigest()
    return "" if digest == entry.get("digest") else f"Le contenu de l'entrée {number} a été modifié."


def _read(text: str) -> dict[str, Any] | None:
    """The JSON object of a hashed text: its hash already says that no byte changed."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object of a line in its one canonical writing (keys sorted, no spaces); None for anything else, so that no byte can change unseen."""
    try:
        found = json.loads(text)
        same = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    except (ValueError, RecursionError):
        return None
    return found if same and isinstance(found, dict) else None


def main(arguments: list[str] | None = None) -> int:
    """Prints what was found; 0 when the chain holds, 1 when it does not, 2 when the file cannot be opened."""
    parser = argparse.ArgumentParser(description="Vérifie la chaîne d'un dossier exporté.")
    parser.add_argument("fichier", type=Path)
    parser.add_argument("--tete", default="", help="empreinte du repère gardé ailleurs")
    parser.add_argument("--lignes", type=int, default=None, help="nombre d'entrées du repère")
    chosen = parser.parse_args(arguments)
    try:
        text = chosen.fichier.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"Le fichier {chosen.fichier} ne se lit pas : {error}\n")
        return 2
    found = verify_export(text.split("\n"), chosen.tete, chosen.lignes)
    sys.stdout.write(f"{found.message}\n")
    if found.holds and found.erased:
        sys.stdout.write(f"{found.erased} contenus ont été effacés : leur empreinte reste, leur texte n'est plus là.\n")
    if found.holds and not chosen.tete:
        sys.stdout.write("Sans repère gardé ailleurs, ceci prouve que l'export se tient, pas qu'il est entier.\n")
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main())
