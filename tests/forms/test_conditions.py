"""What shows, what is dropped, what is computed: conditions to a fixed point, readonly, groups and lists."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from server.forms import check, read_form
from server.kernel.errors import FormErrors, TooMuch

TODAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 19, 9, 41, tzinfo=UTC)


def form(*components):
    return read_form({"id": "essai", "components": [{"id": f"c{n}", **c} for n, c in enumerate(components)]})


def answers(components, raw, context=None):
    return check(form(*components), raw, context or {}, TODAY, NOW)


def text(key, **more):
    hide = {"conditional": {"hide": more.pop("hide")}} if "hide" in more else {}
    return {"type": "textfield", "key": key, "id": key, "label": key, **hide, **more}


def keys_refused(components, raw, context=None):
    with pytest.raises(FormErrors) as refused:
        answers(components, raw, context)
    return [error.key for error in refused.value.errors]


def test_a_hidden_answer_is_dropped_and_not_checked():
    pair = [text("a"), text("b", hide='=a = "x"', validate={"required": True})]
    assert answers(pair, {"a": "x", "b": "forced"}) == {"a": "x"}
    assert keys_refused(pair, {"a": "y"}) == ["b"]


def test_a_condition_on_an_answer_that_another_condition_removes():
    # b is hidden by a; c hides while b says yes. Since b is removed, c shows and is required.
    three = [text("c", hide='=b = "oui"', validate={"required": True}), text("b", hide='=a = "x"'), text("a")]
    assert keys_refused(three, {"a": "x", "b": "oui"}) == ["c"]
    assert answers(three, {"a": "x", "b": "oui", "c": "1"}) == {"a": "x", "c": "1"}
    assert answers(three, {"a": "y", "b": "oui", "c": "1"}) == {"a": "y", "b": "oui"}


def test_a_condition_that_is_not_known_hides_as_in_form_js():
    number = {"type": "number", "key": "age"}
    for condition in ("=age > 18", "=not(age) or age > 18"):
        assert answers([number, text("permis", hide=condition, validate={"required": True})], {"age": ""}) == {"age": None}
    shown = [number, text("permis", hide="=not(age > 18)")]
    assert answers(shown, {"age": "", "permis": "B"}) == {"age": None, "permis": "B"}
    assert answers(shown, {"age": "12", "permis": "B"}) == {"age": Decimal(12)}


def test_a_hidden_answer_is_absent_even_when_the_case_knows_one():
    pair = [text("b", hide="=true"), text("c", hide='=b = "ancien"')]
    assert answers(pair, {"c": "1"}, {"b": "ancien"}) == {"c": "1"}


def test_conditions_in_a_circle_end_with_less_rather_than_more():
    circle = [text("a", hide='=b != "1"'), text("b", hide='=a = "1"')]
    assert answers(circle, {"a": "1", "b": "1"}) == {}


def test_a_hidden_group_hides_all_it_holds():
    group = {"type": "group", "path": "g", "conditional": {"hide": '=a = "x"'}, "components": [text("b", validate={"required": True})]}
    assert answers([text("a"), group], {"a": "x", "g.b": "1"}) == {"a": "x"}
    assert keys_refused([text("a"), group], {"a": "y"}) == ["g.b"]
    assert answers([text("a"), group], {"a": "y", "g": {"b": "1"}}) == {"a": "y", "g": {"b": "1"}}


def test_readonly_comes_from_the_case_never_from_the_post():
    assert answers([text("matricule", readonly=True)], {"matricule": "pirate"}, {"matricule": "13-7"}) == {"matricule": "13-7"}
    when = [text("n", readonly='=statut = "clos"', validate={"required": True})]
    assert answers(when, {"n": "neuf"}, {"statut": "clos", "n": "vieux"}) == {"n": "vieux"}
    assert answers(when, {"n": "neuf"}, {"statut": "ouvert", "n": "vieux"}) == {"n": "neuf"}


def test_disabled_answers_are_dropped():
    assert answers([text("a", disabled=True, validate={"required": True})], {"a": "1"}) == {}


def test_an_expression_is_computed_never_believed():
    total = [
        {"type": "number", "key": "a"},
        {"type": "expression", "key": "double", "expression": "=2 * a"},
        {"type": "expression", "key": "quad", "expression": "=2 * double"},
        text("b", hide="=quad > 10"),
    ]
    assert answers(total, {"a": "3", "double": "999", "b": "x"}) == {"a": Decimal(3), "double": Decimal(6), "quad": Decimal(12)}


def test_dotted_keys_nest():
    assert answers([text("adresse.ville"), text("adresse.rue")], {"adresse.ville": "Arles", "adresse": {"rue": "Droite"}}) == {
        "adresse": {"ville": "Arles", "rue": "Droite"}
    }


def children(**more):
    inner = [
        {"type": "number", "key": "age", "label": "Âge", "validate": {"required": True, "max": "=plafond"}},
        text("garde", hide="=this.age > 6"),
    ]
    return {"type": "dynamiclist", "path": "enfants", "components": inner, **more}


def test_list_rows_are_checked_one_by_one_with_their_names():
    raw = {"enfants[0].age": "30", "enfants[0].garde": "oui", "enfants[2].age": "3", "enfants[2].garde": "non"}
    assert keys_refused([children()], raw, {"plafond": Decimal(20)}) == ["enfants[0].age"]
    assert answers([children()], raw, {"plafond": Decimal(40)}) == {
        "enfants": [{"age": Decimal(30)}, {"age": Decimal(3), "garde": "non"}],
    }


def test_lists_come_nested_too_and_other_kinds_are_no_rows():
    assert answers([children()], {"enfants": [{"age": 3, "garde": "", "x": 1}]}, {"plafond": Decimal(9)}) == {
        "enfants": [{"age": Decimal(3), "garde": ""}]
    }
    assert answers([children()], {"enfants": "x"}) == {"enfants": []}
    assert answers([children()], {}) == {"enfants": []}


def test_the_scope_of_a_row_is_this_parent_and_its_number():
    numbered = {"type": "dynamiclist", "path": "l", "components": [text("n"), {"type": "expression", "key": "rang", "expression": "=i[1]"},
                {"type": "expression", "key": "vu", "expression": "=this.n + parent.titre"}]}  # fmt: skip
    assert answers([text("titre"), numbered], {"titre": "!", "l": [{"n": "a"}, {"n": "b"}]})["l"] == [
        {"n": "a", "rang": Decimal(1), "vu": "a!"},
        {"n": "b", "rang": Decimal(2), "vu": "b!"},
    ]


def test_groups_inside_lists_and_lists_inside_groups():
    inner = {"type": "group", "path": "ecole", "components": [text("nom", validate={"required": True})]}
    outer = {"type": "group", "path": "foyer", "components": [{"type": "dynamiclist", "path": "enfants", "components": [inner]}]}
    assert keys_refused([outer], {"foyer.enfants[0].ecole.nom": ""}) == ["foyer.enfants[0].ecole.nom"]
    assert answers([outer], {"foyer.enfants[0].ecole.nom": "Jaurès"}) == {"foyer": {"enfants": [{"ecole": {"nom": "Jaurès"}}]}}


def test_rows_that_may_not_move_keep_their_places_so_that_readonly_values_stay_in_their_row():
    fixed = {"type": "dynamiclist", "path": "l", "components": [text("nom", readonly=True), text("avis")]}
    known = {"l": [{"nom": "A"}, {"nom": "B"}]}
    assert answers([fixed], {"l[1].avis": "oui", "l[7].avis": "x"}, known) == {"l": [{"nom": "A", "avis": ""}, {"nom": "B", "avis": "oui"}]}


def test_too_many_rows_are_refused():
    with pytest.raises(TooMuch):
        answers([children()], {"enfants": [{"age": 1}] * 201})
