"""Bad input through HTTP, one kind a line: each is refused in words with the right status, and nothing is written."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from server.store.sql import func, select
from server.store.tables import case_file, document, draft, fact, task
from server.store.work import reading
from tests.web.visiting import BASE, Site, words_of

HEADS = "N° CAF;Civilité;Nom;Prénom;Date de naissance;Date d'ouverture;Rôle;Pôle"
LINE = "1234567;Madame;DURAND;Léa;01/02/1990;02/03/2026;DEM;I"


def kept(site: Site) -> tuple[int, ...]:
    """How many cases, done tasks, drafts and facts of cases there are."""
    with reading(site.world.jalon.database) as work:
        counts = [work.value(select(func.count()).select_from(table)) for table in (case_file, draft, document)]
        done = work.value(select(func.count()).select_from(task).where(task.c.status == "done"))
        facts = work.value(select(func.count()).select_from(fact).where(fact.c.chain.not_like("registre:%")))
    return (*counts, done, facts)


def workbook(sheet: bytes) -> bytes:
    """An XLSX whose only sheet holds these bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        relations = "http://schemas.openxmlformats.org/package/2006/relationships"
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


# Files -----------------------------------------------------------------------------------------------------------------

FILES = {
    "an empty file": ("vide.csv", b""),
    "only line ends": ("vide.csv", b"\r\n\r\n\n"),
    "a PDF under the name of a CSV": ("liste.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj"),
    "a picture": ("liste.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64),
    "UTF-16": ("liste.csv", f"{HEADS}\n{LINE}\n".encode("utf-16")),
    "bytes of no known encoding": ("liste.csv", b"Nom;Pr\x81nom\n\x8d\x8f\x90;\x9d\n"),
    "the same column twice": ("liste.csv", f"{HEADS};Nom\n{LINE};DUPOND\n".encode()),
    "a ZIP that is no workbook": ("liste.xlsx", b"PK\x03\x04" + b"\x00" * 200),
    "a workbook that unpacks to 200 MB": ("liste.xlsx", workbook(b"<worksheet><sheetData>" + b" " * 200_000_000)),
    "a workbook whose sheet is cut": ("liste.xlsx", workbook(b'<worksheet xmlns="x"><sheetData><row><c')),
    "a workbook with an external entity": (
        "liste.xlsx",
        workbook(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet><sheetData>&b;</sheetData></worksheet>'),
    ),
    "a line of a million columns": ("liste.csv", f"{HEADS}\n".encode() + b";" * 1_000_000 + b"\n"),
    "a cell of two megabytes": ("liste.csv", f"{HEADS}\n1234567;Madame;".encode() + b"A" * 2_000_000 + b"\n"),
    "a program": ("liste.exe", b"MZ\x90\x00"),
}


def test_a_bad_file_is_refused_in_words_and_writes_nothing(site):
    agent, before, wrong = site.visitor(site.world.agent("Agente")), kept(site), {}
    for kind, (name, content) in FILES.items():
        answer = agent.send_file("/imports", name, content, modele="entrants")
        page = words_of(agent.get(answer.location)) if answer.status_code == 303 else words_of(answer)
        nothing_to_take = answer.status_code == 303 and "0 à créer" in page  # read, and the page says why no line can be taken
        if not nothing_to_take and answer.status_code not in (413, 422):
            wrong[kind] = (answer.status_code, page[:300])
    assert wrong == {}
    assert kept(site) == before


def test_a_file_over_forty_megabytes_is_refused(site):
    answer = site.visitor(site.world.agent("Agente")).send_file("/imports", "gros.csv", b"a" * (41 * 1024 * 1024), modele="entrants")
    assert answer.status_code == 413
    assert "taille permise" in words_of(answer)


def test_no_file_and_an_unknown_layout_are_refused(site):
    agent = site.visitor(site.world.agent("Agente"))
    assert agent.post("/imports", {"modele": "entrants"}).status_code == 422
    assert agent.send_file("/imports", "a.csv", f"{HEADS}\n{LINE}\n".encode(), modele="autre").status_code == 422


def test_a_cell_that_looks_like_a_formula_comes_back_as_text(site):
    bad = LINE.replace("DURAND", '=CMD("calc")').replace("02/03/2026", "pas une date")
    agent = site.visitor(site.world.agent("Agente"))
    sent = agent.send_file("/imports", "formule.csv", f"{HEADS}\n{bad}\n".encode(), modele="entrants")
    rejects = agent.get(f"{sent.location}/refus.csv").text
    assert "CMD" in rejects
    assert not any(cell.strip('"').startswith(("=", "+", "-", "@")) for row in rejects.splitlines() for cell in row.split(";"))


# Forms -----------------------------------------------------------------------------------------------------------------

GOOD = {"voie": "social", "seen_version": "1", "key": "une-cle-d-essai"}
FORMS = {
    "no version seen": ({"seen_version": ""}, 422, "expiré"),
    "a version that is no number": ({"seen_version": "1; DROP TABLE task"}, 422, "expiré"),
    "a version too large for any database": ({"seen_version": "9" * 40}, 409, "changé pendant votre saisie"),
    "a version of 5,000 digits": ({"seen_version": "9" * 5000}, 422, "expiré"),
    "a negative version": ({"seen_version": "-1"}, 409, "changé pendant votre saisie"),
    "a required answer missing": ({"voie": ""}, 422, "1 réponse est à corriger"),
    "a text of 300,000 signs": ({"voie": "a" * 300_000}, 413, "trop volumineux"),
    "a NUL": ({"voie": "so\x00cial"}, 422, "NUL"),
    "letters for a number": ({"freins": "beaucoup"}, 422, "corriger"),
    "an infinite number": ({"freins": "1e999999"}, 422, "corriger"),
    "a number that is none": ({"freins": "NaN"}, 422, "corriger"),
    "several values for one answer": ({"voie": ["social", "pro"]}, 422, "corriger"),
    "an object for an answer": ({"voie.a": "x", "voie": ""}, 422, "corriger"),
    "six thousand fields": ({f"champ{n}": "x" for n in range(6000)}, 413, "trop de champs"),
}


def test_a_bad_form_is_refused_in_words_and_writes_nothing(site):
    case = site.world.case("accueil")
    (waiting,) = site.tasks(case.case_id)
    agent, before, wrong = site.visitor(site.world.agent("Agente")), kept(site), {}
    for kind, (changed, status, words) in FORMS.items():
        answer = agent.post(f"/taches/{waiting.id}", GOOD | changed)
        if answer.status_code != status or words not in words_of(answer):
            wrong[kind] = (answer.status_code, words_of(answer)[:400])
    assert wrong == {}
    assert kept(site) == before


@pytest.mark.parametrize(
    "bomb", [{"voie" + "[0]" * 2000: "x"}, {"voie[1000000000]": "x"}, {"a." * 5000: "x"}, {"__proto__.x": "1"}, {"voie[-1]": "x"}]
)
def test_a_name_that_would_unfold_without_end_is_refused_or_ignored(site, bomb):
    case = site.world.case("accueil")
    (waiting,) = site.tasks(case.case_id)
    answer = site.visitor(site.world.agent("Agente")).post(f"/taches/{waiting.id}", GOOD | bomb)
    assert answer.status_code in (303, 413, 422)


def test_bytes_that_are_no_text_never_break_the_service(site):
    case = site.world.case("accueil")
    (waiting,) = site.tasks(case.case_id)
    agent = site.visitor(site.world.agent("Agente"))
    body = f"csrf={agent.csrf()}&voie=so%ED%B3%BFcial%FF&seen_version=1&key=une-cle-d-essai"
    answer = agent.client.post(f"/taches/{waiting.id}", data=body, content_type="application/x-www-form-urlencoded", base_url=BASE)
    assert answer.status_code in (303, 422)


def test_fields_that_the_form_does_not_have_are_not_kept(site):
    case = site.world.case("accueil")
    (waiting,) = site.tasks(case.case_id)
    agent = site.visitor(site.world.agent("Agente"))
    assert agent.post(f"/taches/{waiting.id}", GOOD | {"departement": "94", "issue": "retabli"}).status_code == 303
    with reading(site.world.jalon.database) as work:
        assert "retabli" not in " ".join(str(row.line) for row in work.rows(select(fact.c.line).where(fact.c.chain == case.case_id)))


def test_a_post_without_key_is_still_done_once_for_its_version(site):
    case = site.world.case("accueil")
    (waiting,) = site.tasks(case.case_id)
    agent = site.visitor(site.world.agent("Agente"))
    form = {name: value for name, value in GOOD.items() if name != "key"}
    assert agent.post(f"/taches/{waiting.id}", form).status_code == 303
    assert agent.post(f"/taches/{waiting.id}", form).status_code == 409


def test_an_event_that_nobody_may_record_is_refused(site):
    case = site.world.case("accueil")
    agent, before = site.visitor(site.world.agent("Agente")), kept(site)
    for event in ("", "inconnu", "avis_ep", "mutation' OR 1=1"):
        assert agent.post(f"/dossiers/{case.case_id}/evenements", {"evenement": event}).status_code == 422, event
    assert kept(site) == before


def test_a_session_on_a_bad_day_is_refused(site):
    secretary = site.visitor(site.world.actor("secretariat_ep", name="Secrétaire"))
    for day in ("", "demain", "31/02/2026", "2026-02-31", "0000-00-00", "9999-12-31T00:00", "2020-01-01"):
        assert secretary.post("/seances", {"pole": "13-I", "date": day, "nom": "EP"}).status_code == 422, day


def test_an_account_of_another_place_or_without_role_is_refused(site):
    administrator = site.visitor(site.world.actor("administrateur", name="Administratrice"))
    for form in (
        {"identifiant": "", "nom": "Sans identifiant", "roles": "agent"},
        {"identifiant": "x", "nom": "", "roles": "agent"},
        {"identifiant": "sans-role", "nom": "Sans rôle"},
        {"identifiant": "faux-role", "nom": "Faux rôle", "roles": "roi"},
        {"identifiant": "ailleurs", "nom": "Ailleurs", "roles": "agent", "poles": "94-T1"},
        {"identifiant": "nulle-part", "nom": "Nulle part", "roles": "agent", "poles": "inconnu"},
    ):
        assert administrator.post("/comptes", form).status_code in (404, 422), form


# Addresses -------------------------------------------------------------------------------------------------------------

ADDRESSES = [
    "/taches?apres=pas-un-curseur", "/taches?apres=WzEsMiwzXQ", "/taches?apres=WyIyMDI2IiwiMjAyNiIsIjEiXQ", "/taches?par_page=-1", "/taches?par_page=1000000",
    "/taches?liste=autre", "/taches?pole=94-T1", "/taches?q=%25%5F%27%22%3B--", "/taches?groupe=%27", "/taches?etape=%2F%2F%2F", "/taches?q=" + "a" * 5000,
    "/dossiers?apres=~", "/dossiers?apres=2026-03-02~%00", "/dossiers?mois=2026-13", "/dossiers?mois=abcdefg", "/dossiers?jalon=autre", "/dossiers?q=%00",
    "/dossiers?q=%F0%9F%98%80", "/dossiers?pole=94-T1", "/dossiers?q=%25", "/dossiers?etape=%25",
    "/indicateurs?mois=2026-99", "/indicateurs?mois=zzzz-zz", "/indicateurs/export.csv?mois=%27",
    "/parametres?au=2026-02-30", "/parametres?au=hier", "/parametres?au=0001-01-01", "/parametres?au=9999-12-31", "/parametres?pole=94-T1",
    "/imports/inconnu", "/imports/%00", "/taches/%00", "/dossiers/" + "a" * 3000, "/dossiers/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/static/../server/app.py", "/static/%2e%2e/server/app.py", "/static/theme/absent.css", "/nulle/part",
]  # fmt: skip


def test_a_bad_address_never_breaks_the_service(site):
    site.world.case("accueil")
    agent = site.visitor(site.world.agent("Agente"))
    answers = {address: agent.get(address).status_code for address in ADDRESSES}
    assert {address: status for address, status in answers.items() if status not in (200, 302, 400, 404, 422)} == {}
    assert answers["/static/%2e%2e/server/app.py"] == 404
    assert "94-T1" not in agent.get("/dossiers?pole=94-T1").text.replace("pole=94-T1", "")


def test_a_replay_of_a_bad_fact_shows_the_last_or_the_first(site):
    case = site.world.case("accueil")
    auditor = site.visitor(site.world.actor("auditeur", name="Auditrice"))
    for step in ("0", "-4", "999999999999999999999", "abc", "²", "%00"):
        assert auditor.get(f"/dossiers/{case.case_id}/rejeu?fait={step}").status_code in (200, 422)


# JSON ------------------------------------------------------------------------------------------------------------------

BODIES = {
    "nothing": b"",
    "no JSON": b"voie=social",
    "JSON cut short": b'{"answers": {',
    "a list": b"[]",
    "a number": b"3",
    "no key": b'{"answers": {}, "seen_version": 1}',
    "a version in words": b'{"answers": {}, "seen_version": "un", "key": "12345678"}',
    "answers that are no object": b'{"answers": [1], "seen_version": 1, "key": "12345678"}',
    "a nest of ten thousand lists": b'{"answers": {"voie": ' + b"[" * 10_000 + b"]" * 10_000 + b'}, "seen_version": 1, "key": "12345678"}',
    "a number of 5,000 digits": b'{"answers": {"voie": ' + b"9" * 5000 + b'}, "seen_version": 1, "key": "12345678"}',
    "NaN": b'{"answers": {"freins": NaN, "voie": "x"}, "seen_version": 1, "key": "12345678"}',
    "an object for a text": b'{"answers": {"voie": {"a": 1}}, "seen_version": 1, "key": "12345678"}',
    "NUL": b'{"answers": {"voie": "a\\u0000b"}, "seen_version": 1, "key": "12345678"}',
    "half a surrogate pair": b'{"answers": {"voie": "a\\ud800b"}, "seen_version": 1, "key": "12345678"}',
    "bytes that are not UTF-8": b'{"answers": {"voie": "\xff"}, "seen_version": 1, "key": "12345678"}',
    "the same name twice, the last one wrong": b'{"answers": {"voie": "x"}, "answers": 4, "seen_version": 1, "key": "12345678"}',
}


def test_a_bad_json_body_is_refused_as_json_and_writes_nothing(site):
    case = site.world.case("accueil")
    (waiting,) = site.tasks(case.case_id)
    agent, before, wrong = site.visitor(site.world.agent("Agente")), kept(site), {}
    headers = {"X-CSRF-Token": agent.csrf()}
    for kind, body in BODIES.items():
        path = f"/api/tasks/{waiting.id}/complete"
        answer = agent.client.post(path, data=body, content_type="application/json", base_url=BASE, headers=headers)
        if answer.status_code not in (400, 413, 422) or "message" not in json.loads(answer.text):
            wrong[kind] = (answer.status_code, answer.text[:300])
    assert wrong == {}
    assert kept(site) == before


QUERIES = ["par_page=0", "par_page=1e9", "par_page=abc", "liste=autre", "apres=%7B", f"apres={'x' * 500}", f"q={'x' * 500}", "q=%00"]


def test_a_bad_query_of_the_api_is_refused_as_json(site):
    agent = site.visitor(site.world.agent("Agente"))
    answers = {query[:20]: agent.ask("GET", f"/api/tasks?{query}") for query in QUERIES}
    assert {query: answer.status_code for query, answer in answers.items() if answer.status_code != 422} == {}
    assert all(answer.json["message"] for answer in answers.values())


def test_a_message_that_no_diagram_knows_is_kept_and_said(site):
    case = site.world.case("accueil")
    answer = site.visitor(site.world.agent("Agente")).ask(
        "POST", f"/api/cases/{case.case_id}/messages", {"name": "inconnu", "variables": {}}
    )
    assert answer.status_code in (200, 422)
    assert answer.status_code == 422 or answer.json["received"] is False
