"""The loops: due timers in due order, the outbox, the nightly checks."""

from server.jobs.nightly import Night, run_nightly
from server.jobs.worker import run_once, run_worker

__all__ = ["Night", "run_nightly", "run_once", "run_worker"]
