"""What the path promises to persons, held on every package: dates open tasks, people decide, letters say everything and claim nothing wrong."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from server import engine, letters
from server.settings import ROOT

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
PACKAGES = sorted(p.parent for p in (Path(ROOT) / "processes").glob("*/process.bpmn"))
NAMES = [p.name for p in PACKAGES]
HARM = {("bordereau_caf", "sanction"), ("fait", "sanction"), ("courrier", "decision_sanction"), ("fait", "sortie")}
PERSONS = ("userTask", "callActivity")


class Graph:
    """The nodes of one package and what follows each."""

    def __init__(self, folder: Path) -> None:
        root = etree.parse(str(folder / "process.bpmn")).getroot()
        self.nodes = {e.get("id"): e for e in root.iter(f"{BPMN}*") if e.get("id")}
        self.flows = list(root.iter(f"{BPMN}sequenceFlow"))

    def kind(self, node: str) -> str:
        return etree.QName(self.nodes[node]).localname

    def does(self, node: str) -> tuple[str, str]:
        """The type of job and its first header: what the node asks of the outside."""
        job = self.nodes[node].find(f".//{ZEEBE}taskDefinition")
        header = self.nodes[node].find(f".//{ZEEBE}header")
        return (job.get("type") if job is not None else "", header.get("value") if header is not None else "")

    def before_anyone_acts(self, start: str) -> set[str]:
        """What is reached from a node without a person's task or a called step in between, leaving the enclosing sub-process included."""
        seen, todo = set(), [start]
        while todo:
            node = todo.pop()
            if node in seen or self.kind(node) in PERSONS:
                continue
            seen.add(node)
            todo += [f.get("targetRef") for f in self.flows if f.get("sourceRef") == node]
            if self.kind(node) == "endEvent":
                above = self.nodes[node].getparent()
                todo += [f.get("targetRef") for f in self.flows if f.get("sourceRef") == above.get("id")]
        return seen

    def timers(self) -> Iterator[str]:
        yield from (e.getparent().get("id") for e in self.nodes.values() if e.tag == f"{BPMN}timerEventDefinition")

    def defaults(self) -> Iterator[str]:
        yield from (self.nodes[n.get("default")].get("targetRef") for n in self.nodes.values() if n.get("default"))


@pytest.mark.parametrize("folder", PACKAGES, ids=NAMES)
def test_no_date_sanctions_anybody(folder: Path) -> None:
    graph = Graph(folder)
    for timer in graph.timers():
        reached = {graph.does(node) for node in graph.before_anyone_acts(timer)}
        assert not reached & HARM, f"{timer} agit sans personne"


@pytest.mark.parametrize("folder", [p for p in PACKAGES if p.name != "parcours"], ids=[n for n in NAMES if n != "parcours"])
def test_a_branch_taken_by_default_never_harms(folder: Path) -> None:
    graph = Graph(folder)
    for target in graph.defaults():
        reached = {graph.does(node) for node in graph.before_anyone_acts(target)}
        assert not reached & HARM, f"la branche par défaut vers {target} nuit"


def test_who_instructs_does_not_decide() -> None:
    groups: dict[str, set[str]] = {}
    for folder in PACKAGES:
        definition = engine.read_definition(_files(folder))
        for task in definition.user_tasks:
            groups.setdefault(task.element, set()).update(task.groups)
    assert groups["decider"] == groups["lever"] == {"decision"}
    assert all("decision" not in held for task, held in groups.items() if task not in ("decider", "lever"))


def test_no_form_asks_for_an_amount_of_money() -> None:
    for path in (Path(ROOT) / "forms").glob("*/*.form"):
        for field in _fields(json.loads(path.read_text(encoding="utf-8"))["components"]):
            words = f"{field.get('key', '')} {field.get('label', '')}".lower()
            assert not re.search(r"montant|euro|€", words), f"{path.name} : {words}"


def test_nothing_cites_what_the_law_update_forbids() -> None:
    for path in [*(Path(ROOT) / "processes").glob("*/letters/*.md"), *(Path(ROOT) / "processes").glob("*/README.md")]:
        text = path.read_text(encoding="utf-8")
        assert "2024-1263" not in text
        if path.parent.name == "letters":
            # R. 262-69 is the report by the referring body, not the ten days; their number has not been read.
            assert not re.search(r"R\. ?262-69\b(?!-)", text), path.name


@pytest.mark.parametrize("name", ["decision/decision_sanction", "decision/decision_maintien", "retablissement/refus_levee", "retablissement/retablissement",
                                  "orientation/notification_orientation", "manquement/classement"])  # fmt: skip
def test_a_decision_says_how_to_contest_it(name: str) -> None:
    package, letter = name.split("/")
    text = (Path(ROOT) / "processes" / package / "letters/expected" / f"{letter}.md").read_text(encoding="utf-8")
    assert "deux mois" in text
    assert re.search(r"article[s]? [LRD]\. 262-", text)


def test_the_information_letter_gives_facts_sanction_delay_and_rights() -> None:
    text = (Path(ROOT) / "processes/manquement/letters/expected/information_prealable.md").read_text(encoding="utf-8")
    text = text.replace("\u00a0", " ")
    for promised in ("Rien n'est décidé", "2 mars 2026", "suspension de 100 %", "pendant 2 mois", "dix jours à partir du jour où vous recevez",
                     "être entendu", "la personne de votre choix", "motif légitime", "régulariser"):  # fmt: skip
        assert promised in text, promised


LONG = "Extraordinairement longue dénomination d'un organisme référent du territoire de Marseille et de ses environs, site numéro trois"
SCOPE = {
    "personne": {"civilite": "Madame", "prenom": "Camille", "nom": "EXEMPLE"},
    "envoi": {"date": date(2026, 9, 30)},
    "dossier": {"ouverture": date(2026, 9, 30), "foyer": Decimal(1)},
    "parametres": {"en_tete": {"voies_de_recours": "…", "signataire": "…"}},
    "orientation": {"referent": LONG, "le": date(2026, 9, 30), "parcours": "emploi"},
    "rendez_vous": datetime(2026, 9, 30, 12, 45, tzinfo=UTC),
    "lieu": LONG[:60],
    "seance_le": date(2026, 9, 30),
    "heure": time(12, 45),
    "levee_le": date(2026, 9, 30),
}


@pytest.mark.parametrize("path", sorted((Path(ROOT) / "processes").glob("*/letters/*.md")), ids=lambda p: p.stem)
def test_a_text_message_fits_whatever_the_names(path: Path) -> None:
    head = path.read_text(encoding="utf-8").split("---")[1]
    rendered = letters.render(f"---\n{head.strip()}\n---\nTexte.", SCOPE, datetime(2026, 9, 30, tzinfo=UTC))
    assert 20 < len(rendered.sms) <= 160


def _fields(components: list[dict]) -> Iterator[dict]:
    for component in components:
        yield component
        yield from _fields(component.get("components", []))


def _files(folder: Path) -> dict[str, bytes]:
    found = {"process.bpmn": (folder / "process.bpmn").read_bytes()}
    return found | {f"decisions/{p.name}": p.read_bytes() for p in (folder / "decisions").glob("*.dmn")}
