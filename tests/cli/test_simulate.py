"""The whole path at work: sixty entrants and four months through the JSON API, then every chain and every state checked."""

import pytest

from server.cli.simulate import play


@pytest.mark.slow(reason="four months of a département, through a real server")
def test_sixty_entrants_go_through_every_stage_and_everything_can_be_proved(tmp_path):
    found = play("13", 120, 60, f"sqlite:///{tmp_path}/simulation.sqlite", tmp_path, lambda _line: None)
    assert found.failures == []
    assert found.entrants >= 55
    assert found.tasks > 300
    assert found.calls > found.tasks * 2  # each task was opened then completed through the API
    assert found.commands > found.tasks  # timers, messages and children too were run again
    assert len(found.table) == 11  # a head and the ten pôles
