"""`jalon verify`: checks the chains of history and re-executes the cases."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from server.actions.reexecute_case import reexecute_case
from server.actions.verify_chain import verify_chain
from server.cli.base import opened, operator
from server.queries.chains import chain_names


@click.command("verify")
@click.argument("cases", nargs=-1)
@click.option("--rejouer/--sans-rejouer", default=True, show_default=True, help="Rejoue aussi chaque commande et compare les états.")
def verify(cases: tuple[str, ...], rejouer: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Vérifie l'historique : tous les dossiers et registres, ou les dossiers nommés (numéro)."""
    jalon = opened()
    actor, now = operator(jalon), datetime.now(UTC)
    bad = facts = commands = 0
    names = chain_names(jalon, actor, cases)
    for chain, label in names:
        found = verify_chain(jalon, actor, chain, now)
        facts += found.lines
        if not found.holds:
            bad += 1
            click.echo(f"{label} : rompu au fait {found.first_bad}. {found.message}", err=True)
        if rejouer and not chain.startswith("registre:"):
            again = reexecute_case(jalon, actor, chain, now)
            commands += again.count
            if not again.ok:
                bad += 1
                click.echo(f"{label} : {again.message}", err=True)
    click.echo(f"{len(names)} chaînes, {facts} faits vérifiés, {commands} commandes rejouées : {bad} écart(s).")
    sys.exit(1 if bad else 0)
