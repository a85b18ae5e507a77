"""The command line `jalon`: its few commands, and one way to say an error."""

from __future__ import annotations

import sys

import click

from server.cli.accounts import account
from server.cli.base import migrate
from server.cli.check import check, scenario
from server.cli.decide import decide
from server.cli.form import form
from server.cli.importing import import_file
from server.cli.parameters import parametres
from server.cli.publish import publish
from server.cli.run import run
from server.cli.serve import serve, worker
from server.cli.simulate import simulate
from server.cli.verify import verify
from server.kernel.errors import JalonError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def jalon() -> None:
    """Jalon : le parcours d'insertion des allocataires du RSA, sur des diagrammes que le département tient."""


for command in (account, check, decide, form, import_file, migrate, parametres, publish, run, scenario, serve, simulate, verify, worker):
    jalon.add_command(command)


def main() -> None:
    """Runs the command line; an error of ours is one sentence on the standard error, never a stack."""
    try:
        jalon(standalone_mode=True)
    except JalonError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
