"""Signs the ends of all chains at one moment: with a copy kept elsewhere, even a tail that was cut off or a chain rewritten whole is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.errors import Forbidden
from server.kernel.ids import new_id
from server.kernel.values import canonical
from server.store.checkpoints import all_ends, keep_checkpoint, tree_root
from server.store.work import unit_of_work


@dataclass(frozen=True)
class Checkpoint:
    """A signed checkpoint. `heads` is the file to copy away: one line per chain (name, number of lines, hash of the last), in the order of the names."""

    id: str
    at: datetime
    chains: int
    root: str
    signature: bytes
    public_key: bytes
    heads: bytes


def checkpoint(jalon: Jalon, actor: Actor, now: datetime) -> Checkpoint:
    """Signs (Ed25519) the root (RFC 6962, section 2.1) of all heads, and keeps it. Raises Forbidden."""
    if actor.user_id and not actor.has("auditeur", "administrateur"):
        raise Forbidden("Un point de contrôle se demande par un auditeur ou un administrateur.")
    with unit_of_work(jalon.database) as work:
        lines = [canonical({"chain": chain, "seq": end.seq, "head": end.hash}) for chain, end in all_ends(work)]
        root = tree_root(lines)
        told = canonical({"at": now.isoformat(), "chains": len(lines), "root": root})
        keys = jalon.database.keys
        made = Checkpoint(new_id(), now, len(lines), root, keys.sign(told), keys.public_key(), b"".join(line + b"\n" for line in lines))
        keep_checkpoint(work, made.id, now, made.chains, root, made.signature)
    return made
