"""A worker killed outright loses nothing and doubles nothing: another takes over what it held."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.actions.verify_chain import verify_chain
from server.jobs import run_once
from server.jobs.worker import LEASE
from server.kernel.actor import MACHINE
from server.settings import ROOT
from server.store.tables import case_file, document, fact, outbox, timer
from server.store.work import reading
from tests.factories import PARAMETERS, World
from tests.jobs.test_worker import writer
from tests.small_packages import accueil

PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from server.access.jalon import assemble
from server.jobs import run_once
from server.kernel.clock import MovableClock
from server.settings import Settings
url, secret, folder, parameters, at = sys.argv[1:]
late = datetime.fromisoformat(at)  # the clock too: a lease renewed by another clock would outlive the test
jalon = assemble(Settings(url, secret, Path(folder)), MovableClock(late), Path(parameters))
print("ready", flush=True)
while True:
    run_once(jalon, late)
"""


def counts(world: World) -> tuple[int, int]:
    """Timers fired and documents made so far."""
    with reading(world.jalon.database) as work:
        fired = work.value(select(func.count()).select_from(timer).where(timer.c.status == "fired"))
        return fired, work.value(select(func.count()).select_from(document))


@pytest.mark.slow  # a process of its own, killed for good
def test_a_worker_killed_in_the_middle_is_taken_over_and_everything_is_done_once(world, tmp_path):
    world.publish(accueil(), writer())
    for _ in range(25):
        world.case("accueil"), world.case("lettre")
    late, settings = world.later(days=11), world.jalon.settings
    arguments = [settings.database_url, settings.secret, str(tmp_path), str(PARAMETERS), late.isoformat()]
    with subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, stdout=subprocess.PIPE) as worker:
        worker.stdout.readline()
        for _ in range(400):
            if counts(world)[0] >= 5:
                break
            time.sleep(0.01)
        worker.kill()
    assert counts(world)[0] >= 5
    for _ in range(5):
        late += LEASE + timedelta(seconds=1)
        run_once(world.jalon, late)
    assert counts(world) == (25, 25)
    with reading(world.jalon.database) as work:
        for kind in ("TimerFired", "LetterMade"):
            assert work.value(select(func.count()).select_from(fact).where(fact.c.kind == kind)) == 25
        assert work.value(select(func.count()).select_from(outbox).where(outbox.c.status != "done")) == 0
        cases = [row.id for row in work.rows(select(case_file.c.id))]
    assert all(verify_chain(world.jalon, MACHINE, case_id, world.now).holds for case_id in cases)
