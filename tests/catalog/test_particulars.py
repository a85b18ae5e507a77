"""Particular promises of the rules, beyond one wrong and one right diagram."""

import pytest

from server.catalog import lint
from tests.catalog.bundles import OTHERS, RULES, bundle, example


def found(code, which="juste", *pairs, others=OTHERS):
    """The findings of one rule on an example in which texts are replaced."""
    files = example(code, which)
    text = files["process.bpmn"].decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return [f for f in lint({**files, "process.bpmn": text.encode()}, others) if f.rule == code]


def test_a_month_hidden_in_a_feel_duration_is_found_too():
    assert found("duree-en-mois", "juste", ('= echeance("contrat_legal", dossier.ouverture)', '= dossier.ouverture + duration("P1M")'))


@pytest.mark.parametrize("name", ["rappel_2mois", "P1M_cible", "point_3m"])
def test_a_delay_whose_name_looks_like_months_is_not_one(name):
    assert not found("duree-en-mois", "juste", ("contrat_legal", name))


@pytest.mark.parametrize("text", ["P1Y", "P1Y2M", "P2M10D", "R3/P1M", "= date_rdv + duration(&quot;-P1M&quot;)"])
def test_every_writing_of_months_is_found(text):
    assert found("duree-en-mois", "faux", ("P1M", text))


@pytest.mark.parametrize("text", ["PT30M", "P10D", "P3DT2H", "R3/P3D"])
def test_days_hours_and_minutes_are_not_months(text):
    assert not found("duree-en-mois", "faux", ("P1M", text))


@pytest.mark.parametrize(("text", "bad"), [("R/P1D", True), ("R3/P1D", False), ("R30/P1D", False), ("R31/P1D", True), ("R999/P1D", True)])
def test_a_repetition_is_bounded_to_thirty(text, bad):
    assert bool(found("repetition-sans-borne", "faux", ("R/P3D", text))) is bad


@pytest.mark.parametrize(
    ("collection", "bad"),
    [('= ["a", "b"]', False), ('= ["a","b","c","d","e","f"]', True), ("= avis", True), ("= beneficiaires", True), ("= [dossiers]", True)],
)
def test_a_repetition_over_a_short_written_list_is_allowed(collection, bad):
    quoted = collection.replace('"', "&quot;")
    assert bool(found("repetition-sur-dossiers", "faux", ("= dossiers", quoted))) is bad


def test_a_condition_with_other_spaces_is_the_same_condition():
    assert found("conditions-qui-se-recouvrent", "juste", ("= venu = false", "=venu"))


def test_a_condition_that_is_always_true_is_told():
    (finding,) = found("conditions-qui-se-recouvrent", "juste", ("= venu = false", "= true"))
    assert "toujours vraie" in finding.message


def test_a_default_with_a_condition_is_told():
    text = '"Flux_g_c" name="Ne sait pas" sourceRef="g" targetRef="c" />'
    condition = text.replace(
        " />", '><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">= urgent</bpmn:conditionExpression></bpmn:sequenceFlow>'
    )
    (finding,) = found("conditions-qui-se-recouvrent", "juste", (text, condition))
    assert "par défaut et porte une condition" in finding.message


def test_a_name_set_by_the_form_of_a_task_is_known():
    text = (RULES / "nom-jamais-defini" / "juste.bpmn").read_text().replace('source = "persistance"', "nouveau_nom = 3")
    files = bundle(text.encode())
    assert [f.name for f in lint(files) if f.rule == "nom-jamais-defini"] == ["Persistance"]
    task = '<bpmn:userTask id="t" name="T"><bpmn:extensionElements><zeebe:formDefinition formId="f"/></bpmn:extensionElements></bpmn:userTask></bpmn:process>'
    files["process.bpmn"] = text.replace("</bpmn:process>", task).encode()
    files["forms/f.form"] = (
        b'{"id": "f", "components": [{"type": "group", "path": "nouveau_nom", "components": [{"type": "number", "key": "a"}]}]}'
    )
    assert not [f for f in lint(files) if f.rule == "nom-jamais-defini"]


