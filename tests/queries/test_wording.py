"""What screens say of a case: its answers, outcomes, deadlines and next steps in the words of its own versions."""

from __future__ import annotations

from datetime import date

import pytest

from server.actions.complete_task import complete_task
from server.queries.case_detail import case_page
from server.queries.replay import replay_page
from server.queries.task import task_page
from server.queries.wording import event_words, group_words, words_of_versions
from server.store.cases import find_tasks
from server.store.tables import task as task_table
from server.store.work import reading
from tests.small_packages import end, flow, form, gate, package, task, timer

CHOICES = [{"value": "a_construire", "label": "À construire"}, {"value": "pret", "label": "Défini"}]
SPEAKING = package(
    "accueil",
    flow("debut>entretien"),
    task("entretien", form="entretien", due='= echeance("orientation", dossier.ouverture)'),
    timer("rappel", "entretien", "P10D"),
    flow("rappel>relance"),
    task("relance"),
    flow("relance>fin_relance"),
    end("fin_relance"),
    flow("entretien>choix"),
    gate("choix", "choix_fin"),
    flow("choix>suite", '= projet = "a_construire"'),
    flow("choix>fin"),
    task("suite", "referent"),
    flow("suite>fin"),
    end("fin", "termine").replace('id="fin"', 'id="fin" name="Entretien terminé"'),
    forms=(
        form(
            "entretien",
            {"type": "radio", "key": "projet", "label": "Projet professionnel", "values": CHOICES},
            {"type": "number", "key": "heures", "label": "Heures par semaine"},
        ),
    ),
)


@pytest.fixture
def case(world):
    world.publish(SPEAKING)
    return world.case("accueil")


def open_tasks(world, case):
    with reading(world.jalon.database) as work:
        return {one.element: one for one in find_tasks(work, (task_table.c.case_id == case.case_id) & (task_table.c.status == "open"))}


def answer(world, case, element, by, **answers):
    waiting = open_tasks(world, case)[element]
    complete_task(world.jalon, by, waiting.id, answers, waiting.version, f"{element}-{case.case_id}", world.now)


def test_answers_are_told_with_the_label_and_the_option_of_their_form(world, case):
    answer(world, case, "entretien", world.agent(), projet="a_construire", heures="15")
    (told,) = case_page(world.jalon, world.agent(), case.case_id, world.now).answers
    assert [(term, str(value)) for term, value in told.lines] == [("Projet professionnel", "À construire"), ("Heures par semaine", "15")]


def test_replay_tells_the_same_words_and_no_code(world, case):
    answer(world, case, "entretien", world.agent(), projet="a_construire", heures="15")
    page = replay_page(world.jalon, world.actor("auditeur"), case.case_id, world.now)
    (done,) = [fact for fact in page.facts if fact.kind == "TaskCompleted"]
    assert ("Projet professionnel", "À construire") in done.lines
    assert "a_construire" not in str([fact.lines for fact in page.facts])


def test_an_outcome_is_told_by_the_name_of_the_end_that_gives_it(world, case):
    answer(world, case, "entretien", world.agent(), projet="pret")
    page = case_page(world.jalon, world.agent(), case.case_id, world.now)
    assert [one.outcome for one in page.ended_instances] == ["Entretien terminé"]
    assert page.path_words == "Aucune étape en cours"


def test_a_deadline_that_was_kept_says_so_and_one_that_was_not_says_by_how_much(world, case):
    late = world.case("accueil")
    answer(world, case, "entretien", world.agent(), projet="a_construire")
    world.later(days=17)  # 15 days from 2 March end on 17 March; the 19th is two days late
    answer(world, late, "entretien", world.agent(), projet="a_construire")
    kept = case_page(world.jalon, world.agent(), case.case_id, world.now).deadlines
    missed = case_page(world.jalon, world.agent(), late.case_id, world.now).deadlines
    assert [(one.name, one.target.date(), one.target_days) for one in kept if one.done_at] == [("entretien", date(2026, 3, 17), 0)]
    assert [one.target_days for one in missed if one.done_at] == [2]


def test_a_running_deadline_and_its_reminder_are_two_lines_with_their_reason(world, case):
    lines = case_page(world.jalon, world.agent(), case.case_id, world.now).deadlines
    assert [(one.target.date(), bool(one.target_why)) for one in lines if one.target][-1] == (date(2026, 3, 17), True)
    assert len(lines) == 2


def test_what_follows_names_who_works_next_and_the_ends(world, case):
    waiting = open_tasks(world, case)["entretien"]
    steps = task_page(world.jalon, world.agent(), waiting.id, world.now).next_steps
    assert steps == ("tâche « suite », équipe Référents", "fin de l'étape, « Entretien terminé »")


def test_groups_and_events_have_words_even_when_they_are_new():
    assert group_words("ep_secretariat") == "Secrétariat d'EP"
    assert group_words("groupe_inconnu") == "Groupe inconnu"
    assert event_words("regularisation_constatee") == "régularisation constatée"


def test_a_code_that_two_fields_call_differently_stays_a_code(world, case):
    words = words_of_versions(world.jalon, [("accueil", package_of(world, case))])
    assert words.line("autre", "a_construire")[1] == "À construire"
    assert words.line("autre", "inconnu")[1] == "inconnu"
    assert words.text("projet = a_construire") == "projet = À construire"


def package_of(world, case):
    page = case_page(world.jalon, world.agent(), case.case_id, world.now)
    return page.open_instances[0].package_id
