"""Packages, forms, letters, tables and stories agree: everything named exists, everything written is used, everything drawn is crossed."""

import random
import re
from functools import lru_cache
from pathlib import Path

import pytest

from server.catalog import WARNING
from server.kernel import facts as kinds
from server.scenarios import Report, check_packages, play, read_library

ROOT = Path(__file__).parents[1]
SLUGS = sorted(p.name for p in (ROOT / "processes").iterdir() if p.is_dir() and p.name != "departements")


@lru_cache(maxsize=2)
def report(*, fresh: bool = False) -> Report:
    return check_packages(ROOT, fresh=fresh)


def trial(slug):
    return next(t for t in report().trials if t.slug == slug)


def test_the_nine_packages_of_the_path_are_there():
    path = {"parcours", "ouverture_droit", "orientation", "contrat", "suivi", "manquement", "seance_ep", "decision", "retablissement"}
    assert path <= set(SLUGS)


def test_every_package_has_its_twin_folder_of_forms_and_one_name():
    assert report().twins == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_package_has_its_readme_and_stories(slug):
    assert (ROOT / "processes" / slug / "README.md").is_file()
    assert trial(slug).played


@pytest.mark.parametrize("slug", SLUGS)
def test_every_name_in_a_package_resolves_and_every_story_and_case_passes(slug):
    problems = trial(slug).problems
    # What nothing crosses is the next test's subject.
    assert [p for p in problems if not p.startswith("aucun scénario ni cas")] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_flow_boundary_event_and_rule_is_crossed(slug):
    assert {kind: ids for kind, ids in trial(slug).missed.items() if ids} == {}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_form_letter_and_table_is_used(slug):
    assert [f.message for f in trial(slug).findings if f.rule == "fichier-inutilise"] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_letter_of_a_package_is_written_in_a_story(slug):
    written = {
        str(h.fact.body["headers"].get("modele"))
        for t in report().trials
        for played in t.played
        for h in played.history
        if h.instance.process == slug and h.fact.kind == kinds.OUTSIDE_CALL_WANTED and h.fact.body["type"] == "courrier"
    }
    letters = {p.stem for p in (ROOT / "processes" / slug / "letters").glob("*.md")}
    assert letters - written == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_element_has_a_name_and_a_place(slug):
    assert [
        f.message for f in trial(slug).findings if f.severity == WARNING and f.rule in ("sans-nom", "sans-dessin", "fin-sans-issue")
    ] == []


@pytest.mark.slow
def test_every_story_gives_the_same_facts_with_emptied_caches():
    def traces(found):
        return {
            (t.slug, p.story.name): [(h.instance.id, h.fact.kind, h.fact.at, h.fact.element) for h in p.history]
            for t in found.trials
            for p in t.played
        }

    assert traces(report(fresh=True)) == traces(report())


def test_the_delays_and_scales_of_every_departement_agree_with_the_packages_and_the_law():
    assert report().parameters == ()


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_where_shapes_are_drawn_changes_nothing_in_what_happens(slug):
    library = read_library(ROOT)
    text = library.packages[slug].files["process.bpmn"].decode()
    draw = random.Random(slug)
    shuffled = re.sub(r'(<dc:Bounds x="[^"]*" y=")[^"]*', lambda m: f"{m[1]}{draw.randrange(2_000)}", text)
    assert shuffled != text
    moved = library.with_package(slug, library.packages[slug].replace({"process.bpmn": shuffled.encode()}))
    for played in trial(slug).played:
        again = play(played.story, moved)
        assert [(h.fact.kind, h.fact.element) for h in again.history] == [(h.fact.kind, h.fact.element) for h in played.history]
