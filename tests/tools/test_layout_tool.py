"""The layout tool draws a process from a grid of ids as a person would, and writes nothing but the drawing."""

import re
from pathlib import Path

import pytest

from server.settings import ROOT
from tests.drawings import faults_of
from tools.layout import main, read_grids

GRID = """
[contrat]
debut vers_contrat signe inscrire inscrire_terme remettre fin_signe
.     .            fin_sans
.     reprendre    fin_alerte
.     expliquer
[vers_contrat]
. . . . contrat_absence
contrat_debut ouvrir . rencontrer venue reunir signer contrat_fin
. . reprise elaborer verifier conforme
"""


def without_drawing(text: str) -> str:
    return re.sub(r" *<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>\n", "", text, flags=re.DOTALL)


@pytest.mark.slow  # The largest diagram, routed three times.
def test_a_process_without_drawing_gets_a_readable_one(tmp_path: Path) -> None:
    source = (Path(ROOT) / "processes/contrat/process.bpmn").read_text(encoding="utf-8")
    diagram, grid = tmp_path / "process.bpmn", tmp_path / "grille.txt"
    diagram.write_text(without_drawing(source), encoding="utf-8")
    grid.write_text(GRID, encoding="utf-8")
    main(diagram, grid)
    assert faults_of(diagram) == []
    assert without_drawing(diagram.read_text(encoding="utf-8")) == without_drawing(source)


def test_an_element_that_the_grid_forgets_is_named(tmp_path: Path) -> None:
    grid = tmp_path / "grille.txt"
    grid.write_text(GRID.replace(" remettre", ""), encoding="utf-8")
    with pytest.raises(SystemExit, match="remettre"):
        main(Path(ROOT) / "processes/contrat/process.bpmn", grid)


def test_a_grid_has_one_block_per_scope_and_its_lanes() -> None:
    grids = read_grids("[a gap=30]\n@haut\nx y\n# une note\n@bas\n. z\n[b]\nu\n")
    assert grids == {"a": [["gap=30"], ["@haut"], ["x", "y"], ["@bas"], [".", "z"]], "b": [["u"]]}
