"""Three small packages that call and message each other, for the tests of stories."""

from pathlib import Path

from server.catalog import Package, package_from_files, write_package
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


STORIES = {
    "avis/rendu": """titre: Rendu après un entretien
departement: "13"
debut: 2026-01-05 09:00
dossier: {ouverture: 2026-01-02, naissance: 2005-03-01}
etapes:
  - {le: 2026-01-07 10:00, tache: t, par: ep_secretariat, reponses: {venu: true, date_rdv: 2026-01-07}}
  - {le: 2026-01-09, tache: t, par: referent, reponses: {venu: true, date_rdv: 2026-01-12}}
fin: {issue: rendu, courriers: [convocation], decisions: {voie: [jeune]}}
lettres_attendues: {convocation: rendu}
""",
    "entretien/expire": """titre: Dix jours passés
departement: "13"
debut: 2026-01-05
dossier: {naissance: 1980-01-01}
etapes: [{message: avis_ep}, {attendre: P10D}]
fin: {issue: expire}
""",
    "entretien/absente": """titre: Absente
departement: "13"
debut: 2026-01-05
etapes: [{message: avis_ep}, {tache: t, reponses: {venu: false, date_rdv: 2026-01-06}}]
fin: {issue: absente}
""",
    "suspendre/sortie": """titre: Sortie
departement: "13"
debut: 2026-01-05
etapes: [{message: sortie_du_droit}]
fin: {issue: sortie}
""",
    "suspendre/entendue": """titre: Entendue
departement: "13"
debut: 2026-01-05
appels: {entretien: {issue: venue}}
fin: {issue: entendue}
""",
}


def repository(root: Path) -> Path:
    """The three packages on disk with their forms, stories, cases and one département: all is ready to publish."""
    for slug in ("avis", "entretien", "suspendre"):
        made = package(slug)
        kept = {n: c for n, c in made.files.items() if slug == "avis" or not n.startswith("letters/")}
        kept = {n: c for n, c in kept.items() if slug == "entretien" or not n.startswith("decisions/")}
        folder = root / "processes" / slug
        write_package(package_from_files(kept), folder, root / "forms" / slug)
        (root / "forms" / slug).mkdir(parents=True, exist_ok=True)
        letters = '["convocation"]' if slug == "avis" else "[]"
        (folder / "package.toml").write_text((folder / "package.toml").read_text().replace('["convocation"]', letters))
        (folder / "scenarios").mkdir()
    for name, text in STORIES.items():
        slug, story_name = name.split("/")
        (root / "processes" / slug / "scenarios" / f"{story_name}.yaml").write_text(text)
    (root / "processes" / "entretien" / "decisions" / "voie.cases.csv").write_text(
        "dossier.age;=>;regle\n20;emploi;jeune\n26;social;autre\n"
    )
    (root / "processes" / "avis" / "letters" / "expected").mkdir()
    (root / "processes" / "avis" / "letters" / "expected" / "rendu.md").write_text(
        "# Votre avis\n\nRendu le 7\u00a0janvier 2026, Camille EXEMPLE.\n"
    )
    for name, text in PARAMETERS.items():
        (root / "processes" / "departements" / name).mkdir(parents=True)
        (root / "processes" / "departements" / name / "parametres.toml").write_text(text)
    return root


PARAMETERS = {
    "commun": """[delais.entretien]
duree = 15
unite = "jour"
horloge = "ouverture"
[[bornes]]
effet = 2025-06-01
article = "CASF R. 262-68"
rang_1 = { taux_min = 30, taux_max = 100 }
foyer = { taux_max = 50 }
""",
    "13": "[bareme]\neffet = 2026-01-01\nrang_1 = { taux_seul = 100, taux_foyer = 50 }\n",
}
