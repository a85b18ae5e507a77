"""`jalon parametres`: the effective value of each parameter of a territory on a day, where it comes from, since when."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from server.catalog import effective_parameters
from server.queries.parameters import parameter_rows
from server.settings import ROOT


@click.command("parametres")
@click.argument("departement")
@click.option("--territoire", default="", help="Code du territoire, par exemple V.")
@click.option("--au", "day", default="", help="Jour, par exemple 2025-06-01 ; aujourd'hui sinon.")
def parametres(departement: str, territoire: str, day: str) -> None:
    """Montre les paramètres en vigueur, leur origine et leur date d'effet."""
    try:
        when = date.fromisoformat(day) if day else datetime.now(UTC).date()
    except ValueError:
        raise click.UsageError("Le jour s'écrit ainsi : 2025-06-01.") from None
    found = effective_parameters(ROOT / "processes" / "departements", departement, territoire, when)
    for section, rows in parameter_rows(found):
        click.echo(f"\n{section}")
        for row in rows:
            since = f", depuis le {row.since:%d/%m/%Y}" if row.since else ""
            click.echo(f"  {row.label} : {row.value}  [{row.level}{since}{f' ; {row.source}' if row.source else ''}]")
