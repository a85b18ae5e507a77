"""The chain of hashes: how a fact becomes a line, how a payload is sealed apart, and how a whole chain is checked."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server.kernel.actor import Actor
from server.kernel.facts import Fact
from server.kernel.ids import new_id
from server.kernel.values import canonical

START = ""  # what the first line of a chain gives as its previous hash


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many lines it has and the hash of the last."""

    seq: int = 0
    hash: str = START


@dataclass(frozen=True)
class Sealed:
    """A payload ready to be stored: content and salt can be erased, the digest stays in the chain."""

    id: str
    salt: bytes
    content: bytes
    digest: str


@dataclass(frozen=True)
class Origin:
    """Where a fact comes from: the instance and the number of the command that made it, None for a verb's own facts."""

    instance_id: str | None = None
    command: int | None = None


def seal(content: bytes) -> Sealed:
    """A payload under a fresh salt of 32 bytes, so that its digest cannot be guessed from likely contents."""
    salt = secrets.token_bytes(32)
    return Sealed(new_id(), salt, content, digest_of(salt, content))


def digest_of(salt: bytes, content: bytes) -> str:
    """SHA-256 of salt then content, in hexadecimal."""
    return hashlib.sha256(salt + content).hexdigest()


def line_of(chain: str, head: Head, fact: Fact, payload_digest: str | None, actor: Actor, origin: Origin) -> bytes:
    """The canonical bytes of the next line of `chain`; its hash is `hash_of` them."""
    return canonical(
        {
            "chain": chain,
            "seq": head.seq + 1,
            "previous": head.hash,
            "kind": fact.kind,
            "at": fact.at.astimezone(UTC).isoformat(),
            "element": fact.element,
            "body": dict(fact.body),
            "payload": payload_digest,
            "actor": {"id": actor.user_id, "name": actor.name},
            "channel": actor.channel,
            "instance": origin.instance_id,
            "command": origin.command,
        }
    )


def hash_of(line: bytes) -> str:
    """SHA-256 of a line, in hexadecimal."""
    return hashlib.sha256(line).hexdigest()


@dataclass(frozen=True)
class KeptLine:
    """One stored line as verification reads it; salt and content are None when erased or when there is no payload."""

    seq: int
    line: bytes
    hash: str
    payload_id: str | None = None
    salt: bytes | None = None
    content: bytes | None = None
    digest: str | None = None
    columns: Mapping[str, Any] | None = None  # the same words kept beside the line, for search


@dataclass(frozen=True)
class Verdict:
    """What a verification found. `first_bad` is the number of the first line that fails, None when the chain holds; `message` says why, in French."""

    chain: str
    lines: int
    erased: int
    first_bad: int | None
    message: str

    @property
    def holds(self) -> bool:
        return self.first_bad is None


def verify(chain: str, lines: Iterable[KeptLine], head: Head) -> Verdict:
    """Checks every line in order against the one before, its payload, and the kept head.

    Finds a byte flipped in a line or a payload, a line deleted, inserted or moved, and a tail cut off (through `head`, which is kept apart from the lines).
    """
    previous, seq, erased = START, 0, 0
    for kept in lines:
        fault = _fault_of(chain, kept, seq + 1, previous)
        if fault:
            return Verdict(chain, seq, erased, seq + 1, fault)
        erased += kept.payload_id is not None and kept.content is None
        previous, seq = kept.hash, seq + 1
    if (seq, previous) != (head.seq, head.hash):
        bad = min(seq, head.seq) + 1
        return Verdict(
            chain,
            seq,
            erased,
            bad,
            f"La chaîne a {seq} lignes, son registre en annonce {head.seq} : la fin a été coupée, ajoutée ou remplacée.",
        )
    return Verdict(chain, seq, erased, None, f"Les {seq} lignes se suivent et sont intactes." if seq else "La chaîne est vide.")


def _fault_of(chain: str, kept: KeptLine, seq: int, previous: str) -> str:
    if hash_of(kept.line) != kept.hash:
        return f"La ligne {seq} ne correspond plus à son empreinte."
    told: dict[str, Any] = json.loads(kept.line)
    if kept.seq != seq or told["seq"] != seq or told["chain"] != chain:
        return f"La ligne {seq} n'est pas à sa place : une ligne a été ôtée, ajoutée ou déplacée."
    if told["previous"] != previous:
        return f"La ligne {seq} ne suit pas la précédente."
    if told["payload"] != kept.digest:
        return f"La ligne {seq} ne correspond plus à son contenu."
    if any(_as_told(value) != told.get(name) for name, value in (kept.columns or {}).items()):
        return f"La ligne {seq} n'est plus rangée sous ses propres mots."
    if kept.salt is not None and kept.content is not None and digest_of(kept.salt, kept.content) != kept.digest:
        return f"Le contenu de la ligne {seq} a été modifié."
    return ""


def _as_told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
