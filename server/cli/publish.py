"""`jalon publish`: the folders' packages become drafts that wait for approval; at once only on an empty base."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from server.actions.publish_from_folders import publish_from_folders
from server.cli.base import opened, operator


@click.command("publish")
@click.argument("slugs", nargs=-1)
def publish(slugs: tuple[str, ...]) -> None:
    """Propose les paquets des dossiers processes/ et forms/ (tous, ou ceux nommés)."""
    jalon = opened()
    done = publish_from_folders(jalon, operator(jalon), datetime.now(UTC), slugs)
    if done.published:
        click.echo(f"Publiés directement sur une base vide : {', '.join(done.published)}.")
    if done.waiting:
        click.echo(f"En attente de l'accord d'un second propriétaire : {', '.join(done.waiting)}.")
    if done.unchanged:
        click.echo(f"Déjà en vigueur : {len(done.unchanged)} paquet(s).")
