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


def test_an_impossible_at_literal_is_null_and_told_beforehand():
    expression = feel.compile('@"2026-02-30" = null')
    assert expression.evaluate({}, NOW) is True
    assert expression.warnings == ('@"2026-02-30" n\'est ni une date, ni une heure, ni une durée ISO 8601.',)
    assert feel.compile('@"2026-02-28"').warnings == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 / 0", "division par zéro"),
        ('1 + "a"', "L'opération « + » n'existe pas entre un nombre et un texte."),
        ('1 < "a"', "un nombre et un texte ne se comparent pas."),
        ('substring("abc", 9)', "substring() : la position 9 n'existe pas dans un texte de 3 caractères."),
        ('date("2026-02-30")', "date() : « 2026-02-30 » ne se lit pas."),
        ('abs("a")', "abs() attend"),
        ("abs(1, 2, 3)", "abs() ne prend pas 3 argument(s)."),
        ("abs(x: 1)", "abs() ne connaît pas les paramètres x."),
        ("inconnue(1)", "Le nom « inconnue » n'est pas connu ici."),
        ("{a: 1}.b", "Le contexte n'a pas d'entrée « b »."),
        ("[1][5]", "La liste n'a pas d'élément à la position 5 (elle en a 1)."),
        ('matches("a", "(")', "n'est pas valable"),
        ('matches("a", "(a+)\\1")', "renvoi"),
        ("[5..1]", "Un intervalle va de la plus petite borne à la plus grande."),
        ("1 instance of tInconnu", "Le type « tInconnu » n'est pas connu ici."),
        ('(function(x: number) x)("a")', "Le paramètre « x » n'accepte pas un texte."),
    ],
)
def test_a_null_result_has_a_reason_in_french(text, reason):
    result, reasons = feel.compile(text).evaluate_with_reasons({}, NOW)
    assert result is None
    assert any(reason in sentence for sentence in reasons), reasons


@pytest.mark.parametrize(
    ("text", "place", "wanted"),
    [
        ("1 +", "colonne 4", "une valeur est attendue"),
        ("if a then b", "colonne 12", "« else » attendu"),
        ("(1", "colonne 3", "« ) » attendu"),
        ("f(a: 1, 2)", "colonne 9", "un nom est attendu"),
        ("1 2", "colonne 3", "la fin de l'expression"),
        ("for x [1] return x", "colonne 7", "« in » attendu"),
        ("a\n  = = =", "ligne 2, colonne 8", "une valeur est attendue"),
        ('"ouvert', "colonne 1", "guillemet"),
        ("a # b", "colonne 3", "n'existe pas en FEEL"),
        ("[1..2", "colonne 6", "à la fin de l'intervalle"),
    ],
)
def test_a_refusal_says_where_and_what_was_expected(text, place, wanted):
    with pytest.raises(ModelError) as refusal:
        feel.compile(text)
    assert place in str(refusal.value)
    assert wanted in str(refusal.value)
    assert refusal.value.rule == "feel-syntaxe"


def test_an_external_function_is_read_told_and_never_called():
    expression = feel.compile('{cos: function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}, r: cos(0)}.r')
    assert "fonctions externes" in expression.warnings[0]
    result, reasons = expression.evaluate_with_reasons({}, NOW)
    assert result is None
    assert reasons == list(expression.warnings)


def test_a_cell_tells_why_it_is_neither_true_nor_false():
    verdict, reasons = feel.compile_unary("> 3").test_with_reasons("a", {}, NOW)
    assert verdict is None
    assert reasons == ["un texte et un nombre ne se comparent pas."]


def test_a_declared_type_of_the_scope_is_known_by_its_name():
    scope = {"tMajeur": feel.NamedType("tMajeur", lambda found: isinstance(found, Decimal) and found >= 18), "x": Decimal(20)}
    assert feel.compile("x instance of tMajeur").evaluate(scope, NOW) is True
    assert feel.compile("(function(a: tMajeur) a)(3)").evaluate(scope, NOW) is None


def test_numbers_of_python_are_read_as_feel_numbers():
    assert value("n / 4", n=1) == Decimal("0.25")
    assert value("sum(l)", l=[1, 2, Decimal("0.5")]) == Decimal("3.5")
    assert value("x + 0.1", x=0.2) == Decimal("0.3")
    assert value("x", x=float("nan")) is None


def test_a_name_given_at_compilation_is_read_as_one():
    assert feel.compile("dossier.date de fin - délai", frozenset({"date de fin - délai"})).names == {"dossier.date de fin - délai"}


def test_the_functions_of_a_caller_share_the_bounds_of_the_expression():
    def endless(*_):
        return feel.compile("f(1)").evaluate({"f": feel.Function("f", ("x",), endless)}, NOW)

    with pytest.raises((TooMuch, RecursionError)):
        endless()
