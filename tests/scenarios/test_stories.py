"""A story is played on the packages, its children, its messages and its clock; every difference is told."""

import pytest

from server.catalog import read_package
from server.kernel.values import to_plain
from server.scenarios import coverage_of, play, run_tables
from tests.scenarios.worlds import HERE, library, package, story

WHOLE = """
dossier: {ouverture: 2026-01-02, naissance: 2005-03-01}
etapes:
  - verifier: {taches: [t], messages: []}
  - le: 2026-01-07 10:00
    tache: t
    par: ep_secretariat
    reponses: {venu: true, date_rdv: 2026-01-07}
  - verifier: {taches: [t], echeances: {t: 2026-01-17}, messages: [avis_ep]}
  - le: 2026-01-09
    tache: t
    par: referent
    reponses: {venu: true, date_rdv: 2026-01-12}
fin:
  etat: termine
  issue: rendu
  taches: []
  faits: {oriente: {le: 2026-01-07}}
  courriers: [convocation]
  messages: [avis_ep]
  decisions: {voie: [jeune]}
"""


@pytest.fixture
def shelf(tmp_path):
    return library(tmp_path)


def test_a_story_with_a_child_and_a_message_between_them_passes(shelf):
    played = play(story(WHOLE, "avis"), shelf)
    assert played.problems == ()
    assert [(i.process, i.outcome) for i in played.instances.values()] == [("avis", "rendu"), ("entretien", "venue")]


def test_a_story_gives_the_same_facts_with_emptied_caches_between_any_two_steps(shelf):
    def trace(*, fresh):
        played = play(story(WHOLE, "avis"), shelf, fresh=fresh)
        return [(h.instance.id, h.fact.kind, h.fact.at, h.fact.element, to_plain(dict(h.fact.body))) for h in played.history]

    assert trace(fresh=True) == trace(fresh=False)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("issue: rendu", "issue: refuse", "l'issue attendue est « refuse », elle est « rendu »"),
        ("etat: termine", "etat: ouvert", "l'état attendu est « ouvert », il est « termine »"),
        ("echeances: {t: 2026-01-17}", "echeances: {t: 2026-01-18}", "l'échéance de « t » devait être 2026-01-18, elle est 2026-01-17"),
        ("courriers: [convocation]", "courriers: []", "les courriers attendus sont [], ceux demandés sont [convocation]"),
        ("messages: [avis_ep]\n  decisions", "messages: []\n  decisions", "les messages attendus sont [], ceux envoyés sont [avis_ep]"),
        ("voie: [jeune]", "voie: [autre]", "la décision « voie » devait prendre [autre], elle a pris [jeune]"),
        ("oriente: {le: 2026-01-07}", "oriente: {le: 2026-01-08}", "attendu 2026-01-08, trouvé 2026-01-07"),
        ("oriente: {le: 2026-01-07}", "sanction: {}", "le fait « sanction » n'est pas inscrit"),
        ("taches: [t], messages: []", "taches: [t, u], messages: []", "les tâches attendues sont [t, u], celles ouvertes sont [t]"),
        ("par: referent", "par: decision", "la tâche est proposée à referent, pas à « decision »"),
        ("date_rdv: 2026-01-12", "date_rdv: lundi", "le formulaire refuse date_rdv"),
        ("tache: t\n    par: referent", "tache: u\n    par: referent", "la tâche « u » n'est pas ouverte. Tâches ouvertes : t."),
        ("le: 2026-01-09", "le: 2026-01-06", "L'histoire reculerait"),
        ("le: 2026-01-09", "le: 2026-01-20", "la tâche « t » n'est pas ouverte"),
    ],
)
def test_every_difference_is_told(shelf, old, new, told):
    assert old in WHOLE
    problems = play(story(WHOLE.replace(old, new), "avis"), shelf).problems
    assert any(told in p for p in problems), problems


def test_a_form_that_must_refuse_leaves_the_task_open(shelf):
    text = """
etapes:
  - {tache: t, reponses: {venu: true}, refus: [date_rdv]}
  - verifier: {taches: [t]}
fin: {etat: ouvert}
"""
    assert play(story(text, "avis"), shelf).passed
    wrong = text.replace("{venu: true}", "{venu: true, date_rdv: 2026-01-06}")
    assert "devait refuser date_rdv" in play(story(wrong, "avis"), shelf).problems[0]


