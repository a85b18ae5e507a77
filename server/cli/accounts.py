"""`jalon account`: creates the first account of an installation; the others are made by an administrator on screen."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.actions.create_account import create_account
from server.actions.found_departement import found_departement
from server.cli.base import opened, operator
from server.kernel.actor import ROLES


@click.command("account")
@click.argument("login")
@click.option("--nom", required=True, help="Nom de la personne.")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), default=("administrateur",), show_default=True)
def account(login: str, nom: str, roles: tuple[str, ...]) -> None:
    """Crée un compte du département et montre son premier mot de passe, une fois."""
    jalon = opened()
    actor, now = operator(jalon), datetime.now(UTC)
    found_departement(jalon, actor, now)
    made = create_account(jalon, actor, login, nom, roles, now)
    click.echo(f"Compte {made.login} créé. Mot de passe, montré une seule fois : {made.password}")
