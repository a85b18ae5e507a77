"""`jalon simulate`: placeholder until written."""
import click


@click.command("simulate")
def simulate() -> None:
    """."""
