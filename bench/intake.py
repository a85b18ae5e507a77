"""Files taken in through the ordinary import: a line that is new (its path begins) and a line already known, and the memory of a file of 60,000 lines."""

from __future__ import annotations

import csv
import io
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from server.access.jalon import Jalon, assemble
from server.actions.found_departement import found_departement
from server.actions.publish_from_folders import publish_from_folders
from server.actions.run_import import run_import
from server.actions.try_import import try_import
from server.intake.fictional import HEADERS, fictional_persons
from server.kernel.actor import machine
from server.kernel.clock import MovableClock
from server.settings import Settings
from server.store.migrating import migrate

NEW, WHOLE = 600, 60_000
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
ACTOR = machine("13", "import")


def rows() -> list[tuple[str, str, str]]:
    """Lines of the table, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="jalon-bench-") as folder:
        jalon = _product(Path(folder))
        new_file = file_of(NEW)
        tried, opened = _taken_in(jalon, new_file)
        tried_again, known = _taken_in(jalon, new_file)
        jalon.close()
    seconds, megabytes = _whole_file()
    return [
        (f"import: a new person ({NEW} lines; tried, then case opened, path begun, history written)", _per_line(tried + opened, NEW), ""),
        (f"import: {WHOLE:,} new persons would take", f"{(tried + opened) * WHOLE / NEW:.0f} s", "<= 120 s"),
        ("import: a known person, nothing changed", _per_line(tried_again + known, NEW), ""),
        (f"import: {WHOLE:,} known persons would take", f"{(tried_again + known) * WHOLE / NEW:.0f} s", "<= 120 s"),
        (f"import: {WHOLE:,} lines read, checked and shown, really", f"{seconds:.0f} s", "<= 120 s"),
        (f"import: memory of that process, {WHOLE:,} lines", f"{megabytes:.0f} MB", "<= 300 MB"),
    ]


def _per_line(seconds: float, lines: int) -> str:
    return f"{seconds * 1000 / lines:.2f} ms a line"


def file_of(lines: int) -> bytes:
    """A CSV file of fictional persons whose right opened in one month."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADERS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(one.cells for one in fictional_persons(date(2026, 8, 1), lines, "13", 7))
    return out.getvalue().encode("utf-8-sig")


def _product(folder: Path) -> Jalon:
    settings = Settings(database_url=f"sqlite:///{folder}/bench.sqlite", secret="banc d'essai, pas un secret, long assez", instance=folder)
    migrate(settings.database_url)
    jalon = assemble(settings, MovableClock(NOW))
    found_departement(jalon, ACTOR, NOW)
    publish_from_folders(jalon, ACTOR, NOW)
    return jalon


def _taken_in(jalon: Jalon, content: bytes) -> tuple[float, float]:
    started = perf_counter()
    run_id = try_import(jalon, ACTOR, "entrants.csv", content, None, "entrants", NOW)
    tried = perf_counter()
    run_import(jalon, ACTOR, run_id, NOW)
    return tried - started, perf_counter() - tried


def _whole_file() -> tuple[float, float]:
    """Seconds and peak megabytes of trying the whole file, in a process of its own so that only this is counted."""
    with tempfile.TemporaryDirectory(prefix="jalon-bench-") as folder:
        file = Path(folder) / "entrants.csv"
        file.write_bytes(file_of(WHOLE))
        done = subprocess.run([sys.executable, "-m", "bench.intake", folder], capture_output=True, text=True, check=True, timeout=240)
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def _try_whole(folder: Path) -> None:
    jalon = _product(folder)
    started = perf_counter()
    try_import(jalon, ACTOR, "entrants.csv", (folder / "entrants.csv").read_bytes(), None, "entrants", NOW)
    print(perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    jalon.close()


if __name__ == "__main__":
    _try_whole(Path(sys.argv[1]))
