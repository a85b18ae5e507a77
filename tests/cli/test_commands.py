"""The command line says clearly what it did, and what it refuses."""

import socket

import pytest
from click.testing import CliRunner

from server.cli.main import jalon


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.setenv("JALON_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.delenv("JALON_DATABASE_URL", raising=False)
    return lambda *words, **more: CliRunner().invoke(jalon, list(words), **more)


def test_running_on_a_port_that_is_taken_says_which_and_what_to_type(call):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = call("run", "--port", str(port))
    assert done.exit_code == 1
    assert f"Le port {port} est déjà pris" in done.output
    assert "make run PORT=" in done.output


def test_the_demonstration_is_refused_on_another_base(call, monkeypatch):
    monkeypatch.setenv("JALON_DATABASE_URL", "postgresql+psycopg://jalon@127.0.0.1/vraie")
    done = call("run", "--port", "18999")
    assert done.exit_code == 1
    assert "ne sert que la démonstration" in done.output


def test_the_parameters_of_a_pole_say_where_each_value_comes_from(call):
    done = call("parametres", "13", "--territoire", "V", "--au", "2026-01-15")
    assert done.exit_code == 0
    assert "Orienter la personne : au plus 15 jours, depuis : ouverture du droit" in done.output
    assert "Département" in done.output
    assert "Loi et règles communes" in done.output


def test_an_import_tried_then_run_twice_changes_nothing_the_second_time(call, tmp_path):
    assert call("account", "chef", "--nom", "Chef EXEMPLE").exit_code == 0
    assert "Publiés directement" in call("publish").output
    file = tmp_path / "entrants.csv"
    file.write_text(
        "Civilité;Nom bénéficiaire;Prénom bénéficiaire;N° CAF;Rôle;Date d'ouverture;Pôle\n"
        "Mme;EXEMPLE;Léa;1234567;Demandeur;02/03/2026;V\n"
        "M.;FORMULE;=1+1;7654321;Demandeur;02/03/2026;V\n"
        "M.;SANSDATE;Paul;7654322;Demandeur;;V\n",
        encoding="cp1252",
    )
    first = call("import", str(file), "--oui", "--refus", str(tmp_path / "refus.csv"))
    assert first.exit_code == 0, first.output
    assert "Terminé :" in first.output
    assert "SANSDATE" in (tmp_path / "refus.csv").read_text(encoding="utf-8-sig")
    second = call("import", str(file), "--oui")
    assert "Rien à importer." in second.output
    verified = call("verify")
    assert verified.exit_code == 0, verified.output
    assert "0 écart(s)" in verified.output
