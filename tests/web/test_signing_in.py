"""Signing in and out over HTTP, cookies, forged posts, and the headers of every page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.access.permissions import Permission
from tests.factories import PASSWORD
from tests.web.test_doors import address, doors
from tests.web.visiting import words_of


def sign(visitor, login, password=PASSWORD, **more):
    return visitor.post("/connexion", {"identifiant": login, "mot_de_passe": password, **more})


def alert(page):
    return page.text.split('role="alert"')[1].split("</h2>")[0]


@pytest.fixture
def login(site):
    return site.world.login_of(site.world.agent("Awa Diop"))


def test_the_right_password_opens_the_first_page_of_the_profile(site, login):
    visitor = site.visitor()
    assert sign(visitor, login).status_code == 302
    assert visitor.get("/").location == "/taches"
    assert "Awa Diop" in visitor.get("/taches").text


def test_each_profile_has_a_first_page_that_it_may_open(site):
    pages = {
        "auditeur": "/dossiers",
        "proprietaire": "/studio",
        "administrateur": "/comptes",
        "membre_ep": "/seances",
        "decideur": "/taches",
    }
    for role, page in pages.items():
        visitor = site.visitor(site.world.actor(role, name=f"Essai {role}"))
        assert visitor.get("/").location == page
        assert visitor.get(page).status_code == 200


def test_a_wrong_login_and_a_wrong_password_are_told_alike(site, login):
    visitor = site.visitor()
    wrong = sign(visitor, login, "pas le bon mot de passe")
    unknown = sign(visitor, "personne", "pas le bon mot de passe")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert alert(wrong) == alert(unknown)
    assert f'value="{login}"' in wrong.text  # the login that was typed stays, the password never does
    assert "pas le bon" not in wrong.text


def test_the_sixth_wrong_password_must_wait_and_the_right_one_too(site, login):
    visitor = site.visitor()
    assert [sign(visitor, login, "faux").status_code for _ in range(5)] == [422] * 5
    refused = sign(visitor, login)
    assert refused.status_code == 429
    assert "Attendez" in words_of(refused)
    site.world.jalon.clock.advance(timedelta(minutes=16))
    assert sign(visitor, login).status_code == 302


def test_the_cookie_is_for_this_site_over_https_and_out_of_reach_of_scripts(site, login):
    cookie = next(line for line in sign(site.visitor(), login).headers.getlist("Set-Cookie") if line.startswith("jalon="))
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    "target", ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "javascript:alert(1)", "ailleurs"]
)
def test_signing_in_never_leads_to_another_site(site, login, target):
    assert sign(site.visitor(), login, suite=target).location == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked(site, login):
    asked = site.visitor().get("/dossiers?q=Dupont")
    assert asked.location == "/connexion?suite=/dossiers?q%3DDupont"
    assert sign(site.visitor(), login, suite="/dossiers?q=Dupont").location == "/dossiers?q=Dupont"


def test_signing_out_ends_the_session_on_the_server(site):
    visitor = site.visitor(site.world.agent("Awa Diop"))
    token = visitor.client.get_cookie("jalon", domain="jalon.test").value
    assert visitor.post("/deconnexion").location == "/connexion"
    kept = site.visitor()
    kept.client.set_cookie("jalon", token, domain="jalon.test", secure=True)  # somebody kept a copy
    assert kept.get("/taches").status_code == 302


def test_a_session_ends_after_two_hours_without_use(site):
    visitor = site.visitor(site.world.agent("Awa Diop"))
    site.world.jalon.clock.advance(timedelta(hours=1, minutes=59))
    assert visitor.get("/taches").status_code == 200
    site.world.jalon.clock.advance(timedelta(hours=2, minutes=1))
    assert visitor.get("/taches").status_code == 302


def test_a_forged_post_is_refused_everywhere(site):
    visitor = site.visitor(site.world.actor("agent", "responsable", "secretariat_ep", "proprietaire", "auditeur", "administrateur"))
    for rule, method, permission in doors(site.app):
        if method != "POST" or permission is Permission.ANYONE:
            continue
        path = address(rule, {})
        for token in ("", "faux", "é" * 64):
            answer = visitor.client.post(path, data={"csrf": token}, base_url="https://jalon.test")
            assert answer.status_code == 400, path


def test_the_token_of_somebody_else_does_not_do(site):
    mine, theirs = site.visitor(site.world.agent("Awa Diop")), site.visitor(site.world.agent("Benoît Roy"))
    assert mine.csrf() != theirs.csrf()
    assert mine.client.post("/deconnexion", data={"csrf": theirs.csrf()}, base_url="https://jalon.test").status_code == 400


def test_every_page_has_its_headers_and_only_the_editors_may_write_styles(site):
    site.world.case("accueil")
    visitor = site.visitor(site.world.actor("agent", "responsable", "secretariat_ep", "proprietaire", "auditeur", "administrateur"))
    loose = set()
    for rule, method, _ in doors(site.app):
        if method != "GET" or rule.endpoint == "static":
            continue
        answer = visitor.get(address(rule, {"slug": "accueil"}))
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'", rule.rule
        assert policy["script-src"] == "'self'", rule.rule
        assert policy["frame-ancestors"] == "'none'", rule.rule
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        if "unsafe" in str(policy):
            loose.add(rule.endpoint)
    assert loose == {"studio.diagram", "studio.tables", "studio.forms"}


def test_no_page_holds_a_script_a_style_or_an_address_of_elsewhere(site):
    case = site.world.case("accueil")
    (waiting,) = site.tasks(case.case_id)
    visitor = site.visitor(site.world.actor("agent", "responsable", "auditeur", "administrateur"))
    for path in (
        "/taches?liste=prendre",
        f"/taches/{waiting.id}",
        f"/dossiers/{case.case_id}",
        f"/dossiers/{case.case_id}/rejeu",
        "/comptes",
        "/imports",
    ):
        page = visitor.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert "<script>" not in page
        assert 'src="http' not in page
        assert 'href="http' not in page
