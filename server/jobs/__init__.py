"""Loops: due timers, outbox, checks."""
