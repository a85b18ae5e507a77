"""Every route names what it needs, and every door answers each role as that need says; ids from elsewhere look like unknown ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from werkzeug.routing import Rule

from server.access.permissions import Permission
from server.actions.hold_session import hold_session
from server.actions.open_case import open_case
from server.actions.publish_from_folders import publish_packages
from server.actions.try_import import try_import
from server.kernel.actor import ROLES, machine
from server.kernel.ids import new_id
from server.store.sql import select
from server.store.tables import document, import_run, instance
from server.store.work import reading, unit_of_work
from tests.factories import World
from tests.small_packages import accueil, end, flow, package, task
from tests.web.visiting import Site, Visitor, site_on

ENTRANTS = (
    "N° CAF;Civilité;Nom;Prénom;Date de naissance;Date d'ouverture;Rôle;Pôle\n1234567;Madame;DURAND;Léa;01/02/1990;02/03/2026;DEM;I\n"
)

ONE_KIND = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # the walks ask the guard; the lists below run on both


def doors(app: Flask) -> Iterator[tuple[Rule, str, Permission | None]]:
    """(rule, method, permission) of every route."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            of_class = getattr(getattr(view, "view_class", None), method.lower(), None)
            yield rule, method, getattr(of_class or view, "permission", None)


def address(rule: Rule, ids: dict[str, str]) -> str:
    """The route's address with these ids."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids.get(found[1], "inconnu"), rule.rule)


WHOLE = {"seen_version": "1", "evenement": "mutation", "actif": "1"}  # so that only the id can be refused
WHOLE_JSON = {"answers": {}, "seen_version": 1, "key": "une-cle-d-essai", "name": "mutation"}


def ask(visitor: Visitor, method: str, path: str):
    if path.startswith("/api/"):
        return visitor.ask(method, path, WHOLE_JSON if method == "POST" else None)
    return visitor.get(path) if method == "GET" else visitor.post(path, WHOLE)


@pytest.fixture
def furnished(world: World) -> tuple[Site, dict[str, dict[str, str]]]:
    """A site with something of each kind at home (13-I), in another territory and in another département; and their ids."""
    session = package("seance_ep", flow("debut>preparer"), task("preparer", "ep_secretariat"), flow("preparer>fin"), end("fin"))
    for code in ("13", "94"):
        publish_packages(world.jalon, machine(code, "ligne_de_commande"), {"accueil": accueil(), "seance_ep": session}, world.now)
    site = site_on(world)
    ids = {"ici": things(world, "13-I"), "autre pôle": things(world, "13-II"), "autre département": things(world, "94-T1")}
    ids["inconnu"] = {name: new_id() for name in ids["ici"]}
    return site, ids


def things(world: World, territory: str) -> dict[str, str]:
    """A case, its task, its instance, a document, a session, an import and an account of a territory."""
    departement = territory.partition("-")[0]
    names = {"last_name": f"Personne {territory}", "first_names": "Léa", "birth_date": date(1990, 5, 17)}
    case = open_case(world.jalon, machine(departement, "import"), names, None, territory, world.now.date(), world.now, process="accueil")
    secretary = world.actor("secretariat_ep", territories=(territory,), departement=departement, name=f"Secrétaire {territory}")
    agent = world.actor("agent", territories=(territory,), departement=departement, name=f"Agente {territory}")
    piece = {"id": new_id(), "case_id": case.case_id, "kind": "piece", "title": "Pièce", "media_type": "text/plain", "content": b"bonjour"}
    with unit_of_work(world.jalon.database) as work:
        work.insert(document, [piece | {"sha256": "0" * 64, "created_at": world.now}])
    found = Site(world, None).tasks(case.case_id)[0]  # type: ignore[arg-type] # tasks are read without the web
    return {
        "case_id": case.case_id,
        "task_id": found.id,
        "instance_id": case.instance_id,
        "document_id": piece["id"],
        "session_id": hold_session(world.jalon, secretary, territory, date(2026, 4, 1), "EP", world.now),
        "run_id": try_import(world.jalon, agent, "entrants.csv", ENTRANTS.encode(), None, "entrants", world.now),
        "user_id": agent.user_id,
    }


def test_every_route_declares_its_permission(site):
    assert [f"{method} {rule.rule}" for rule, method, permission in doors(site.app) if permission is None] == []


def test_the_public_pages_are_these_and_no_others(site):
    public = {rule.rule for rule, _, permission in doors(site.app) if permission is Permission.ANYONE}
    assert public == {
        "/", "/accessibilite", "/aide", "/api/openapi.json", "/api/session", "/connexion", "/donnees-personnelles", "/logiciels", "/sante",
        "/static/<path:name>",
    }  # fmt: skip


def test_nobody_enters_without_signing_in(furnished):
    site, ids = furnished
    stranger = site.visitor()
    for rule, method, permission in doors(site.app):
        if permission is Permission.ANYONE:
            continue
        path = address(rule, ids["ici"])
        answer = ask(stranger, method, path)
        if method == "GET" and not path.startswith("/api/"):
            assert (answer.status_code, answer.location.split("?")[0]) == (302, "/connexion"), path
        else:
            assert answer.status_code == 401, (method, path)


@pytest.mark.slow  # some ninety doors for each of nine roles
@ONE_KIND
@pytest.mark.parametrize("role", ROLES)
def test_a_role_enters_its_doors_and_no_others(furnished, role):
    site, ids = furnished
    visitor = site.visitor(site.world.actor(role, name=f"Essai {role}"))
    mine = ids["ici"] | {"slug": "accueil"}
    for rule, method, permission in doors(site.app):
        if rule.endpoint in ("login.sign_out", "static", "studio.read_file"):
            continue  # these need more than an id
        assert permission is not None
        allowed = permission is Permission.ANYONE or role in permission.roles
        path = address(rule, mine)
        if not allowed:
            assert ask(visitor, method, path).status_code == 403, (method, path)
        elif method == "GET":
            assert ask(visitor, method, path).status_code in (200, 302), path


@pytest.mark.slow  # every door with an id, four times
@ONE_KIND
@pytest.mark.parametrize(
    "role", ["agent", "referent", "responsable", "secretariat_ep", "membre_ep", "decideur", "auditeur", "administrateur"]
)
def test_an_id_from_elsewhere_looks_like_an_unknown_one(furnished, role):
    site, ids = furnished
    visitor = site.visitor(site.world.actor(role, name=f"Essai {role}"))
    everywhere = role in ("auditeur", "administrateur")
    for rule, method, permission in doors(site.app):
        names = set(rule.arguments) & set(ids["ici"])
        if not names or permission is None or role not in permission.roles:
            continue
        answers = {}
        for place in ("autre pôle", "autre département", "inconnu"):
            if place == "autre pôle" and (everywhere or names & {"run_id", "user_id"}):
                continue  # an auditor reads the whole département, where imports and accounts belong
            for name in sorted(names):  # each id from elsewhere in turn, the others from home
                answer = ask(visitor, method, address(rule, ids["ici"] | {name: ids[place][name]}))
                answers[place, name] = answer.status_code
        wrong = {key: status for key, status in answers.items() if status != 404}
        assert wrong == {}, (method, rule.rule)


def test_another_departements_case_is_not_shown_nor_counted(furnished):
    site, ids = furnished
    with reading(site.world.jalon.database) as work:
        assert len(work.rows(select(instance.c.id))) == 6
        assert len(work.rows(select(import_run.c.id))) == 3
    auditor = site.visitor(site.world.actor("auditeur", name="Auditrice"))
    page = auditor.get("/dossiers").text
    assert ids["ici"]["case_id"] in page
    assert ids["autre pôle"]["case_id"] in page
    assert ids["autre département"]["case_id"] not in page


def test_the_same_rules_hold_for_a_list(furnished):
    site, ids = furnished
    agent = site.visitor(site.world.agent("Agente d'ici"))
    for path in ("/taches?liste=prendre", "/dossiers", "/dossiers?q=Dupont", "/taches/export.csv?liste=prendre"):
        page = agent.get(path).text
        for place in ("autre pôle", "autre département"):
            assert ids[place]["case_id"] not in page
            assert ids[place]["task_id"] not in page
    assert ids["ici"]["task_id"] in agent.get("/taches?liste=prendre").text


def test_the_time_of_a_test_is_the_one_it_says(site):
    assert site.visitor().get("/sante").json["heure"] == datetime(2026, 3, 2, 12, 0, tzinfo=UTC).isoformat()
