"""Activities: persons, rules, scripts, outside calls, children, sub-processes, several instances, errors."""

from datetime import date
from decimal import Decimal

import pytest

from server.engine import Cancel, ChildEnded, ChildFailed, Context, FailCall, ReturnResult
from server.kernel.errors import ModelError, Stale
from tests.engine.playing import Story


def call_id(story: Story, element: str) -> str:
    return next(c.call for c in story.waiting.calls if c.element == element)


def test_a_decision_is_taken_with_the_trace_of_its_rules():
    story = Story("decision", {"age": 22})
    (taken,) = story.of_kind("DecisionTaken")
    assert taken.body["decision"] == "parcours"
    assert taken.body["rules"] == ["r_jeune"]
    assert len(taken.body["hash"]) == 64
    assert taken.payload["trace"]["value"] == "renforce"
    assert taken.payload["trace"]["inputs"] == {"age": Decimal(22), "dossier": {}}
    story.complete("valider")
    assert story.variables == {"age": Decimal(22), "parcours": "renforce"}


def test_inputs_of_a_task_stay_its_own_and_outputs_rename_answers():
    story = Story("portees", {"age": 30})
    story.complete("a")
    story.complete("b", interne=7)
    # "vu" and "interne" are inputs: they never become variables of the process.
    assert story.variables == {"age": Decimal(30), "reponse": {"a": Decimal(31)}, "sorti": Decimal(7)}


def test_expressions_read_the_case_and_the_parameters():
    context = Context("essai", {"seuil": Decimal(10)}, {"enfants": Decimal(2)})
    story = Story("lecture", context=context)
    assert story.of_kind("TaskReady")[0].body["assignee"] == "12"
    assert story.of_kind("TaskReady")[0].body["groups"] == ["referents", "agents"]
    assert story.of_kind("TaskReady")[0].body["lane"] == "Référents"


def test_a_wish_is_written_and_the_instance_goes_on():
    story = Story("exterieur", {"rdv": date(2026, 2, 2), "dossier_id": "D1"})
    wish = story.of_kind("OutsideCallWanted")[0]
    assert (wish.element, wish.body["type"], wish.body["headers"]) == ("courrier", "courrier", {"modele": "convocation"})
    assert wish.payload == {"inputs": {"date_rdv": date(2026, 2, 2)}}
    assert [c.element for c in story.waiting.calls] == ["calculer"]


def test_an_outside_call_waits_for_its_result_and_takes_it_once():
    story = Story("exterieur", {"rdv": date(2026, 2, 2), "dossier_id": "D1"})
    call = call_id(story, "calculer")
    story.do(ReturnResult(call, {"resultat_caf": {"montant": Decimal("312.40")}}))
    assert story.ended
    assert story.variables["montant"] == Decimal("312.40")
    assert "resultat_caf" not in story.variables
    with pytest.raises(Stale):
        story.do(ReturnResult(call, {}))


def test_a_thrown_message_is_a_wish_that_names_it_with_its_key():
    story = Story("exterieur", {"dossier_id": "D1"})
    story.do(ReturnResult(call_id(story, "calculer"), {"resultat_caf": {"montant": 1}}))
    thrown = story.of_kind("OutsideCallWanted")[-1]
    assert (thrown.body["type"], thrown.body["headers"]) == ("message", {"nom": "calcul_fait"})
    assert thrown.payload["inputs"]["cle"] == "D1"


def test_a_failed_call_reaches_the_error_event_that_knows_its_code():
    story = Story("exterieur", {"dossier_id": "D1"})
    story.do(FailCall(call_id(story, "calculer"), "panne", "le service ne répond pas"))
    assert story.tasks == ["saisir"]
    assert story.waiting.calls == ()
    assert "OutsideCallCancelled" not in story.kinds()


def test_a_failed_call_that_no_event_knows_stops_visibly_and_still_waits():
    story = Story("exterieur", {"dossier_id": "D1"})
    with pytest.raises(ModelError, match="aucun événement d'erreur") as caught:
        story.do(FailCall(call_id(story, "calculer"), "inconnue"))
    assert caught.value.element == "calculer"
    assert [c.element for c in story.waiting.calls] == ["calculer"]


def test_a_child_is_asked_for_with_the_inputs_that_are_mapped():
    story = Story("appel", {"n": 4, "dossier_id": "D1", "autre": 1})
    (wanted,) = story.of_kind("ChildWanted")
    assert wanted.body == {"call": call_id(story, "tour"), "process": "tour_de_suivi", "binding": "latest"}
    assert wanted.payload == {"inputs": {"numero": Decimal(4)}}


