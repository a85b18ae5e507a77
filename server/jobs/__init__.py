"""The loops: due timers in due order, the outbox, the nightly checks."""

from server.jobs.worker import run_once, run_worker

__all__ = ["run_once", "run_worker"]
