"""`jalon import FILE`: tries a file, says what it would do, then runs it when asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from server.actions.run_import import run_import
from server.actions.try_import import LAYOUTS, try_import
from server.cli.base import opened, operator
from server.queries.imports import import_page, import_rejects


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--modele", type=click.Choice(list(LAYOUTS)), default="entrants", show_default=True, help="Forme du fichier.")
@click.option("--oui", is_flag=True, help="Importe sans demander.")
@click.option("--refus", type=click.Path(dir_okay=False, path_type=Path), help="Où écrire les lignes refusées, à corriger et renvoyer.")
def import_file(file: Path, modele: str, oui: bool, refus: Path | None) -> None:  # noqa: FBT001 - a flag of the command line
    """Importe un fichier CSV ou XLSX ; essaie d'abord, et dit ce qui serait fait."""
    jalon = opened()
    actor = operator(jalon)
    now = datetime.now(UTC)
    run_id = try_import(jalon, actor, file.name, file.read_bytes(), None, modele, now)
    page = import_page(jalon, actor, run_id, "", after="", now=now)
    if page.run.message:
        raise click.ClickException(page.run.message)
    for _, words, count in page.totals:
        click.echo(f"  {count:>7} {words}")
    for line in import_page(jalon, actor, run_id, "refused", after="", now=now).rows[:10]:
        click.echo(f"  ligne {line.line} refusée : {' '.join(line.reasons)}")
    if refus and page.run.refused:
        refus.write_bytes(import_rejects(jalon, actor, run_id)[1])
        click.echo(f"Lignes refusées écrites dans {refus.name}.")
    if not page.run.to_create + page.run.to_update:
        click.echo("Rien à importer.")
        return
    if not oui:
        click.confirm("Importer ?", abort=True)
    with click.progressbar(length=page.run.rows, label="Import") as bar:
        run_import(jalon, actor, run_id, now, lambda done, _: bar.update(done - bar.pos))
    done = import_page(jalon, actor, run_id, "", after="", now=now).run
    click.echo(
        f"Terminé : {done.to_create} créées, {done.to_update} mises à jour, {done.unchanged} sans changement, {done.refused} refusées."
    )
