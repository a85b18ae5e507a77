"""What a story may expect of slips, sessions, milestones and waiting calls."""

from itertools import pairwise

import pytest

from server.scenarios import play
from tests.scenarios.worlds import library, package, story

JOBS = """
etapes: []
fin:
  issue: fait
  bordereaux: [{taux: 50, du: 2026-01-05}]
  inscriptions: [{rang: premier}]
  faits: [oriente, sortie]
  messages: []
"""
BODY = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
    '<bpmn:process id="jobs" isExecutable="true"><bpmn:startEvent id="s"/>{tasks}<bpmn:endEvent id="e"><bpmn:extensionElements><zeebe:properties>'
    '<zeebe:property name="issue" value="fait"/></zeebe:properties></bpmn:extensionElements></bpmn:endEvent>{flows}</bpmn:process></bpmn:definitions>'
)


def job(name, kind, headers="", inputs="", properties=""):
    inputs = inputs or '<zeebe:input source="= 1" target="un"/>'
    return (
        f'<bpmn:serviceTask id="{name}"><bpmn:extensionElements><zeebe:taskDefinition type="{kind}"/><zeebe:taskHeaders>{headers}</zeebe:taskHeaders>'
        f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping><zeebe:properties>{properties}</zeebe:properties></bpmn:extensionElements></bpmn:serviceTask>"
    )


def shelf(*tasks):
    """A library with one process that does these jobs in turn."""
    ids = ["s", *(t.split('id="')[1].split('"')[0] for t in tasks), "e"]
    flows = "".join(f'<bpmn:sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairwise(ids)))
    made = package(
        "avis", **{"process.bpmn": BODY.format(tasks="".join(tasks), flows=flows), "package.toml": 'id = "jobs"\ntitle = "Jobs"\n'}
    )
    return library().with_package("jobs", made)


WHOLE = (
    job("caf", "bordereau_caf", inputs='<zeebe:input source="= 50" target="taux"/><zeebe:input source="= dossier.ouverture" target="du"/>'),
    job("ep", "inscrire_seance", inputs='<zeebe:input source="premier" target="rang"/>'),
    job("f1", "fait", '<zeebe:header key="nom" value="oriente"/>', '<zeebe:input source="= dossier.ouverture" target="le"/>'),
    job("f2", "fait", '<zeebe:header key="nom" value="sortie"/>', '<zeebe:input source="emploi" target="motif"/>'),
)


def test_slips_sessions_and_milestones_are_seen():
    assert play(story(JOBS, "jobs"), shelf(*WHOLE)).problems == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("taux: 50", "taux: 60", "les bordereaux, n° 1, taux : attendu 60, trouvé 50"),
        ("bordereaux: [{taux: 50, du: 2026-01-05}]", "bordereaux: []", "les bordereaux : 0 attendus, 1 trouvés"),
        ("rang: premier", "rang: second", "les inscriptions en séance, n° 1, rang : attendu second, trouvé premier"),
        ("[oriente, sortie]", "[oriente]", "les faits attendus sont [oriente], ceux inscrits sont [oriente, sortie]"),
        ("[oriente, sortie]", "{sortie: {motif: décès}}", "le fait « sortie », motif : attendu décès, trouvé emploi"),
        ("messages: []", "variables: {absente: {x: vrai}}", "les variables, absente, x : attendu vrai, trouvé rien"),
        ("messages: []", "decisions: {voie: [jeune]}", "la décision « voie » n'a pas été prise"),
        ("messages: []", "limites: {t: 2026-01-01}", "la limite de « t » : la tâche n'est pas ouverte"),
        ("etapes: []", "etapes: [{retour: caf}]", "« caf » n'attend aucun retour"),
        ("etapes: []", "etapes: [{attendre: P1M}]", "n'est pas une durée en jours et heures"),
    ],
)
def test_each_difference_is_told(old, new, told):
    problems = play(story(JOBS.replace(old, new), "jobs"), shelf(*WHOLE)).problems
    assert any(told in p for p in problems), problems


def test_an_outside_call_that_is_waited_for_returns_by_the_story():
    waiting = job("appel", "bordereau_caf", properties='<zeebe:property name="attendre" value="oui"/>')
    text = "etapes:\n  - verifier: {taches: []}\n  - {retour: appel, resultat: {accepte: true}}\nfin: {issue: fait, variables: {accepte: true}}"
    assert play(story(text, "jobs"), shelf(waiting)).problems == ()
    assert "il est « ouvert »" in play(story("fin: {etat: termine}", "jobs"), shelf(waiting)).problems[0]


def test_a_process_started_beside_runs_in_the_same_story():
    starting = job("dem", "demarrer", '<zeebe:header key="processus" value="entretien"/>')
    played = play(story("fin: {issue: fait, taches: []}", "jobs"), shelf(starting))
    assert played.problems == ()
    assert [i.process for i in played.instances.values()] == ["jobs", "entretien"]


def test_a_letter_that_lacks_a_value_is_told_with_its_element():
    letter = job("ecrire", "courrier", '<zeebe:header key="modele" value="convocation"/>')
    (problem,) = play(story("fin: {issue: fait}", "jobs"), shelf(letter)).problems
    assert "Courrier « convocation » (ecrire)" in problem


def test_a_message_sent_to_a_list_reaches_each_key():
    sending = job(
        "env",
        "message",
        '<zeebe:header key="nom" value="avis_ep"/>',
        "<zeebe:input source='= [{cle: \"a\", variables: {sens: 1}}, {cle: dossier.id}]' target='envois'/>",
    )
    wanted = "fin: {issue: fait, messages: [avis_ep], envois: [{cle: a, variables: {sens: 1}}, {nom: avis_ep, cle: dossier-essai}]}"
    assert play(story(wanted, "jobs"), shelf(sending)).problems == ()
    wrong = wanted.replace("sens: 1", "sens: 2")
    assert play(story(wrong, "jobs"), shelf(sending)).problems == ("à la fin : les envois, n° 1, variables, sens : attendu 2, trouvé 1.",)
