"""The diagram in words: each element once, in the order of the paths, with what is set on it and where it leads."""

from server.catalog.package import package_from_files
from server.queries.studio_outline import outline
from tests.small_packages import accueil


def test_each_element_is_told_once_along_the_main_path_first():
    lines = outline(accueil())
    assert [line.id for line in lines] == ["debut", "entretien", "choix", "suite", "fin", "rappel", "relancer", "fin_rappel"]


def test_a_line_says_what_is_set_and_where_it_leads():
    lines = {line.id: line for line in outline(accueil())}
    assert lines["entretien"].kind == "Tâche d'une personne"
    assert lines["entretien"].facts == (
        "Groupe : orientation",
        "Formulaire : entretien",
        'Échéance : = echeance("orientation", dossier.ouverture)',
    )
    assert lines["rappel"].kind == "Évènement de bord (minuteur, sans interrompre)"
    assert lines["rappel"].facts[0] == "Sur : entretien"
    assert lines["choix"].then[0].endswith(": suite")
    assert lines["fin"].facts == ("Issue : termine",)


def test_a_diagram_that_cannot_be_read_has_no_lines():
    assert outline(package_from_files({"process.bpmn": "<pas du xml"})) == ()
