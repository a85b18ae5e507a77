"""Once a day: a signed checkpoint written to a file that must be copied away, the sweeping of what is over, and SQLite's statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from server.access.jalon import Jalon
from server.actions.checkpoint import checkpoint
from server.kernel.actor import machine
from server.kernel.values import canonical
from server.store.accounts import sweep_sign_ins
from server.store.checkpoints import last_checkpoint_at
from server.store.database import count_anew
from server.store.work import glancing, unit_of_work

EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Night:
    """What a night did: the file of the checkpoint, and how many ended sessions and old failures were swept."""

    file: Path
    swept: int


def run_nightly(jalon: Jalon, now: datetime) -> Night | None:
    """Does the night's work when the last checkpoint is a day old; None when it is not. Doing it twice does no harm."""
    with glancing(jalon.database) as work:
        before = last_checkpoint_at(work)
    if before is not None and before + EVERY > now:
        return None
    made = checkpoint(jalon, machine(), now)
    folder = jalon.settings.instance / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{now:%Y-%m-%dT%H%M%SZ}.jsonl"
    told = {
        "at": now.isoformat(),
        "chains": made.chains,
        "root": made.root,
        "signature": made.signature.hex(),
        "public_key": made.public_key.hex(),
    }
    file.write_bytes(canonical(told) + b"\n" + made.heads)
    with unit_of_work(jalon.database) as work:
        swept = sweep_sign_ins(work, now)
    count_anew(jalon.database)
    return Night(file, swept)