TIMER = """
etapes:
  - message: avis_ep
    variables: {sens: favorable}
  - verifier: {taches: [t]}
  - attendre: P9D
  - verifier: {taches: [t]}
  - attendre: P1D
fin: {issue: expire, variables: {sens: favorable}}
"""


def test_a_timer_fires_at_its_due_time_and_not_before(shelf):
    played = play(story(TIMER, "entretien"), shelf)
    assert played.problems == ()
    (fired,) = [h.fact.at for h in played.history if h.fact.kind == "TimerFired"]
    assert fired.isoformat() == "2026-01-15T08:00:00+00:00"


def test_a_message_nobody_waits_for_is_told_unless_it_is_meant(shelf):
    alone = "etapes:\n  - message: sortie_du_droit\nfin: {etat: ouvert}"
    assert "personne n'attend ce message" in play(story(alone, "entretien"), shelf).problems[0]
    meant = alone.replace("sortie_du_droit", "sortie_du_droit\n    sans_attente: true")
    assert play(story(meant, "entretien"), shelf).passed
    wrong = meant.replace("sortie_du_droit", "avis_ep")
    assert "personne ne devait attendre" in play(story(wrong, "entretien"), shelf).problems[0]


def test_a_message_with_the_key_of_another_case_wakes_nobody(shelf):
    text = "etapes:\n  - {message: avis_ep, cle: autre-dossier, sans_attente: true}\nfin: {etat: ouvert}"
    assert play(story(text, "entretien"), shelf).passed


def test_a_parent_that_leaves_cancels_its_child_and_is_not_told_of_it(shelf):
    text = "etapes:\n  - message: sortie_du_droit\nfin: {issue: sortie, taches: []}"
    played = play(story(text, "suspendre"), shelf)
    assert played.problems == ()
    assert [i.status for i in played.instances.values()] == ["ended", "cancelled"]


def test_a_called_process_can_be_played_instead_of_run(shelf):
    text = "appels: {entretien: {issue: venue, sorties: {venu: true}}}\nfin: {issue: entendue}"
    played = play(story(text, "suspendre"), shelf)
    assert played.problems == ()
    assert len(played.instances) == 1


def test_a_golden_letter_is_compared_with_the_last_one_written(shelf):
    asked = WHOLE + "lettres_attendues: {convocation: rendue}\n"
    missing = play(story(asked, "avis"), shelf).problems
    assert "le fichier letters/expected/rendue.md manque" in missing[0]
    good = package("avis", **{"letters/expected/rendue.md": "# Votre avis\n\nRendu le 7\u00a0janvier 2026, Camille EXEMPLE.\n"})
    assert play(story(asked, "avis"), shelf.with_package("avis", good)).problems == ()
    other = package("avis", **{"letters/expected/rendue.md": "# Votre avis\n\nAutre texte.\n"})
    assert "diffère" in play(story(asked, "avis"), shelf.with_package("avis", other)).problems[0]


def test_a_process_that_no_package_has_is_told(shelf):
    assert "n'est dans aucun paquet" in play(story("fin: {issue: x}", "absent"), shelf).problems[0]


def test_coverage_tells_the_flows_and_events_that_no_story_crosses(shelf):
    child = shelf.packages["entretien"]
    played = [play(story(WHOLE, "avis"), shelf)]
    covered = coverage_of(child, played, run_tables(child))
    assert covered.missed == {
        "flux": ["Flux_limite_fin_c", "Flux_x_fin_b"],
        "evenements": ["limite"],
        "regles": ["Table_voie/autre"],
    }
    assert not covered.complete
    timer = play(story(TIMER.replace("etapes:", "dossier: {naissance: 1980-01-01}\netapes:"), "entretien"), shelf)
    absent = play(story(WHOLE.replace("{venu: true, date_rdv: 2026-01-12}", "{venu: false, date_rdv: 2026-01-12}"), "avis"), shelf)
    assert coverage_of(child, [*played, timer, absent], run_tables(child)).complete


def test_a_story_without_parameters_tells_the_delay_that_is_missing():
    text = "etapes:\n  - message: avis_ep\nfin: {etat: ouvert}"
    assert "Le délai « entretien »" in play(story(text, "entretien"), library()).problems[0]


def test_the_packages_of_these_tests_are_as_they_lie_in_their_folder():
    assert read_package(HERE / "avis", HERE / "absent").process_id == "avis"