def test_the_outcome_of_a_child_is_read_in_issue_and_its_outputs_as_mapped():
    story = Story("appel", {"n": 4, "dossier_id": "D1"})
    story.do(ChildEnded(call_id(story, "tour"), "poursuite", {"n_suivant": 5, "secret": "x"}))
    assert story.of_kind("ChildWanted")[-1].payload == {"inputs": {"numero": Decimal(5)}}
    story.do(ChildEnded(call_id(story, "tour"), "sortie", {"n_suivant": 6}))
    assert story.outcome == "sortie"
    assert story.variables == {"n": Decimal(6), "dossier_id": "D1", "issue": "sortie"}


def test_a_child_ended_cancelled_or_failed_reaches_its_parent_once():
    story = Story("appel", {"n": 1, "dossier_id": "D1"})
    first = call_id(story, "tour")
    story.do(ChildEnded(first, "poursuite", {"n_suivant": 2}))
    for again in (ChildEnded(first, "poursuite"), ChildFailed(first, "echec")):
        with pytest.raises(Stale, match="déjà rendu"):
            story.do(again)
    second = call_id(story, "tour")
    story.do(ChildFailed(second, "echec"))
    assert story.tasks == ["reparer"]
    assert "ChildCancelled" not in story.kinds()
    with pytest.raises(Stale):
        story.do(ChildEnded(second, "poursuite"))


def test_a_message_on_a_call_cancels_the_child():
    story = Story("appel", {"n": 1, "dossier_id": "D1"})
    call = call_id(story, "tour")
    story.message("depart")
    assert [f.body["call"] for f in story.of_kind("ChildCancelled")] == [call]
    assert story.outcome == "parti"


def test_a_cancelled_parent_cancels_its_children():
    story = Story("lot", {"dossiers": ["a", "b"]})
    calls = [c.call for c in story.waiting.calls]
    story.do(Cancel("fin"))
    assert [f.body["call"] for f in story.of_kind("ChildCancelled")] == calls


def test_results_of_several_instances_come_in_the_order_of_the_list():
    story = Story("lot", {"dossiers": ["a", "b", "c"]})
    a, b, c = (call.call for call in story.waiting.calls)
    assert [f.payload["inputs"]["dossier_id"] for f in story.of_kind("ChildWanted")] == ["a", "b", "c"]
    for call, present in ((c, False), (a, True), (b, None)):
        story.do(ChildEnded(call, "", {"present": present}))
    story.complete("bilan")
    assert story.variables["presences"] == [True, None, False]
    assert "present" not in story.variables
    assert "dossier_id" not in story.variables


def test_sequential_instances_come_one_after_the_other():
    story = Story("multi", {"dossiers": ["x", "y"]})
    assert story.tasks == ["a", "a"]
    first, second = (t.task for t in story.waiting.tasks)
    assert first != second
    story.complete("a", avis_rendu="oui")
    story.complete("a", avis_rendu="non")
    assert story.tasks == ["b"]
    story.complete("b", vu="x")
    assert story.tasks == ["b"]
    story.complete("b", vu="y")
    story.complete("c", poursuite=False)
    assert story.variables == {"dossiers": ["x", "y"], "avis": ["oui", "non"], "vu": "y", "poursuite": False}


@pytest.mark.parametrize("dossiers", [[], None])
def test_an_empty_list_has_no_instance(dossiers):
    story = Story("multi", {"dossiers": dossiers})
    assert story.tasks == ["c"]


@pytest.mark.parametrize("dossiers", ["texte", list(range(51))])
def test_a_list_that_is_none_or_too_long_is_refused(dossiers):
    with pytest.raises(ModelError) as caught:
        Story("multi", {"dossiers": dossiers})
    assert caught.value.element == "a"


def test_an_error_end_leaves_the_whole_sub_process():
    story = Story("erreur")
    story.complete("controler", refus=True)
    assert story.tasks == ["traiter"]
    assert [f.element for f in story.of_kind("TaskCancelled")] == ["autre"]
    story.complete("traiter")
    assert story.outcome == "refus"


def test_a_sub_process_ends_when_its_last_branch_has_ended():
    story = Story("erreur")
    story.complete("controler", refus=False)
    assert story.tasks == ["autre"]
    story.complete("autre")
    assert story.outcome == "accord"


def test_an_error_that_nobody_catches_ends_the_instance_with_its_code():
    story = Story("erreur_libre")
    story.complete("a")
    (end,) = story.of_kind("InstanceEnded")
    assert end.body == {"outcome": "", "error": "refus"}
    assert [f.element for f in story.of_kind("TaskCancelled")] == ["b"]


def test_the_end_of_a_sub_process_tells_its_issue_to_the_outside():
    story = Story("bloc")
    story.complete("s_preparer")
    story.complete("s_entretien", poursuite=False)
    assert story.variables["issue"] == "tenu"
    assert story.outcome == ""
