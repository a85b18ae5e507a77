"""The inbox and the task page over HTTP: sent once, refused with what was typed, stale, kept, taken, given."""

from __future__ import annotations

import pytest

from server.store.sql import func, select
from server.store.tables import fact
from server.store.work import reading
from tests.web.visiting import words_of

ANSWERS = {"voie": "social", "seen_version": "1", "key": "une-cle-d-essai"}


@pytest.fixture
def waiting(site):
    return site.tasks(site.world.case("accueil").case_id)[0]


@pytest.fixture
def awa(site):
    return site.visitor(site.world.agent("Awa Diop"))


@pytest.fixture
def benoit(site):
    return site.visitor(site.world.agent("Benoît Roy"))


def facts(site):
    with reading(site.world.jalon.database) as work:
        return work.value(select(func.count()).select_from(fact))


def test_the_list_says_the_person_the_step_the_deadline_and_the_team_in_words(awa, waiting):
    page = words_of(awa.get("/taches?liste=prendre"))
    assert "Léa" in page
    assert "entretien" in page
    assert "mar. 17 mars" in page  # 15 days after 2 March
    assert "Orientation" in page
    assert "À prendre 1" in page


def test_a_sent_form_goes_on_and_says_so(awa, site, waiting):
    sent = awa.post(f"/taches/{waiting.id}", ANSWERS)
    assert (sent.status_code, sent.location) == (303, "/taches")
    assert "C’est envoyé" in awa.get("/taches").text
    assert [task.element for task in site.tasks(waiting.case_id)] == ["suite"]


def test_the_next_task_opens_when_it_is_mine(site, waiting):
    both = site.visitor(site.world.actor("agent", "referent", name="Claire Les-Deux"))
    sent = both.post(f"/taches/{waiting.id}", ANSWERS | {"enchainer": "1"})
    (following,) = site.tasks(waiting.case_id)
    assert sent.location == f"/taches/{following.id}"


def test_the_same_form_posted_twice_is_done_once(awa, site, waiting):
    awa.post(f"/taches/{waiting.id}", ANSWERS)
    before = facts(site)
    assert awa.post(f"/taches/{waiting.id}", ANSWERS).status_code == 303
    assert facts(site) == before


def test_a_refused_form_comes_back_with_what_was_typed_and_the_list_of_faults(awa, waiting):
    page = awa.post(f"/taches/{waiting.id}", ANSWERS | {"voie": "", "freins": "douze & demi"})
    assert page.status_code == 422
    assert "2 réponses sont à corriger" in page.text
    assert 'value="douze &amp; demi"' in page.text
    assert page.text.index("f-voie") < page.text.index("f-freins")
    assert "<title>Erreur : " in page.text.replace("\u00a0", " ")


def test_a_stale_page_says_who_was_first_and_when_and_keeps_what_was_typed(awa, benoit, site, waiting):
    awa.post(f"/taches/{waiting.id}", ANSWERS)
    late = benoit.post(f"/taches/{waiting.id}", ANSWERS | {"key": "une-autre-cle", "voie": "professionnelle, très précisément"})
    assert late.status_code == 409
    assert "Awa Diop" in words_of(late)
    assert "13 h 00" in words_of(late).replace("\u00a0", " ")  # noon UTC in Paris, in winter
    assert "professionnelle, très précisément" in late.text
    assert "Voie" in words_of(late)


def test_a_draft_is_kept_as_typed_and_given_back(awa, waiting):
    kept = awa.ask("POST", f"/taches/{waiting.id}/brouillon")
    assert kept.status_code == 200
    awa.post(f"/taches/{waiting.id}/brouillon", {"voie": "à moit", "freins": "deux"})
    page = awa.get(f"/taches/{waiting.id}").text
    assert 'value="à moit"' in page
    assert 'value="deux"' in page
    assert "Votre brouillon est repris" in page


def test_later_keeps_the_form_and_leaves_the_task_open(awa, site, waiting):
    assert awa.post(f"/taches/{waiting.id}", {"bouton": "plus-tard", "voie": "soc"}).location == "/taches"
    assert len(site.tasks(waiting.case_id)) == 1
    assert 'value="soc"' in awa.get(f"/taches/{waiting.id}").text


