"""The command line `jalon`: its few commands, and one way to say an error."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from server.kernel.errors import JalonError

# Command -> where it is. A command is loaded when it is asked for: `jalon decide` starts in 0.2 s, all of them together in 2 s.
COMMANDS = {
    "account": "server.cli.accounts:account",
    "check": "server.cli.check:check",
    "decide": "server.cli.decide:decide",
    "form": "server.cli.form:form",
    "import": "server.cli.importing:import_file",
    "migrate": "server.cli.base:migrate",
    "parametres": "server.cli.parameters:parametres",
    "publish": "server.cli.publish:publish",
    "run": "server.cli.run:run",
    "scenario": "server.cli.check:scenario",
    "serve": "server.cli.serve:serve",
    "simulate": "server.cli.simulate:simulate",
    "verify": "server.cli.verify:verify",
    "worker": "server.cli.serve:worker",
}


class Commands(click.Group):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, sorted."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, its module loaded; None when there is none."""
        module, _, name = COMMANDS.get(cmd_name, "").partition(":")
        if not module:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def jalon() -> None:
    """Jalon : le parcours d'insertion des allocataires du RSA, sur des diagrammes que le département tient."""


def main() -> None:
    """Runs the command line; an error of ours is one sentence on the standard error, never a stack."""
    try:
        jalon(standalone_mode=True)
    except JalonError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
