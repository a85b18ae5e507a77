"""The files around a fixture diagram: a manifest, a form, a table and a letter that every rule's example may use."""

from pathlib import Path

RULES = Path(__file__).parent / "rules"
OTHERS = frozenset({"tour", "orientation"})


def files_under(folder: Path) -> dict[str, bytes]:
    """Relative name -> content of the files of a folder; empty when there is no such folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def bundle(diagram: bytes, **replaced: bytes) -> dict[str, bytes]:
    """The common files with this diagram."""
    return {**files_under(RULES / "commun"), "process.bpmn": diagram, **replaced}


def example(code: str, which: str) -> dict[str, bytes]:
    """The wrong (`faux`) or right (`juste`) example of a rule, with the files it replaces."""
    diagram = (RULES / code / f"{which}.bpmn").read_bytes()
    return {**bundle(diagram), **files_under(RULES / code / f"{which}.fichiers")}
