"""`make bench`: runs every bench and prints one table (what, figure, bound). Bounds are those of the design, for two quiet cores."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from bench import engine, http, inbox, intake, rules, timers

BENCHES: tuple[tuple[str, Callable[[], list[tuple[str, str, str]]]], ...] = (
    ("engine", engine.rows),
    ("rules", rules.rows),
    ("http", http.rows),
    ("inbox", inbox.rows),
    ("intake", intake.rows),
    ("timers", timers.rows),
)


def main() -> None:
    """Prints the table; names on the command line choose benches."""
    wanted = sys.argv[1:]
    table: list[tuple[str, str, str]] = []
    for name, rows in BENCHES:
        if wanted and name not in wanted:
            continue
        started = time.monotonic()
        table += rows()
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    widths = [max(len(row[i]) for row in table) for i in range(3)]
    for row in [("what", "figure", "bound"), tuple("-" * width for width in widths), *table]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
