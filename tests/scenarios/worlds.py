"""Three small packages that call and message each other, for the tests of stories."""

from pathlib import Path

from server.catalog import Package, package_from_files
from server.scenarios import Library, read_story
from tests.catalog.bundles import RULES, files_under

HERE = Path(__file__).parent / "packages"
SHARED = {k: v for k, v in files_under(RULES / "commun").items() if k != "package.toml"}
LETTER = "---\nobjet: Votre avis\n---\nRendu le {{ jour }}, {{ personne.prenom }} {{ personne.nom }}."


def package(slug: str, **files: str) -> Package:
    """One of the packages of this folder, with more files (`letters__x` for "letters/x.md")."""
    own = {**SHARED, **files_under(HERE / slug), "letters/convocation.md": LETTER.encode()}
    return package_from_files({**own, **{name: text.encode() for name, text in files.items()}})


def library(tmp_path: Path | None = None) -> Library:
    """The three packages; with a folder, a département whose delay `entretien` is of 15 days."""
    packages = {slug: package(slug) for slug in ("avis", "entretien", "suspendre")}
    if tmp_path is None:
        return Library(packages)
    for name in ("commun", "13"):
        (tmp_path / name).mkdir()
    (tmp_path / "commun" / "parametres.toml").write_text('[delais.entretien]\nduree = 15\nunite = "jour"\nhorloge = "ouverture"\n')
    return Library(packages, tmp_path)


def story(text: str, process: str):
    """The story of a YAML text; what it needs and does not say is added."""
    whole = f'titre: Essai\ndepartement: "13"\ndebut: 2026-01-05 09:00\nprocessus: {process}\n{text}'
    return read_story("essai", whole)
