"""`jalon form TASK`: a first form from the variables of a package."""

from __future__ import annotations

import json

import click

from server.catalog import read_package
from server.forms import generate
from server.settings import ROOT


@click.command("form")
@click.argument("task")
@click.option("--processus", "slug", required=True, help="Paquet de la tâche.")
def form(task: str, slug: str) -> None:
    """Écrit un premier formulaire pour la tâche TASK, à partir des [variables] du paquet ; ne remplace jamais un formulaire existant."""
    package = read_package(ROOT / "processes" / slug, ROOT / "forms" / slug)
    target = ROOT / "forms" / slug / f"{task}.form"
    if target.exists():
        raise click.ClickException(f"Le formulaire « {target.name} » existe déjà. Modifiez-le, ou supprimez-le d'abord.")
    target.parent.mkdir(parents=True, exist_ok=True)
    schema = generate(task, task.replace("_", " ").capitalize(), package.variables)
    target.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo(f"Écrit : {target.relative_to(ROOT)}")
