"""The studio over HTTP: drafts, findings, comparison, review by a second person; and what is refused."""

from __future__ import annotations

import json
import re

import pytest

from server.actions.sign_in import sign_in
from server.web import make_web
from tests.factories import PASSWORD, World
from tests.small_packages import end, flow, form, package, task

ENTRETIEN = form("entretien", {"type": "textfield", "key": "voie", "label": "Voie"})


def accueil():
    """One task with its form, and no scenario."""
    steps = (flow("debut>entretien"), task("entretien", form="entretien"), flow("entretien>fin"), end("fin", "termine"))
    return package("accueil", *steps, forms=(ENTRETIEN,))


REASON = "Essai sans scénario, voulu pour ce test."


class Visitor:
    """Somebody signed in, with the token that forms post back."""

    def __init__(self, world: World, app, actor) -> None:
        token, _ = sign_in(world.jalon, world.login_of(actor), PASSWORD, "127.0.0.1", world.now)
        self.client = app.test_client()
        self.client.set_cookie("jalon", token)
        self.actor = actor
        page = self.client.get("/studio/accueil/diagramme").text
        self.csrf = (re.search(r'name="csrf" value="([0-9a-f]+)"', page) or [""])[1]

    def get(self, path):
        return self.client.get(path)

    def save(self, name, content, version):
        sent = {"content": content, "version": version}
        return self.client.post(
            f"/studio/accueil/fichier?nom={name}", json=sent, headers={"X-CSRF-Token": self.csrf, "Accept": "application/json"}
        )

    def post(self, path, **form):
        return self.client.post(path, data={"csrf": self.csrf, **form})


@pytest.fixture
def app(world):
    world.publish(accueil())
    return make_web(world.jalon)


@pytest.fixture
def owner(world, app):
    return Visitor(world, app, world.actor("proprietaire", name="Ana Auteur"))


@pytest.fixture
def second(world, app):
    return Visitor(world, app, world.actor("proprietaire", name="Max Relecteur"))


def diagram(owner):
    return owner.get("/studio/accueil/fichier?nom=process.bpmn").json


def renamed(owner):
    """The diagram with its first task renamed, and the row version to send back."""
    told = diagram(owner)
    changed = told["content"].replace('name="entretien"', 'name="Recevoir la personne"')
    assert changed != told["content"]
    return changed, told["version"]


def in_review(owner):
    """A draft that waits for approval; its content hash."""
    changed, version = renamed(owner)
    saved = owner.save("process.bpmn", changed, version).json["version"]
    assert owner.post("/studio/accueil/demander", motif=REASON, seen_version=str(saved)).status_code == 303
    page = owner.get("/studio/accueil/versions").text
    assert "En relecture" in page


def fingerprint(visitor):
    return re.search(r'name="empreinte" value="([0-9a-f]{64})"', visitor.get("/studio/accueil/relecture").text)[1]


def test_the_list_shows_versions_and_drafts(owner):
    assert "Jamais publié" not in owner.get("/studio").text
    changed, version = renamed(owner)
    owner.save("process.bpmn", changed, version)
    assert "Ana Auteur" in owner.get("/studio").text


@pytest.mark.parametrize(
    "part", ["diagramme", "tables", "formulaires", "lettres", "scenarios", "scenarios/texte", "comparaison", "versions", "relecture"]
)
def test_every_part_opens_with_and_without_a_draft(owner, part):
    assert owner.get(f"/studio/accueil/{part}").status_code == 200
    changed, version = renamed(owner)
    owner.save("process.bpmn", changed, version)
    assert owner.get(f"/studio/accueil/{part}").status_code == 200


def test_the_first_save_makes_a_draft_and_tells_the_hour(owner):
    changed, version = renamed(owner)
    assert version == 0
    told = owner.save("process.bpmn", changed, version).json
    assert told["version"] == 1
    assert re.fullmatch(r"Brouillon enregistré à \d+\sh\s\d\d", told["text"])
    assert "Recevoir la personne" in diagram(owner)["content"]


def test_a_stale_save_is_told_who_was_first_and_changes_nothing(owner, second):
    changed, version = renamed(owner)
    owner.save("process.bpmn", changed, version)
    late = second.save("process.bpmn", changed.replace("Recevoir", "Voir"), version)
    assert late.status_code == 409
    assert "Ana Auteur" in late.json["message"] or late.json["holder"] == "Ana Auteur"
    assert "Recevoir la personne" in diagram(owner)["content"]


