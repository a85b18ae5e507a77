"""Letters: what a person receives, and what is refused before it leaves."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from server.kernel.errors import ModelError
from server.letters import preview, read_letter, render

NOW = datetime(2026, 11, 19, 9, 41, tzinfo=UTC)


def letter(body="Bonjour {{ nom }}.", sms="", subject="Votre dossier"):
    return f"---\nobjet: {subject}\n" + (f"sms: {sms}\n" if sms else "") + f"---\n{body}\n"


def test_a_letter_is_written_for_one_person():
    text = letter("**{{ nom }}**, vous percevez le RSA depuis le {{ le }} : {{ montant }} €.", subject="Dossier de {{ nom }}: suite")
    done = render(text, {"nom": "Zoé", "le": date(2026, 3, 1), "montant": Decimal("1234.5")}, NOW)
    assert done.subject == "Dossier de Zoé: suite"
    assert done.html == "<p><strong>Zoé</strong>, vous percevez le RSA depuis le 1er\u00a0mars 2026 : 1\u00a0234,5 €.</p>\n"
    assert done.text == "Zoé, vous percevez le RSA depuis le 1er\u00a0mars 2026 : 1\u00a0234,5 €.\n"
    assert done.sms == ""


def test_moments_are_written_in_local_time():
    at = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert render(letter("Le {{ at }}."), {"at": at}, NOW).text == "Le 20\u00a0novembre 2026 à 0\u00a0h\u00a030.\n"


def test_today_is_the_local_day():
    after_midnight_in_paris = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert "2\u00a0juillet 2026" in render(letter("Le {{ today() }}."), {}, after_midnight_in_paris).text


@pytest.mark.parametrize(
    "value",
    [
        "<b>x</b>",
        "**x**",
        "[x](https://x.exemple)",
        "# x",
        "- x",
        "1. x",
        "`x`",
        "x\n===",
        "    x",
        "![x](y)",
        "&copy;",
        "a_b_c",
        "\\*x",
        "<https://x.exemple>",
        "| a |",
    ],
)
def test_a_value_is_text_never_markup(value):
    done = render(letter("{{ v }}"), {"v": value}, NOW)
    html = done.html.replace("<p>", "").replace("</p>", "").replace("<br />", "")
    assert "<" not in html
    assert done.text.strip() == "\n".join(line.strip() for line in value.split("\n"))


def test_a_missing_value_stops_the_letter_and_is_named():
    with pytest.raises(ModelError, match=r"orientation\.referent"):
        render(letter("Référent : {{ orientation.referent }}"), {"orientation": {}}, NOW)


def test_a_missing_value_may_be_foreseen_by_its_owner():
    body = '{{#if motif != null}}Motif : {{ motif }}.{{/if}} {{ if motif = null then "Sans motif." else "" }}'
    assert render(letter(body), {"motif": None}, NOW).text.strip() == "Sans motif."
    assert render(letter(body), {"motif": "garde"}, NOW).text.strip() == "Motif : garde."


def test_an_owner_reads_a_letter_with_its_places_named():
    shown = preview(letter("Le **{{ le }}**.{{#if x > 1}} Et {{ x_y }}.{{/if}}", sms="RSA {{ le }}", subject="Dossier {{ n }}"))
    assert (shown.subject, shown.sms) == ("Dossier ‹n›", "RSA ‹le›")
    assert shown.html == "<p>Le <strong>‹le›</strong>. Et ‹x_y›.</p>\n"


def test_a_list_is_written_line_by_line():
    body = "Pièces :\n\n{{#loop pieces}}- {{ nom }}\n{{/loop}}"
    done = render(letter(body), {"pieces": [{"nom": "RIB"}, {"nom": "Bail"}]}, NOW)
    assert done.html.count("<li>") == 2
    assert done.text == "Pièces :\n\n- RIB\n- Bail\n"


def test_the_text_keeps_titles_numbers_and_addresses():
    body = "## La suite\n\n1. Un\n2. Deux\n\nVoir [le site](https://exemple.fr/aide) ou <https://exemple.fr>.\n\nDeux lignes\\\nsuite"
    assert render(letter(body), {}, NOW).text == (
        "La suite\n\n1. Un\n2. Deux\n\nVoir le site (https://exemple.fr/aide) ou https://exemple.fr.\n\nDeux lignes\nsuite\n"
    )


def test_owners_html_pictures_and_scripts_do_not_pass():
    html = render(letter("<script>x</script> ![p](https://ailleurs.exemple/p.png) [a](javascript:x)"), {}, NOW).html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_text_message_is_one_message():
    done = render(
        letter(sms='"RSA : {{ nom }}, rendez-vous le {{ le }}. Où ? « Pôle » d’Être…"'), {"nom": "Zoë", "le": date(2026, 3, 1)}, NOW
    )
    assert done.sms == 'RSA : Zoe, rendez-vous le 1er mars 2026. Où ? "Pole" d\'Etre...'


def test_a_text_message_counts_160_characters_at_most_and_the_euro_twice():
    assert len(render(letter(sms="{{ v }}"), {"nom": "x", "v": "a" * 160}, NOW).sms) == 160
    for value in ("a" * 161, "a" * 159 + "€"):
        with pytest.raises(ModelError, match="161"):
            render(letter(sms="{{ v }}"), {"nom": "x", "v": value}, NOW)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Bonjour", "objet"),
        ("---\nsms: x\n---\nBonjour", "objet"),
        ("---\nobjet: x\n---\n  \n", "texte"),
        (letter("{{ }}"), "vide"),
        (letter("{{ 1 + }}"), " "),
        (letter("{{#if x}}a"), "fermé"),
        (letter("{{/if}}"), "pas ouvert"),
        (letter("{{#pour x}}a{{/pour}}"), "pas un bloc connu"),
    ],
)
def test_a_faulty_letter_is_refused_when_read(text, word):
    with pytest.raises(ModelError, match=word):
        read_letter(text)
