"""`jalon check` and `jalon scenario`: everything that keeps a package from being published, and its stories told one by one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from server.catalog import WARNING
from server.kernel.errors import NotFound
from server.scenarios import Library, Played, Story, check_packages, play, read_library, read_stories
from server.scenarios.checking import Report
from server.settings import ROOT

_FOLDER = click.option(
    "--dossier",
    "root",
    default=ROOT,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Dossier qui contient processes et forms.",
)


@click.command("check")
@click.argument("paquet", default="")
@click.option("--bref", is_flag=True, help="Les comptes seulement.")
@click.option("--avertissements", is_flag=True, help="Montre aussi les avertissements.")
@click.option("--a-froid", "fresh", is_flag=True, help="Vide les caches avant chaque commande des scénarios.")
@_FOLDER
def check(paquet: str, root: Path, **wanted: bool) -> None:
    """Contrôle les paquets (ou le seul PAQUET) : règles, scénarios, cas des tables, couverture, formulaires, courriers, couloirs."""
    report = check_packages(root, paquet, fresh=wanted["fresh"])
    if paquet and not report.trials:
        raise NotFound(f"Le paquet « {paquet} » n'existe pas : vérifiez son nom dans processes.")
    if not wanted["bref"]:
        for problem in report.problems:
            click.echo(problem)
    if wanted["avertissements"]:
        _warn(report)
    for trial in report.trials:
        passed = sum(p.passed for p in trial.played)
        lines = sum(c.lines for c in trial.cases)
        share = f"{trial.coverage.percent:.0f} %" if trial.coverage is not None else "diagramme illisible"
        click.echo(f"{trial.slug:<20} {passed}/{len(trial.played)} scénarios, {lines} cas, couverture {share}")
    count = len(report.problems)
    click.echo("Tout est prêt à publier." if not count else f"{count} point{'s' if count > 1 else ''} à corriger.")
    sys.exit(1 if count else 0)


def _warn(report: Report) -> None:
    for trial in report.trials:
        for finding in trial.findings:
            if finding.severity == WARNING:
                click.echo(f"{trial.slug} : avertissement, {finding.rule} : {finding.message}")


@click.command("scenario")
@click.argument("paquet")
@click.argument("nom", default="")
@click.option("--a-froid", "fresh", is_flag=True, help="Vide les caches avant chaque commande.")
@click.option("--ecrire-lettres", "keep", is_flag=True, help="Écrit les lettres attendues telles qu'elles sont aujourd'hui : relisez-les.")
@_FOLDER
def scenario(paquet: str, nom: str, root: Path, **wanted: bool) -> None:
    """Joue les scénarios du PAQUET (ou le seul NOM) et raconte ce qui s'est passé, fait par fait quand un seul est demandé."""
    library = read_library(root)
    chosen = [story for story in _stories(library, paquet) if nom in ("", story.name)]
    if not chosen:
        raise NotFound(f"Le paquet « {paquet} » n'a pas de scénario « {nom or '*'} » : vérifiez le nom du fichier dans scenarios.")
    failed = False
    for story in chosen:
        played = play(story, library, fresh=wanted["fresh"])
        if wanted["keep"]:
            _keep(played, root / "processes" / paquet / "letters" / "expected")
        failed = failed or not played.passed
        if nom:
            _tell(played)
        click.echo(f"{'réussi' if played.passed else 'échoué'} : {story.name} ({story.title})")
        for problem in played.problems:
            click.echo(f"    {problem}")
    sys.exit(1 if failed else 0)


def _keep(played: Played, folder: Path) -> None:
    for name, text in played.letters.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_text(f"{text}\n", encoding="utf-8")
        click.echo(f"Écrit : {name}.md. Relisez-le avant de le garder.")


def _stories(library: Library, slug: str) -> list[Story]:
    if slug not in library.packages:
        raise NotFound(f"Le paquet « {slug} » n'existe pas : vérifiez son nom dans processes.")
    stories, unread = read_stories(library.packages[slug])
    for sentence in unread:
        click.echo(sentence, err=True)
    return stories


def _tell(played: Played) -> None:
    for happened in played.history:
        at = happened.fact.at.strftime("%Y-%m-%d %H:%M")
        click.echo(f"{at} UTC  {happened.instance.process:<20} {happened.fact.kind:<20} {happened.fact.element}")
