"""What the rest of the project relies on at the door of feel: values, reasons, names, refusals."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from server import feel
from server.kernel.errors import ModelError, TooMuch

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def value(text, **scope):
    return feel.compile(text).evaluate(scope, NOW)


def test_a_condition_of_a_gateway_is_true_or_false():
    condition = 'issue = "levee" and age >= 26'
    assert value(condition, issue="levee", age=Decimal(26)) is True
    assert value(condition, issue="levee", age=Decimal(25)) is False


def test_decimals_are_exact():
    assert value("0.1 + 0.2 = 0.3") is True
    assert value("1 / 3") == Decimal("0.3333333333333333333333333333333333")


def test_an_error_gives_null_and_its_reason():
    result, reasons = feel.compile("montant * 2").evaluate_with_reasons({}, NOW)
    assert result is None
    assert "Le nom « montant » n'est pas connu ici." in reasons


def test_a_name_with_spaces_accents_and_signs_is_found_in_the_scope():
    scope = {"Pré-bureau du référent": Decimal(5), "montant total": Decimal(12)}
    assert feel.compile("Pré-bureau du référent + montant total").evaluate(scope, NOW) == 17


def test_a_sign_is_an_operation_when_the_scope_has_no_such_name():
    assert value("a-b", a=Decimal(5), b=Decimal(3)) == 2
    assert feel.compile("a-b").evaluate({"a-b": Decimal(1), "a": Decimal(5), "b": Decimal(3)}, NOW) == 1


def test_a_syntax_error_names_the_column_and_what_was_expected():
    with pytest.raises(ModelError, match=r"colonne 14.*then") as refusal:
        feel.compile('if age > "x" els 3')
    assert "if age" in str(refusal.value)


def test_the_clock_is_the_one_given():
    assert value("now()") == NOW
    assert value("today()") == date(2026, 11, 21)


def test_a_caller_can_bring_a_function():
    scope = {"echeance": feel.Function("echeance", ("nom", "depart"), lambda nom, depart: depart + timedelta(days=len(nom)))}
    assert feel.compile('echeance("abc", @"2026-01-01")').evaluate(scope, NOW) == date(2026, 1, 4)
    assert feel.compile('echeance(depart: @"2026-01-01", nom: "abc")').evaluate(scope, NOW) == date(2026, 1, 4)


def test_the_names_read_are_told_without_running():
    expression = feel.compile("for x in dossier.enfants return x.age + bonus[item > seuil][1]")
    assert expression.names == {"dossier.enfants", "bonus"}
    assert expression.filter_names == {"seuil"}


def test_a_python_object_cannot_be_reached():
    assert value("x", x=object()) is None
    assert value("x.__class__", x="texte") is None
    assert value("x.keys", x={"a": Decimal(1)}) is None


def test_a_cell_passes_or_not():
    cell = feel.compile_unary('[18..26[, "x", > seuil')
    assert cell.test(Decimal(18), {"seuil": Decimal(60)}, NOW) is True
    assert cell.test(Decimal(26), {"seuil": Decimal(60)}, NOW) is not True
    assert cell.test(Decimal(61), {"seuil": Decimal(60)}, NOW) is True


def test_too_deep_is_refused_before_it_runs():
    with pytest.raises(TooMuch):
        feel.compile("(" * 200 + "1" + ")" * 200)
