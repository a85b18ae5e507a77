"""Dates and messages: what is awaited, received, repeated, refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from server.engine import ChangeDueDate, DeliverMessage, FireTimer
from server.kernel.errors import BadInput, ModelError, Stale
from tests.engine.playing import LEGAL, MONDAY, Story


def contract(**variables):
    return Story("echeances", {"notification": date(2026, 1, 5), **variables}, context=LEGAL)


def test_a_target_and_a_legal_limit_are_the_last_second_of_their_day_in_paris():
    story = contract()
    # 15 days from 5 January: 20 January; one month: 5 February; 23:59:59 in Paris in winter is 22:59:59 UTC.
    assert story.timers == {"cible": datetime(2026, 1, 20, 22, 59, 59, tzinfo=UTC), "limite": datetime(2026, 2, 5, 22, 59, 59, tzinfo=UTC)}
    (ready,) = story.of_kind("TaskReady")
    assert ready.body["due"] == "2026-01-20T22:59:59+00:00"
    assert ready.body["limit"] == "2026-02-05T22:59:59+00:00"
    assert ready.body["priority"] == 80


def test_a_due_date_carries_the_derivation_that_explains_it():
    story = contract()
    (ready,) = story.of_kind("TaskReady")
    assert set(ready.payload["derivation"]) == {"due", "limit"}
    assert "phrase" in ready.payload["derivation"]["due"]
    assert [set(f.payload["derivation"]) >= {"phrase", "etapes"} for f in story.of_kind("TimerSet")] == [True, True]


def test_a_delay_that_the_parameters_do_not_name_stops_the_instance():
    with pytest.raises(ModelError, match="contrat_cible") as caught:
        Story("echeances", {"notification": date(2026, 1, 5)})
    assert caught.value.element == "signer"


def test_a_date_already_past_opens_its_branch_at_once():
    story = contract(notification=date(2025, 12, 15))
    # 30 December is past, 15 January is not.
    assert story.tasks == ["signer", "relancer"]
    assert list(story.timers) == ["limite"]
    kinds = [f.kind for f in story.facts if f.element == "cible"]
    assert kinds == ["TimerSet", "TimerFired", "ElementEntered", "ElementLeft"]


def test_a_terminate_end_closes_the_alerts_that_are_left():
    story = contract()
    story.fire("cible")
    story.complete("signer")
    assert story.ended
    assert [f.element for f in story.of_kind("TaskCancelled")] == ["relancer"]
    assert [f.element for f in story.of_kind("TimerCancelled")] == ["limite"]


def test_a_repeating_timer_gives_as_many_tasks_as_it_says():
    story = Story("cycle")
    dates = []
    while story.timers:
        dates.append(story.timers["relance"])
        story.fire("relance")
    assert dates == [MONDAY + timedelta(days=3 * n) for n in (1, 2, 3)]
    assert story.tasks == ["signer", "relancer", "relancer", "relancer"]
    assert len({f.body["timer"] for f in story.of_kind("TimerSet")}) == 3


def test_a_late_repeating_timer_keeps_its_rhythm():
    story = Story("cycle")
    timer = story.waiting.timers[0]
    story.later(days=4).do(FireTimer(timer.timer))
    assert story.timers == {"relance": MONDAY + timedelta(days=6)}


def test_of_an_event_gateway_the_first_wait_met_cancels_the_others():
    by_message = Story("messages", {"dossier_id": "D1"})
    by_message.complete("recevoir")
    assert {"observations", "regularise"} == {s.element for s in by_message.waiting.subscriptions}
    by_message.message("observations_recues", texte="je conteste")
    assert by_message.tasks == ["examiner"]
    assert by_message.timers == {}
    by_time = Story("messages", {"dossier_id": "D1"})
    by_time.complete("recevoir")
    by_time.fire("dix_jours")
    assert by_time.tasks == ["proposer"]
    assert [f.element for f in by_time.of_kind("MessageNoLongerAwaited")] == ["observations"]


def test_a_message_that_interrupts_closes_all_that_is_beneath():
    story = Story("messages", {"dossier_id": "D1"})
    story.complete("recevoir")
    story.message("regularisation_constatee")
    assert story.tasks == ["classer"]
    assert story.timers == {}
    assert story.waiting.subscriptions == ()
    story.complete("classer")
    assert story.outcome == "regularise"


def test_a_message_that_does_not_interrupt_may_come_many_times():
    story = Story("messages", {"dossier_id": "D1"})
    story.complete("recevoir")
    story.fire("dix_jours")
    for number in range(3):
        story.message("piece_recue", numero=number)
    assert story.tasks.count("classer_piece") == 3
    assert story.tasks.count("proposer") == 1
    awaited = [f.body["subscription"] for f in story.of_kind("MessageAwaited") if f.element == "pieces"]
    assert len(set(awaited)) == 4


def test_a_message_gives_its_variables_to_the_process():
    story = Story("messages", {"dossier_id": "D1"})
    story.complete("recevoir")
    story.message("observations_recues", texte="je conteste", pages=Decimal(2))
    received = story.of_kind("MessageReceived")[0]
    assert received.payload == {"variables": {"pages": Decimal(2), "texte": "je conteste"}}
    story.complete("examiner")
    story.complete("proposer")
    assert story.variables["texte"] == "je conteste"


@pytest.mark.parametrize(("name", "key"), [("inconnu", "D1"), ("regularisation_constatee", "D2"), ("piece_recue", "D1")])
def test_a_message_that_nobody_waits_for_is_kept_as_a_fact(name, key):
    story = Story("messages", {"dossier_id": "D1"})
    before = story.state
    story.message(name, key, motif="x")
    assert story.last.kind == "MessageUnexpected"
    assert story.last.body == {"name": name}
    assert story.last.payload == {"variables": {"motif": "x"}, "key": key}
    assert story.state == before


def test_the_key_of_a_message_is_read_when_the_wait_begins():
    story = Story("messages", {"dossier_id": "D1"})
    story.complete("recevoir", dossier_id="D2")
    keys = {s.element: s.key for s in story.waiting.subscriptions}
    assert keys == {"regularise": "D1", "observations": "D2"}


def test_a_wait_whose_key_is_empty_is_a_fault_of_the_model():
    with pytest.raises(ModelError, match="clé est vide") as caught:
        Story("messages")
    assert caught.value.element == "regularise"


def test_a_due_date_moves_with_its_reason():
    story = contract()
    new = datetime(2026, 1, 25, 22, 59, 59, tzinfo=UTC)
    story.do(ChangeDueDate(story.task_id("signer"), new, "personne hospitalisée"))
    assert story.last.kind == "DueDateChanged"
    assert story.last.body == {"task": story.task_id("signer"), "old": "2026-01-20T22:59:59+00:00", "new": "2026-01-25T22:59:59+00:00"}
    assert story.last.payload == {"reason": "personne hospitalisée"}
    assert story.waiting.tasks[0].due == new


def test_a_timer_that_was_moved_fires_at_its_new_date_only():
    story = contract()
    timer = story.waiting.timers[0]
    story.do(ChangeDueDate(timer.timer, timer.due + timedelta(days=5), "délai suspendu"))
    story.now = timer.due
    with pytest.raises(Stale):
        story.do(FireTimer(timer.timer))
    story.fire("cible")
    assert "relancer" in story.tasks


def test_a_due_date_does_not_move_without_a_reason_nor_on_what_is_gone():
    story = contract()
    with pytest.raises(BadInput, match="motif"):
        story.do(ChangeDueDate(story.task_id("signer"), MONDAY, " "))
    with pytest.raises(Stale):
        story.do(ChangeDueDate("inconnu", MONDAY, "motif"))


def test_an_unquoted_duration_counts_calendar_days_across_the_change_of_hour():
    # 20 March 2026, 10:00 in Paris (09:00 UTC) + 15 days = 4 April, 10:00 in Paris, summer time: 08:00 UTC.
    story = Story("alertes", at=datetime(2026, 3, 20, 9, tzinfo=UTC))
    assert story.timers["limite"] == datetime(2026, 4, 19, 8, tzinfo=UTC)
    assert story.timers["rappel"] == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_one_month_from_the_31st_ends_on_the_last_day_of_february():
    story = Story("boucle_minuteurs", at=datetime(2026, 1, 31, 9, tzinfo=UTC))
    story.complete("entretien", poursuite=True)
    assert story.timers == {"attente": datetime(2026, 2, 28, 9, tzinfo=UTC)}


def test_a_message_without_a_command_key_reaches_no_keyed_wait():
    story = Story("messages", {"dossier_id": "D1"})
    story.do(DeliverMessage("regularisation_constatee"))
    assert story.last.kind == "MessageUnexpected"
