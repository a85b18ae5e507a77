"""`jalon migrate`, and how every command opens the base."""

from __future__ import annotations

import click

from server.access.jalon import Jalon
from server.app import make_jalon, prepare, with_secret
from server.kernel.actor import Actor, machine
from server.settings import read_settings


def opened() -> Jalon:
    """The product on the base of the environment, brought to the present tables."""
    settings = with_secret(read_settings())
    prepare(settings)
    return make_jalon(settings)


def operator(jalon: Jalon) -> Actor:
    """Who acts from the command line: the machine, of the base's département."""
    return machine(jalon.settings.departement, channel="ligne_de_commande")


@click.command("migrate")
def migrate() -> None:
    """Met la base à jour (à lancer avant de servir, sur PostgreSQL)."""
    done = prepare(with_secret(read_settings()))
    click.echo(f"Base à jour : {len(done)} migration(s) passée(s)." if done else "Base déjà à jour.")