def test_findings_come_back_with_their_element(owner):
    told = diagram(owner)
    broken = re.sub(r"<zeebe:assignmentDefinition[^>]*/>", "", told["content"], count=1)
    saved = owner.save("process.bpmn", broken, told["version"]).json
    (finding,) = [f for f in saved["findings"] if f["rule"] == "groupe-absent"]
    assert finding["severity"] == "error"
    assert f'data-go="{finding["element"]}"' in saved["html"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../secret", "x"),
        ("autre/x.txt", "x"),
        ("process.bpmn", "a\x00b"),
        ("process.bpmn", "\ud800"),
        ("process.bpmn", 12),
        ("process.bpmn", None),
        ("", "x"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_with_a_sentence(owner, name, content):
    refused = owner.save(name, content, 0)
    assert refused.status_code == 422
    assert refused.json["message"].endswith(".")
    assert diagram(owner)["version"] == 0


def test_a_diagram_that_is_not_xml_is_kept_as_a_draft_and_told(owner):
    saved = owner.save("process.bpmn", "<pas du xml", 0)
    assert saved.status_code == 200
    assert any(finding["severity"] == "error" for finding in saved.json["findings"])
    assert owner.get("/studio/accueil/relecture").status_code == 200
    assert owner.get("/studio/accueil/formulaires").status_code == 200
    assert "erreur" in owner.get("/studio").text


def test_a_post_without_the_pages_token_is_refused(owner):
    assert owner.client.post("/studio/accueil/fichier?nom=process.bpmn", json={"content": "x", "version": 0}).status_code == 400


def test_the_comparison_tells_the_change_in_a_sentence(owner):
    changed, version = renamed(owner)
    owner.save("process.bpmn", changed, version)
    assert "Recevoir la personne" in owner.get("/studio/accueil/comparaison").text


def test_a_package_without_scenario_needs_a_written_reason(owner):
    changed, version = renamed(owner)
    saved = owner.save("process.bpmn", changed, version).json["version"]
    assert owner.post("/studio/accueil/demander", motif="  ", seen_version=str(saved)).status_code == 422
    assert owner.post("/studio/accueil/demander", motif=REASON, seen_version=str(saved)).status_code == 303


def test_a_draft_with_errors_is_not_sent_to_review(owner):
    told = diagram(owner)
    broken = re.sub(r"<zeebe:assignmentDefinition[^>]*/>", "", told["content"], count=1)
    saved = owner.save("process.bpmn", broken, told["version"]).json["version"]
    assert owner.post("/studio/accueil/demander", motif=REASON, seen_version=str(saved)).status_code == 422


def test_a_second_owner_publishes_what_was_asked(owner, second):
    in_review(owner)
    done = second.post("/studio/accueil/approuver", empreinte=fingerprint(second))
    assert done.status_code == 303
    page = second.get("/studio/accueil/versions").text
    assert "Max Relecteur" in page
    assert "Remplacée" in page


def test_its_author_never_publishes(owner, second):
    in_review(owner)
    seen = fingerprint(second)
    assert 'name="empreinte"' not in owner.get("/studio/accueil/relecture").text
    assert owner.post("/studio/accueil/approuver", empreinte=seen).status_code in (403, 422)
    assert "Remplacée" not in owner.get("/studio/accueil/versions").text


def test_any_change_voids_the_review(owner, second):
    in_review(owner)
    seen = fingerprint(second)
    told = diagram(owner)
    owner.save("process.bpmn", told["content"].replace("Recevoir", "Accueillir"), told["version"])
    assert second.post("/studio/accueil/approuver", empreinte=seen).status_code == 409


def test_a_refusal_says_why_and_leaves_the_draft(owner, second):
    in_review(owner)
    assert second.post("/studio/accueil/refuser", motif=" ").status_code == 422
    assert second.post("/studio/accueil/refuser", motif="Le nom est trop long.").status_code == 303
    assert "Le nom est trop long." in owner.get("/studio/accueil/versions").text
    assert "Recevoir la personne" in diagram(owner)["content"]


def test_auditors_read_and_do_not_write_and_agents_see_nothing(world, app):
    auditor = Visitor(world, app, world.actor("auditeur"))
    assert auditor.get("/studio/accueil/diagramme").status_code == 200
    assert "data-save>" not in auditor.get("/studio/accueil/diagramme").text
    assert auditor.save("process.bpmn", "<a/>", 0).status_code == 403
    agent = Visitor(world, app, world.agent())
    assert agent.get("/studio").status_code == 403
    assert agent.get("/studio/accueil/fichier?nom=process.bpmn").status_code == 403


def test_the_package_of_another_departement_does_not_exist(world, app):
    other = Visitor(world, app, world.actor("proprietaire", departement="94", territories=()))
    assert other.get("/studio/accueil/diagramme").status_code == 404
    assert other.save("process.bpmn", "<a/>", 0).status_code in (404, 422)


def preview(visitor, content):
    answer = visitor.client.post("/studio/accueil/apercu", json={"content": content}, headers={"X-CSRF-Token": visitor.csrf})
    assert answer.status_code == 200
    return answer.json["html"]


def test_the_preview_is_the_servers_own_drawing(owner):
    schema = {"id": "f", "components": [{"type": "textfield", "key": "nom", "label": "Nom", "validate": {"required": True}}]}
    assert '<label class="form-label" for="f-nom">Nom</label>' in preview(owner, json.dumps(schema))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "pas lisible"),
        ("[]", "components"),
        ('{"id": "f", "components": [{"type": "iframe", "id": "c"}]}', "autre site"),
        ('{"id": "f", "components": [{"type": "text", "text": "{{"}]}', ""),
        ("[" * 5000, "pas lisible"),
        ('{"id": "f", "components": [{"type": "html", "content": "<script>x()</script>ok"}]}', "ok"),
    ],
)
def test_the_preview_of_a_faulty_form_is_a_sentence(owner, content, word):
    html = preview(owner, content)
    assert word in html
    assert "<script" not in html


def test_a_first_form_is_written_for_a_task_that_names_none(owner):
    told = diagram(owner)
    changed = re.sub(r'formId="[^"]+"', 'formId="nouveau"', told["content"], count=1)
    assert changed != told["content"]
    owner.save("process.bpmn", changed, told["version"])
    assert "« nouveau »" in owner.get("/studio/accueil/formulaires").text.replace("\u00a0", " ")
    assert owner.post("/studio/accueil/formulaires/premier", formulaire="nouveau").status_code == 303
    written = json.loads(owner.get("/studio/accueil/fichier?nom=forms/nouveau.form").json["content"])
    assert written["id"] == "nouveau"
    assert owner.post("/studio/accueil/formulaires/premier", formulaire="../x").status_code == 404