def test_a_called_process_is_known_when_the_product_knows_it():
    assert found("processus-introuvable", "juste", others=())
    assert not found("processus-introuvable", "juste", others={"orientation"})


def test_a_lane_that_offers_its_tasks_to_another_group_is_told():
    (finding,) = found("couloir-sans-groupe", "juste", ('candidateGroups="referent"', 'candidateGroups="gestion"'))
    assert finding.element == "t"


def test_a_flow_without_an_id_is_legal():
    text = (RULES / "impasse" / "juste.bpmn").read_text().replace('<bpmn:sequenceFlow id="Flux_t_fin" ', "<bpmn:sequenceFlow ")
    assert not [f for f in lint(bundle(text.encode())) if f.severity == "error"]


def test_a_loop_around_a_side_branch_is_not_its_way_back():
    text = (RULES / "branche-annexe-sans-terme" / "juste.bpmn").read_text()
    looped = text.replace(
        '<bpmn:sequenceFlow id="Flux_t_fin" sourceRef="t" targetRef="fin" />',
        '<bpmn:sequenceFlow id="Flux_t_g" sourceRef="t" targetRef="g" /><bpmn:exclusiveGateway id="g" name="Encore ?" default="g2" />'
        '<bpmn:sequenceFlow id="g1" name="Oui" sourceRef="g" targetRef="t"><bpmn:conditionExpression>= venu</bpmn:conditionExpression></bpmn:sequenceFlow>'
        '<bpmn:sequenceFlow id="g2" name="Non" sourceRef="g" targetRef="fin" />',
    )
    assert looped != text
    assert not [f for f in lint(bundle(looped.encode())) if f.rule.startswith("branche-annexe")]


def test_a_parallel_split_joined_by_a_choice_goes_on_twice_and_is_refused():
    text = (RULES / "division-implicite" / "juste.bpmn").read_text()
    head, tail = text.split('<bpmn:parallelGateway id="j"')
    wrong = head + '<bpmn:exclusiveGateway id="j"' + tail.replace("</bpmn:parallelGateway>", "</bpmn:exclusiveGateway>", 1)
    assert [f.element for f in lint(bundle(wrong.encode())) if f.rule == "reunion-differente"] == ["j"]


def test_the_findings_come_errors_first():
    severities = [f.severity for f in lint(example("division-implicite", "faux"), OTHERS)]
    assert severities == sorted(severities)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("= venu", '= source = "transfert"', True),
        ("= venu", "= not(venu)", False),
        ('= source = "a"', '= source = "b"', False),
        ('= source = "a"', '= source != "b"', True),
        ("= jours &lt; 3", "= jours &gt; 3", False),
        ("= jours &lt;= 3", "= jours &gt;= 3", True),
        ("= jours in [1..3]", "= jours in (3..5]", False),
        ("= jours in [1..3]", "= jours in [3..5]", True),
        ("= dossier.faits.oriente = null", "= dossier.soumis", True),
        ("= list contains([source], source)", "= venu = = =", False),
    ],
)
def test_two_conditions_that_some_values_make_true_together_are_shown_with_these_values(one, other, together):
    pairs = (("= jours &gt;= 3 and jours &lt; 5", one), ("= jours &gt;= 5", other))
    shown = found("conditions-vraies-ensemble", "juste", *pairs)
    assert bool(shown) is together
    assert all("par exemple" in f.message for f in shown)


def test_lifting_a_sanction_by_default_is_not_a_sanction():
    lifting = (
        '<zeebe:taskDefinition type="bordereau_caf" /><zeebe:taskHeaders><zeebe:header key="objet" value="levee" /></zeebe:taskHeaders>'
    )
    assert found("minuteur-qui-sanctionne", "faux")
    assert not found("minuteur-qui-sanctionne", "faux", ('<zeebe:taskDefinition type="bordereau_caf" />', lifting))
