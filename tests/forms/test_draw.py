"""Drawing a form: what a template receives, before and after an answer was refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from server.forms import api_schema, check, draw, generate, list_change, read_form
from server.kernel.errors import FormErrors

TODAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 19, 9, 41, tzinfo=UTC)


def form(*components):
    return read_form({"id": "essai", "components": [{"id": f"c{n}", **c} for n, c in enumerate(components)]})


def drawn(components, values=None, context=None, errors=None):
    return draw(form(*components), values, context or {}, errors, NOW)


RATE = {"type": "number", "key": "taux", "label": "Taux proposé", "description": "Entre 30 et 50 %.", "validate": {"max": 50}}
WHY = {"type": "radio", "key": "motif", "label": "Un motif est-il retenu ?", "validate": {"required": True},
       "values": [{"label": "Oui", "value": True}, {"label": "Non", "value": False}]}  # fmt: skip
LIST = {
    "type": "dynamiclist",
    "path": "enfants",
    "label": "Enfants",
    "components": [{"type": "textfield", "key": "prenom", "label": "Prénom"}],
}


def test_before_anything_was_sent_the_case_and_the_defaults_fill_the_form():
    fields = drawn([RATE, {"type": "textfield", "key": "nom", "defaultValue": "Zoé"}], context={"taux": Decimal("32.5")})
    assert [field.value for field in fields] == ["32,5", "Zoé"]


def test_after_a_refusal_what_was_typed_is_kept_and_the_error_stands_at_its_field():
    typed = {"taux": "quatre-vingts"}
    with pytest.raises(FormErrors) as refused:
        check(form(RATE, WHY), typed, {}, TODAY, NOW)
    rate, why = drawn([RATE, WHY], typed, errors=refused.value)
    assert rate.value == "quatre-vingts"
    assert rate.described_by == "f-taux-aide f-taux-erreur"
    assert why.choices[0].id == "f-motif"
    assert why.error.startswith("Choisissez")


def test_an_unticked_box_stays_unticked_when_drawn_again():
    box = {"type": "checkbox", "key": "accord", "label": "Accord"}
    assert drawn([box], context={"accord": True})[0].value == "oui"
    assert drawn([box, RATE], {"taux": "1"}, context={"accord": True})[0].value == ""


def test_a_day_that_cannot_be_read_is_drawn_as_text_so_that_it_is_not_lost():
    day = {"type": "datetime", "subtype": "date", "key": "le"}
    assert (drawn([day], {"le": "31/02/2026"})[0].kind, drawn([day], {"le": "31/02/2026"})[0].value) == ("text", "31/02/2026")
    assert (drawn([day], {"le": "16/11/2026"})[0].kind, drawn([day], {"le": "16/11/2026"})[0].value) == ("date", "2026-11-16")


def test_a_readonly_answer_is_shown_from_the_case_with_the_label_of_its_choice():
    shown = drawn([{**WHY, "readonly": True}], {"motif": "false"}, context={"motif": True})[0]
    assert (shown.readonly, shown.value) == (True, "Oui")


def test_a_row_of_an_empty_list_is_proposed_and_rows_are_named():
    field = drawn([LIST])[0]
    assert [row.fields[0].name for row in field.rows] == ["enfants[0].prenom"]
    assert (field.add, field.rows[0].remove) == ("ajouter:enfants", "retirer:enfants:0")


def test_rows_are_added_and_removed_by_posting_back():
    posted = {"enfants[0].prenom": ["Zoé"], "enfants[1].prenom": ["Ali"]}
    more = list_change(form(LIST), posted, "ajouter:enfants")
    assert [row.fields[0].value for row in drawn([LIST], more)[0].rows] == ["Zoé", "Ali", ""]
    less = list_change(form(LIST), posted, "retirer:enfants:0")
    assert [row.fields[0].value for row in drawn([LIST], less)[0].rows] == ["Ali"]
    none = list_change(form(LIST), {"enfants[0].prenom": "Zoé"}, "retirer:enfants:0")
    assert drawn([LIST], none)[0].rows == ()
    assert list_change(form(LIST), posted, "actualiser") == list_change(form(LIST), posted, "autre:ordre")


def test_a_list_that_may_not_move_has_no_buttons_and_ignores_orders():
    fixed = {**LIST, "allowAddRemove": False}
    assert (drawn([fixed])[0].add, drawn([fixed])[0].rows[0].remove) == ("", "")
    kept = list_change(form(fixed), {"enfants[0].prenom": "Zoé"}, "retirer:enfants:0")
    assert kept["enfants"] == [{"prenom": "Zoé"}]


def test_hidden_fields_are_not_drawn_and_those_others_depend_on_say_so():
    because = {"type": "textarea", "key": "texte", "conditional": {"hide": "=motif != false"}}
    assert [field.name for field in drawn([WHY, because])] == ["motif"]
    shown = drawn([WHY, because], {"motif": "false"})
    assert [field.name for field in shown] == ["motif", "texte"]
    assert (shown[0].live, shown[1].live) == (True, False)


def test_labels_and_texts_are_written_with_the_values_of_the_case():
    title = {"type": "text", "text": "# Bonjour {{nom}}\n\n{{#if enfants > 0}}**{{enfants}}** enfants{{/if}} <script>x</script>"}
    prose = drawn([title, {**RATE, "label": '="Taux de " + nom'}], context={"nom": "Zoé <b>", "enfants": Decimal(2)})
    assert "<h2>Bonjour Zoé &lt;b&gt;</h2>" in prose[0].html
    assert "<strong>2</strong> enfants" in prose[0].html
    assert "<script" not in prose[0].html
    assert prose[1].label == "Taux de Zoé <b>"


def test_html_of_owners_is_sieved():
    html = {
        "type": "html",
        "content": '<p onclick="x()">{{nom}}</p><style>p{}</style><a href="javascript:x()">a</a><img src=x onerror=y><b>fin',
    }
    assert drawn([html], context={"nom": "<i>"})[0].html == "<p>&lt;i&gt;</p><a>a</a><b>fin</b>"


def test_pictures_come_from_this_site_only():
    def picture(source):
        return drawn([{"type": "image", "source": source, "alt": "Plan"}])[0].value

    assert picture("/static/plan.png") == "/static/plan.png"
    assert picture("https://ailleurs.exemple/x.png") == picture("//x/y") == picture("data:text/html,x") == ""


def test_a_table_shows_the_rows_of_the_case():
    table = {
        "type": "table",
        "label": "Droits",
        "dataSource": "=droits",
        "rowCount": 1,
        "columns": [{"key": "nom", "label": "Nom"}, {"key": "le"}],
    }
    field = drawn([table], context={"droits": [{"nom": "RSA", "le": date(2026, 3, 2)}, {"nom": "PA"}]})[0]
    assert field.heads == ("Nom", "le")
    assert field.cells == (("RSA", "2\u00a0mars 2026"), ("PA", ""))


def test_a_date_takes_the_label_that_the_editor_writes_for_dates():
    day = {"type": "datetime", "subtype": "date", "key": "le", "dateLabel": "Reçues le", "timeLabel": "à"}
    hour = {"type": "datetime", "subtype": "time", "key": "h", "dateLabel": "Le", "timeLabel": "Heure"}
    assert [field.label for field in drawn([day, hour])] == ["Reçues le", "Heure"]


def test_fields_of_one_row_stand_side_by_side():
    half = [{**RATE, "layout": {"row": "r1", "columns": 8}}, {"type": "number", "key": "duree", "layout": {"row": "r1", "columns": 8}}, WHY]
    assert [field.kind for field in drawn(half)] == ["pair", "radios"]
    assert [field.name for field in drawn(half)[0].fields] == ["taux", "duree"]


def test_a_first_form_is_written_from_variables_and_can_be_read_drawn_and_filled():
    schema = generate(
        "orienter", "Orienter", {"parcours": {"type": "string", "label": "Parcours"}, "le": {"type": "date"}, "urgent": {"type": "boolean"}}
    )
    first = read_form(schema)
    assert [field.kind for field in draw(first, None, {}, None, NOW)] == ["prose", "text", "date", "radios"]
    assert check(first, {"parcours": "social", "le": "2026-11-20", "urgent": "false"}, {}, TODAY, NOW) == {
        "parcours": "social",
        "le": date(2026, 11, 20),
        "urgent": False,
    }


def test_the_api_schema_has_typed_nested_fields():
    schema = api_schema(form(RATE, WHY, LIST, {"type": "textfield", "key": "a.b"}))()
    assert schema.load({"taux": "12.5", "a": {"b": "x"}, "enfants": [{"prenom": "Zoé", "x": 1}], "intrus": 1}) == {
        "taux": Decimal("12.5"),
        "a": {"b": "x"},
        "enfants": [{"prenom": "Zoé"}],
    }
    assert schema.validate({"motif": "peut-être", "taux": "x"}).keys() == {"motif", "taux"}
