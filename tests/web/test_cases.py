"""The case over HTTP: its page, its events, its files, its replay and the proof that leaves with the auditor."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import pytest

from server.kernel.ids import new_id
from server.store.sql import func, select
from server.store.tables import document, fact, person
from server.store.work import reading, unit_of_work
from tests.web.visiting import words_of


@pytest.fixture
def case(site):
    return site.world.case("accueil", last_name="Exemple")


@pytest.fixture
def agent(site):
    return site.visitor(site.world.agent("Awa Diop"))


@pytest.fixture
def auditor(site):
    return site.visitor(site.world.actor("auditeur", name="Auditrice"))


def test_the_page_says_where_the_person_stands_and_why_each_date(agent, case):
    page = words_of(agent.get(f"/dossiers/{case.case_id}"))
    assert "Exemple Léa" in page
    assert "En attente : entretien" in page.replace("\u00a0", " ")
    assert "Pourquoi cette date ?" in page.replace("\u00a0", " ")
    assert "Ouvert le 02/03/2026" in page


def test_a_case_is_found_by_its_number_and_by_the_beginning_of_a_name(agent, case):
    assert agent.get(f"/dossiers?q={case.number}").location == f"/dossiers/{case.case_id}"
    assert case.case_id in agent.get("/dossiers?q=exemp").text
    assert case.case_id not in agent.get("/dossiers?q=autre").text


def test_an_event_that_nobody_waits_for_is_kept_and_said(agent, site, case):
    sent = agent.post(f"/dossiers/{case.case_id}/evenements", {"evenement": "mutation", "precision": "Départ pour le 94"})
    page = agent.get(sent.location).text.replace("\u00a0", " ")
    assert "aucune étape ne l’attendait : départ du département" in page
    assert "mutation" not in words_of(agent.get(sent.location)).lower()


def test_an_event_posted_twice_is_recorded_once(agent, site, case):
    for _ in range(2):
        agent.post(f"/dossiers/{case.case_id}/evenements", {"evenement": "mutation", "key": "une-cle-d-essai"})
    with reading(site.world.jalon.database) as work:
        assert work.value(select(func.count()).select_from(fact).where(fact.c.kind == "MessageUnexpected")) == 1


def test_a_person_who_closes_the_page_in_a_hurry_changes_nothing(agent, site, case):
    with reading(site.world.jalon.database) as work:
        before = work.value(select(func.count()).select_from(fact).where(fact.c.chain == case.case_id))
    for _ in range(3):
        agent.get(f"/dossiers/{case.case_id}")
    with reading(site.world.jalon.database) as work:
        assert work.value(select(func.count()).select_from(fact).where(fact.c.chain == case.case_id)) == before


def test_a_document_is_a_file_that_the_browser_never_runs(agent, site, case):
    row = {"id": new_id(), "case_id": case.case_id, "kind": "lettre", "title": "Notification é", "media_type": "text/html"}
    content = b"<p>Bonjour</p><script>alert(1)</script>"
    with unit_of_work(site.world.jalon.database) as work:
        work.insert(document, [row | {"content": content, "sha256": "0" * 64, "created_at": site.world.now}])
    answer = agent.get(f"/dossiers/{case.case_id}/documents/{row['id']}")
    assert answer.data == content
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Notification%20%C3%A9.html" in answer.headers["Content-Disposition"]


def test_the_diagram_of_an_instance_says_what_is_done_and_where_it_stands(agent, case):
    told = agent.get(f"/dossiers/{case.case_id}/diagramme/{case.instance_id}").json
    assert told["active"] == ["entretien"]
    assert "debut" in told["done"]
    assert told["xml"].startswith("<?xml")


def test_the_frames_of_a_replay_name_the_version_of_the_time(auditor, case):
    told = auditor.get(f"/dossiers/{case.case_id}/rejeu/images.json").json
    (diagram,) = told["diagrams"].values()
    assert diagram["version"] == "Version 1"
    assert set(told["instances"].values()) == set(told["diagrams"])


def test_a_replay_is_green_only_after_the_calculation(auditor, case):
    assert "pas encore été vérifié" in auditor.get(f"/dossiers/{case.case_id}/rejeu").text.replace("\u00a0", " ")
    checked = words_of(auditor.post(f"/dossiers/{case.case_id}/rejeu/verifier")).replace("\u00a0", " ")
    assert "Historique vérifié du fait 1 au fait" in checked
    assert "chaque état recalculé est identique" in checked


def test_a_history_that_somebody_changed_is_shown_broken_where_it_breaks(auditor, site, case):
    with unit_of_work(site.world.jalon.database) as work:
        third = work.rows(select(fact.c.line).where(fact.c.chain == case.case_id, fact.c.seq == 3))[0].line
        changed = third.replace(b"debut", b"fin")
        assert changed != third
        work.execute(fact.update().where(fact.c.chain == case.case_id, fact.c.seq == 3).values(line=changed))
    page = words_of(auditor.post(f"/dossiers/{case.case_id}/rejeu/verifier")).replace("\u00a0", " ")
    assert "rompu au fait 3" in page
    assert "Historique vérifié" not in page


def test_each_reading_by_an_auditor_is_recorded(auditor, site, case):
    auditor.get(f"/dossiers/{case.case_id}/rejeu")
    with reading(site.world.jalon.database) as work:
        read = work.rows(select(fact.c.line).where(fact.c.kind == "CaseRead"))
    assert len(read) == 1
    assert "Auditrice" in read[0].line.decode()


def test_the_proof_checks_itself_with_python_alone(auditor, case, tmp_path):
    answer = auditor.post(f"/dossiers/{case.case_id}/rejeu/preuve")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        packed.extractall(tmp_path)
        names = packed.namelist()
    scripts = [name for name in names if name.endswith(".py")]
    lines = [name for name in names if name.endswith(".jsonl")]
    assert (len(scripts), len(lines)) == (1, 1)
    verdict = subprocess.run([sys.executable, "-I", scripts[0], lines[0]], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    (tmp_path / lines[0]).write_text((tmp_path / lines[0]).read_text().replace("debut", "fin", 1))
    assert subprocess.run([sys.executable, "-I", scripts[0], lines[0]], cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_a_name_that_looks_like_html_is_shown_as_text(agent, site):
    case = site.world.case("accueil", last_name="<script>alert(1)</script>")
    for path in (f"/dossiers/{case.case_id}", "/dossiers", "/taches?liste=prendre"):
        assert "<script>alert" not in agent.get(path).text


def test_the_number_of_social_security_is_whole_for_few_and_masked_for_others(agent, site):
    case = site.world.case("accueil", nir="185057800608436")
    manager = site.visitor(site.world.responsable())
    assert "185057800608436" in agent.get(f"/dossiers/{case.case_id}").text
    masked = manager.get(f"/dossiers/{case.case_id}").text
    assert "185057800608436" not in masked
    assert "masqué pour votre profil" in masked
    with reading(site.world.jalon.database) as work:
        kept = work.rows(select(person).where(person.c.id == case.person_id))[0]
    assert "185057800608436" not in str(kept)
