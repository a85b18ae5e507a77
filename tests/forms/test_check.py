"""Checking answers: the rules of form-js's validator, in French, whatever was sent."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from server.forms import Upload, check, read_form
from server.kernel.errors import FormErrors

TODAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 19, 9, 41, tzinfo=UTC)


def form(*components):
    return read_form({"id": "essai", "components": [{"id": f"c{n}", **c} for n, c in enumerate(components)]})


def answers(components, raw, context=None):
    return check(form(*components), raw, context or {}, TODAY, NOW)


def refusals(components, raw, context=None):
    with pytest.raises(FormErrors) as refused:
        answers(components, raw, context)
    return {error.key: error.message.replace("\u00a0", " ") for error in refused.value.errors}


TEXT = {"type": "textfield", "key": "nom", "label": "Nom"}
RATE = {"type": "number", "key": "taux", "label": "Taux proposé", "appearance": {"suffixAdorner": "%"}}
DAY = {"type": "datetime", "key": "le", "label": "Reçues le", "subtype": "date"}
YES = {"type": "checkbox", "key": "accord", "label": "J'ai informé la personne"}
MODES = {"values": [{"label": "Bus", "value": "bus"}, {"label": "Vélo", "value": "velo"}, {"label": "Deux", "value": 2}]}


def required(component, **more):
    return {**component, "validate": {"required": True, **more}}


def test_unknown_names_are_dropped():
    assert answers([TEXT], {"nom": "Zoé", "intrus": "1", "a b": "2", "x[999999]": "3"}) == {"nom": "Zoé"}


def test_a_missing_required_answer_is_told_in_the_words_of_its_kind():
    told = refusals(
        [required(TEXT), required(RATE), required(DAY), required(YES), required({"type": "radio", "key": "m", "label": "Trajet", **MODES})],
        {},
    )
    assert told == {
        "nom": "Remplissez « Nom »",
        "taux": "Indiquez un nombre à « Taux proposé »",
        "le": "Indiquez une date à « Reçues le »",
        "accord": "Cochez « J'ai informé la personne » pour continuer",
        "m": "Choisissez une réponse à « Trajet »",
    }


def test_owners_may_word_the_missing_answer_themselves():
    own = {**required(TEXT), "properties": {"messageObligatoire": "Indiquez si un motif légitime est retenu"}}
    assert refusals([own], {}) == {"nom": "Indiquez si un motif légitime est retenu"}


def test_spaces_alone_do_not_answer_a_required_question():
    assert "nom" in refusals([required(TEXT)], {"nom": "   "})


def test_an_unchecked_required_box_is_refused_and_an_optional_one_is_false():
    assert refusals([required(YES)], {"accord": False})
    assert answers([YES], {}) == {"accord": False}
    assert answers([YES], {"accord": "oui"}) == {"accord": True}


@pytest.mark.parametrize(
    ("typed", "value"), [("1 250,5", "1250.5"), ("1\u202f250", "1250"), ("-3.20", "-3.20"), (12, "12"), (0.1, "0.1"), ("+7", "7")]
)
def test_numbers_are_read_in_french_and_stay_exact(typed, value):
    assert answers([RATE], {"taux": typed}) == {"taux": Decimal(value)}


@pytest.mark.parametrize(
    "typed", ["douze", "1e9", "NaN", "Infinity", float("inf"), float("nan"), True, {"a": 1}, ["1", "2"], "9" * 40, "1,2,3", 10**400]
)
def test_what_is_not_a_number_is_refused(typed):
    assert refusals([RATE], {"taux": typed})["taux"].startswith("« Taux proposé » : écrivez un nombre en chiffres")


def test_a_number_over_its_bound_says_both():
    assert refusals([required(RATE, max=50)], {"taux": "80"}) == {"taux": "« Taux proposé » vaut 80 % : indiquez 50 % ou moins"}
    assert refusals([required(RATE, min=30)], {"taux": "0"}) == {"taux": "« Taux proposé » vaut 0 % : indiquez 30 % ou plus"}


def test_bounds_in_feel_read_the_case_and_the_other_answers():
    bounded = required(RATE, max="=if foyer > 1 then 50 else 100")
    assert answers([bounded], {"taux": "80"}, {"foyer": Decimal(1)}) == {"taux": Decimal(80)}
    assert refusals([bounded], {"taux": "80"}, {"foyer": Decimal(3)})
    size = {"type": "number", "key": "foyer", "label": "Foyer"}
    assert refusals([bounded, size], {"taux": "80", "foyer": "3"}, {"foyer": Decimal(1)})


def test_bounds_hold_only_for_what_was_filled():
    assert answers([{**RATE, "validate": {"min": 5}}], {"taux": ""}) == {"taux": None}


def test_decimals_and_steps_are_counted_exactly():
    assert answers([{**RATE, "decimalDigits": 1, "increment": 0.1}], {"taux": "0,3"}) == {"taux": Decimal("0.3")}
    assert refusals([{**RATE, "decimalDigits": 0}], {"taux": "1,5"}) == {"taux": "« Taux proposé » : indiquez un nombre entier"}
    assert answers([{**RATE, "decimalDigits": 0}], {"taux": "1,0"}) == {"taux": Decimal("1.0")}
    told = refusals([{**RATE, "increment": 5}], {"taux": "-7"})
    assert told == {"taux": "« Taux proposé » : les valeurs permises les plus proches sont -10 et -5"}


def test_a_number_may_be_kept_as_text():
    assert answers([{**RATE, "serializeToString": True}], {"taux": "1,50"}) == {"taux": "1.50"}


def test_a_pattern_is_searched_not_matched_whole():
    digits = {**TEXT, "validate": {"pattern": "[0-9]{2}", "patternErrorMessage": "Deux chiffres."}}
    assert answers([digits], {"nom": "ab12cd"}) == {"nom": "ab12cd"}
    assert refusals([digits], {"nom": "a1"}) == {"nom": "Deux chiffres."}


def test_lengths_are_compared_without_the_outer_spaces():
    short = {**TEXT, "validate": {"minLength": 3, "maxLength": 4}}
    assert answers([short], {"nom": "  abcd  "}) == {"nom": "abcd"}
    assert refusals([short], {"nom": " ab "}) == {"nom": "« Nom » compte 2 caractères : écrivez-en au moins 3"}
    assert refusals([short], {"nom": "abcde"}) == {"nom": "« Nom » compte 5 caractères : n'en gardez pas plus de 4"}


def test_email_and_international_phone():
    mail, phone = {**TEXT, "validate": {"validationType": "email"}}, {**TEXT, "validate": {"validationType": "phone"}}
    assert answers([mail], {"nom": "zoe@exemple.fr"})
    assert refusals([mail], {"nom": "zoe@"})
    assert answers([phone], {"nom": "+33 1 23 45 67 89"})
    assert refusals([phone], {"nom": "01 23 45 67 89"}) == {"nom": "« Nom » : commencez par l'indicatif du pays, comme +33 1 23 45 67 89"}


@pytest.mark.parametrize(
    "typed", ["2026-11-16", "16/11/2026", "16.11.2026", "16-11-2026", "16 novembre 2026", "lun. 16 nov. 2026", date(2026, 11, 16)]
)
def test_days_are_read_in_french_and_from_native_controls(typed):
    assert answers([DAY], {"le": typed}) == {"le": date(2026, 11, 16)}


@pytest.mark.parametrize("typed", ["31/02/2026", "16/11/26", "2026-13-01", "hier", "11/16/2026", "0001-01-01", 20261116])
def test_a_day_that_does_not_exist_is_refused(typed):
    assert refusals([DAY], {"le": typed}) == {"le": "« Reçues le » : écrivez une date qui existe, comme 16/11/2026"}


def test_passed_days_are_refused_when_asked():
    future = {**DAY, "disallowPassedDates": True}
    assert answers([future], {"le": "2026-11-19"})
    assert refusals([future], {"le": "2026-11-18"}) == {"le": "« Reçues le » est passé : indiquez le 19 novembre 2026 ou un jour suivant"}


@pytest.mark.parametrize(
    ("typed", "value"), [("10:41", time(10, 41)), ("10 h 41", time(10, 41)), ("8h", time(8)), ("10:41:30", time(10, 41, 30))]
)
def test_times_are_read_in_french_and_from_native_controls(typed, value):
    assert answers([{**DAY, "subtype": "time"}], {"le": typed}) == {"le": value}


def test_a_time_that_does_not_exist_is_refused():
    assert refusals([{**DAY, "subtype": "time"}], {"le": "25:00"})
    assert refusals([{**DAY, "subtype": "time"}], {"le": "10"})


def test_a_moment_is_local_and_kept_as_asked():
    def moment(writing):
        return {**DAY, "subtype": "datetime", "timeSerializingFormat": writing}

    at = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    assert answers([moment("utc_normalized")], {"le": "2026-11-16T10:30"}) == {"le": at}
    kept = answers([moment("utc_offset")], {"le": "16/11/2026 à 10 h 30"})["le"]
    assert kept.isoformat() == "2026-11-16T10:30:00+01:00"
    assert answers([moment("no_timezone")], {"le": "2026-11-16T09:30:00Z"})["le"].isoformat() == "2026-11-16T10:30:00"


def test_only_proposed_values_are_taken_with_their_own_type():
    one = {"type": "select", "key": "m", "label": "Trajet", **MODES}
    assert answers([one], {"m": "2"}) == {"m": Decimal(2)}
    assert answers([one], {"m": 2}) == {"m": Decimal(2)}
    assert refusals([one], {"m": "avion"}) == {"m": "« Trajet » : choisissez une des réponses proposées"}
    assert refusals([one], {"m": {"a": 1}})


def test_proposed_values_may_come_from_the_case_or_an_expression():
    keyed = {"type": "radio", "key": "s", "label": "Structure", "valuesKey": "structures"}
    known = {"structures": [{"label": "CCAS", "value": "ccas"}, "pole"]}
    assert answers([keyed], {"s": "pole"}, known) == {"s": "pole"}
    computed = {"type": "select", "key": "s", "label": "Structure", "valuesExpression": "=for x in structures return x"}
    assert answers([computed], {"s": "ccas"}, known) == {"s": "ccas"}
    assert refusals([keyed], {"s": "pole"}, {})


def test_several_answers_come_once_each():
    many = {"type": "checklist", "key": "m", "label": "Trajets", **MODES}
    assert answers([many], {"m": ["velo", "bus", "velo"]}) == {"m": ["velo", "bus"]}
    assert answers([many], {"m": "bus"}) == {"m": ["bus"]}
    assert answers([many], {}) == {"m": []}
    assert refusals([many], {"m": ["velo", "avion"]})
    assert refusals([required(many)], {"m": []}) == {"m": "Cochez au moins une réponse à « Trajets »"}


def test_files_are_refused_by_kind_size_and_first_bytes():
    pieces = {"type": "filepicker", "key": "p", "label": "Pièces", "accept": ".pdf,image/*", "multiple": True}
    good = Upload("a.pdf", "application/pdf", 1200, b"%PDF-1.7")
    assert answers([pieces], {"p": [good]}) == {"p": [{"nom": "a.pdf", "type": "application/pdf", "taille": Decimal(1200)}]}
    assert "dépasse 5 Mo" in refusals([pieces], {"p": [Upload("a.pdf", "application/pdf", 6_000_000)]})["p"]
    assert "n'est pas d'un type accepté" in refusals([pieces], {"p": [Upload("a.exe", "application/octet-stream", 10)]})["p"]
    assert "n'est pas ce que dit son nom" in refusals([pieces], {"p": [Upload("a.pdf", "application/pdf", 10, b"MZ\x90")]})["p"]
    assert "est vide" in refusals([pieces], {"p": [Upload("a.pdf", "application/pdf", 0)]})["p"]
    assert "un seul fichier" in refusals([{**pieces, "multiple": False}], {"p": [good, good]})["p"]
    assert refusals([required(pieces)], {"p": []}) == {"p": "Joignez un fichier à « Pièces »"}


def test_errors_come_in_the_order_of_the_form():
    with pytest.raises(FormErrors) as refused:
        answers([required(DAY), required(TEXT), required(RATE)], {"taux": "x"})
    assert [error.key for error in refused.value.errors] == ["le", "nom", "taux"]
    assert str(refused.value) == "3 réponses sont à corriger."
