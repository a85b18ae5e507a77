"""The JSON API: the same guards and verbs as the pages; and imports, on the page and through the API, end to end."""

from __future__ import annotations

import json
import re
import time

import pytest

from server.store.sql import func, select
from server.store.tables import case_file
from server.store.work import reading
from tests.factories import PASSWORD
from tests.web.test_bad_input import HEADS, LINE
from tests.web.visiting import BASE, Visitor, words_of

BAD = LINE.replace("1234567", "7654321").replace("01/02/1990", "31/02/1990")
FILE = f"{HEADS}\n{LINE}\n{BAD}\n"


class Program:
    """A program with its bearer token and no cookie."""

    def __init__(self, site, actor) -> None:
        self.client = site.app.test_client()
        told = self.ask("POST", "/api/session", {"login": site.world.login_of(actor), "password": PASSWORD})
        self.token = told.json["token"]

    def ask(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        return self.client.open(path, method=method, json=body, base_url=BASE, headers=headers)


@pytest.fixture
def agent(site):
    return Program(site, site.world.agent("Awa Diop"))


@pytest.fixture
def waiting(site):
    return site.tasks(site.world.case("accueil").case_id)[0]


def cases(site):
    with reading(site.world.jalon.database) as work:
        return work.value(select(func.count()).select_from(case_file))


def test_the_description_is_open_and_names_every_path_of_the_api(site):
    told = json.loads(site.visitor().get("/api/openapi.json").text)
    assert told["openapi"].startswith("3.1")
    described = {path.replace("{", "<").replace("}", ">") for path in told["paths"]}
    served = {
        rule.rule for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/api/") and rule.endpoint != "api-docs.openapi_json"
    }
    assert described == served
    for path in told["paths"].values():
        for method, operation in path.items():
            if method in ("get", "post"):
                assert operation["responses"]
                assert operation["summary"]


def test_a_wrong_password_gives_no_token(site):
    login = site.world.login_of(site.world.agent("Awa Diop"))
    answer = site.app.test_client().post("/api/session", json={"login": login, "password": "faux"}, base_url=BASE)
    assert answer.status_code == 422
    assert answer.json == {"message": answer.json["message"]}


def test_without_token_or_with_a_wrong_one_the_answer_is_401_in_json(site, agent):
    agent.token = "faux"
    assert (agent.ask("GET", "/api/tasks").status_code, agent.ask("GET", "/api/tasks").json["message"]) == (
        401,
        "Connectez-vous pour continuer.",
    )


def test_a_cookie_alone_needs_the_page_s_token_too(site, waiting):
    visitor = site.visitor(site.world.agent("Awa Diop"))
    assert visitor.client.post(f"/api/tasks/{waiting.id}/claim", json={}, base_url=BASE).status_code == 400
    assert visitor.ask("POST", f"/api/tasks/{waiting.id}/claim", {}).status_code == 204


def test_a_program_lists_reads_claims_and_completes(site, agent, waiting):
    listed = agent.ask("GET", "/api/tasks?liste=prendre").json
    assert [task["task_id"] for task in listed["tasks"]] == [waiting.id]
    assert agent.ask("POST", f"/api/tasks/{waiting.id}/claim").status_code == 204
    one = agent.ask("GET", f"/api/tasks/{waiting.id}").json
    assert one["form"]["id"] == "entretien"
    assert one["may_work"] is True
    body = {"answers": {"voie": "social", "freins": 2}, "seen_version": one["seen_version"], "key": "programme-1"}
    done = agent.ask("POST", f"/api/tasks/{waiting.id}/complete", body)
    assert (done.status_code, done.json["case_id"]) == (200, waiting.case_id)
    assert agent.ask("POST", f"/api/tasks/{waiting.id}/complete", body).json == done.json  # the same key again
    assert [task.element for task in site.tasks(waiting.case_id)] == ["suite"]


def test_refused_answers_come_with_their_keys(agent, waiting):
    answer = agent.ask("POST", f"/api/tasks/{waiting.id}/complete", {"answers": {"freins": "x"}, "seen_version": 1, "key": "programme-1"})
    assert answer.status_code == 422
    assert [fault["key"] for fault in answer.json["errors"]] == ["voie", "freins"]


def test_who_comes_second_gets_who_and_when(site, agent, waiting):
    agent.ask("POST", f"/api/tasks/{waiting.id}/claim")
    second = Program(site, site.world.agent("Benoît Roy")).ask("POST", f"/api/tasks/{waiting.id}/claim")
    assert second.status_code == 409
    assert (second.json["holder"], second.json["since"]) == ("Awa Diop", "2026-03-02T12:00:00+00:00")


def test_a_released_task_is_free_again(site, agent, waiting):
    agent.ask("POST", f"/api/tasks/{waiting.id}/claim")
    assert agent.ask("POST", f"/api/tasks/{waiting.id}/release").status_code == 204
    assert site.tasks(waiting.case_id)[0].holder_id is None


def test_an_auditor_may_not_complete(site, waiting):
    auditor = Program(site, site.world.actor("auditeur", name="Auditrice"))
    body = {"answers": {"voie": "x"}, "seen_version": 1, "key": "programme-1"}
    assert auditor.ask("POST", f"/api/tasks/{waiting.id}/complete", body).status_code == 403


def test_a_session_is_planned_only_by_its_secretary(site, agent):
    assert agent.ask("POST", "/api/sessions", {"territory_id": "13-I", "held_on": "2026-04-01"}).status_code == 403


# Imports ---------------------------------------------------------------------------------------------------------------


def finished(visitor: Visitor, address: str) -> str:
    """The import's page once its run in the background is over."""
    for _ in range(100):
        if visitor.get(f"{address}/avancement").json["etat"] not in ("tried", "running"):
            break
        time.sleep(0.1)
    return words_of(visitor.get(address))


def test_a_file_is_tried_then_run_and_its_refused_line_comes_back(site):
    agent = site.visitor(site.world.agent("Awa Diop"))
    sent = agent.send_file("/imports", "entrants.csv", FILE.encode(), modele="entrants")
    page = words_of(agent.get(sent.location))
    assert "1 à créer" in page
    assert "1 refusées" in page or "1 refusée" in page
    assert cases(site) == 0  # nothing is written by a try
    agent.post(f"{sent.location}/lancer")
    assert "Terminé" in finished(agent, sent.location)
    assert cases(site) == 1
    rejects = agent.get(f"{sent.location}/refus.csv").data.decode("utf-8-sig")
    assert "7654321" in rejects
    assert "1234567" not in rejects
    assert "DURAND" in agent.get("/dossiers").text


def test_the_same_file_twice_changes_nothing(site):
    agent = site.visitor(site.world.agent("Awa Diop"))
    for _ in range(2):
        sent = agent.send_file("/imports", "entrants.csv", FILE.encode(), modele="entrants")
        agent.post(f"{sent.location}/lancer")
        page = finished(agent, sent.location)
    assert "1 sans changement" in page
    assert cases(site) == 1


def test_columns_chosen_once_are_kept_for_the_next_file(site):
    agent = site.visitor(site.world.agent("Awa Diop"))
    odd = FILE.replace("N° CAF", "Réf. allocataire bizarre")
    sent = agent.send_file("/imports", "odd.csv", odd.encode(), modele="entrants")
    assert "0 à créer" in words_of(agent.get(sent.location))
    selects = re.findall(r'name="(colonne\.\w+)">(.*?)</select>', agent.get(sent.location).text, re.DOTALL)
    known = ((name, re.search(r"<option selected>([^<]+)", options)) for name, options in selects)
    form = {name: found[1].replace("&#39;", "'") for name, found in known if found} | {"colonne.matricule": "Réf. allocataire bizarre"}
    again = agent.post(f"{sent.location}/colonnes", form)
    assert "1 à créer" in words_of(agent.get(again.location))
    assert "1 à créer" in words_of(agent.get(agent.send_file("/imports", "odd2.csv", odd.encode(), modele="entrants").location))


def test_a_program_imports_too(site, agent):
    body = '--x\r\nContent-Disposition: form-data; name="fichier"; filename="e.csv"\r\n\r\n' + FILE + "\r\n--x--\r\n"
    headers = {"Authorization": f"Bearer {agent.token}"}
    sent = agent.client.post(
        "/api/imports", data=body.encode(), content_type="multipart/form-data; boundary=x", base_url=BASE, headers=headers
    )
    assert (sent.status_code, sent.json["to_create"], sent.json["refused"]) == (201, 1, 1)
    done = agent.ask("POST", f"/api/imports/{sent.json['id']}/run").json
    assert (done["status"], done["done_rows"]) == ("done", 2)
    assert cases(site) == 1
