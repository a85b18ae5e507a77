"""The ends of all chains at one moment, and the tree that stands for them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from server.store.chain import Head
from server.store.tables import case_file, checkpoint, register_head
from server.store.work import Work


def all_ends(work: Work) -> list[tuple[str, Head]]:
    """The end of every chain, cases and registers, by name."""
    cases = work.rows(select(case_file.c.id, case_file.c.seq, case_file.c.head))
    registers = work.rows(select(register_head.c.chain, register_head.c.seq, register_head.c.head))
    return sorted([(row.id, Head(row.seq, row.head)) for row in cases] + [(row.chain, Head(row.seq, row.head)) for row in registers])


def tree_root(leaves: Sequence[bytes]) -> str:
    """The Merkle tree hash of RFC 6962, section 2.1, in hexadecimal."""
    return _root([hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]).hex()


def _root(level: list[bytes]) -> bytes:
    if not level:
        return hashlib.sha256().digest()
    while len(level) > 1:
        # Pairing from the left and carrying the odd one up gives the same tree as the largest power of two of the text.
        paired = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def keep_checkpoint(work: Work, checkpoint_id: str, at: datetime, chains: int, root: str, signature: bytes) -> None:
    """Keeps a signed root."""
    work.execute(insert(checkpoint).values(id=checkpoint_id, at=at, chains=chains, root=root, signature=signature))


def last_checkpoint_at(work: Work) -> datetime | None:
    """When the last checkpoint was signed, or None."""
    found: datetime | None = work.value(select(checkpoint.c.at).order_by(checkpoint.c.at.desc()).limit(1))
    return found