def test_a_draft_left_by_a_colleague_says_whose_it_is(awa, benoit, waiting):
    awa.post(f"/taches/{waiting.id}/brouillon", {"voie": "soc"})
    assert "Brouillon laissé par Awa Diop" in benoit.get(f"/taches/{waiting.id}").text.replace("\u00a0", " ")


def test_who_takes_second_is_told_who_holds_it(awa, benoit, waiting):
    assert awa.post(f"/taches/{waiting.id}/prendre").status_code == 303
    assert awa.post(f"/taches/{waiting.id}/prendre").status_code == 303  # again changes nothing
    late = benoit.post(f"/taches/{waiting.id}/prendre")
    assert late.status_code == 409
    assert "Awa Diop" in words_of(late)
    assert benoit.post(f"/taches/{waiting.id}", ANSWERS | {"seen_version": "2"}).status_code == 409


def test_a_task_given_back_can_be_taken_by_another(awa, benoit, site, waiting):
    awa.post(f"/taches/{waiting.id}/prendre")
    assert awa.post(f"/taches/{waiting.id}/rendre").location == "/taches"
    assert benoit.post(f"/taches/{waiting.id}/prendre").status_code == 303
    assert site.tasks(waiting.case_id)[0].holder_name == "Benoît Roy"


def test_a_manager_gives_a_task_to_who_may_do_it_and_to_nobody_else(awa, site, waiting):
    manager = site.visitor(site.world.responsable())
    agent, referent = site.world.agent("Awa Diop"), site.world.referent("Rémi Referent")
    assert manager.post(f"/taches/{waiting.id}/confier", {"agent": referent.user_id}).status_code == 422
    assert manager.post(f"/taches/{waiting.id}/confier", {"agent": "inconnu"}).status_code == 422
    assert awa.post(f"/taches/{waiting.id}/confier", {"agent": agent.user_id}).status_code == 403
    assert manager.post(f"/taches/{waiting.id}/confier", {"agent": agent.user_id}).status_code == 303
    assert "Awa Diop" in words_of(manager.get(f"/taches/{waiting.id}"))


def test_the_most_urgent_task_is_taken_and_then_none_is_left(awa, waiting):
    assert awa.post("/taches/prendre-la-plus-urgente").location == f"/taches/{waiting.id}"
    awa.post("/taches/prendre-la-plus-urgente")
    assert "Aucune tâche n’attend" in awa.get("/taches").text.replace("\u00a0", " ")


def test_a_task_of_another_team_can_be_read_and_says_why_it_cannot_be_done(site, waiting):
    decider = site.visitor(site.world.actor("decideur", name="Dina Décideuse"))
    page = words_of(decider.get(f"/taches/{waiting.id}"))
    assert "vous pouvez lire cette tâche, pas la terminer" in page.lower()
    assert "« Orientation »" in page.replace("\u00a0", " ")
    assert decider.post(f"/taches/{waiting.id}", ANSWERS).status_code == 403


def test_an_empty_list_says_why(awa, site):
    assert "Rien n’attend non plus" in awa.get("/taches").text
    assert "Aucune tâche ne correspond aux filtres" in awa.get("/taches?liste=prendre&q=zzz").text
    apart = site.visitor(site.world.actor("agent", territories=(), name="Sans Pôle"))
    assert "n’a pas encore d’équipe ou de territoire" in apart.get("/taches?liste=prendre").text


def test_a_list_goes_on_page_by_page_without_repeating(awa, site):
    for _ in range(30):
        site.world.case("accueil")
    first = awa.get("/taches?liste=prendre")
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = awa.get(following)
    shown = [{part.split('"')[0] for part in page.text.split('class="open" href="')[1:]} for page in (first, second)]
    assert (len(shown[0]), len(shown[1])) == (25, 5)
    assert not shown[0] & shown[1]


def test_the_export_has_a_line_per_task_and_no_formula(awa, site):
    site.world.case("accueil", last_name="=HYPERLINK()")
    text = awa.get("/taches/export.csv?liste=prendre").data.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 2
    assert ";=HYPERLINK" not in text
