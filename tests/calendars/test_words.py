"""Deadlines in words, as look/README writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from server.calendars import Calendar, held_in_words, in_words, kept_in_words

PARIS = Calendar()
NOW = datetime(2026, 11, 19, 9, 41, tzinfo=UTC)  # Thursday


@pytest.mark.parametrize(
    ("day", "state", "icon", "sentence"),
    [
        ((2026, 11, 17), "late", "late", "En retard de 2 jours — depuis le mar. 17 nov."),
        ((2026, 11, 18), "late", "late", "En retard d’un jour — depuis le mer. 18 nov."),
        ((2026, 11, 19), "soon", "soon", "Aujourd’hui — jeu. 19 nov. à minuit"),
        ((2026, 11, 20), "soon", "soon", "Demain — ven. 20 nov."),
        ((2026, 11, 22), "soon", "soon", "Dans 3 jours calendaires — dim. 22 nov."),
        ((2026, 11, 24), "soon", "soon", "Dans 3 jours ouvrés — mar. 24 nov."),
        ((2026, 11, 26), "soon", "soon", "Dans 5 jours ouvrés — jeu. 26 nov."),
        ((2026, 11, 27), "plain", "cal", "Dans 6 jours ouvrés — ven. 27 nov."),
        ((2026, 12, 1), "plain", "cal", "Dans 8 jours ouvrés — mar. 1er déc."),
        ((2026, 12, 8), "plain", "cal", "Dans 13 jours ouvrés — mar. 8 déc."),
        ((2027, 1, 4), "plain", "cal", "Dans 30 jours ouvrés — lun. 4 janv. 2027"),
        ((2027, 5, 19), "plain", "cal", "Dans 6 mois — mer. 19 mai 2027"),
        ((2027, 7, 5), "plain", "cal", "Dans plus de 7 mois — lun. 5 juil. 2027"),
    ],
)
def test_a_deadline_is_said_with_its_unit_and_its_date(day, state, icon, sentence):
    said = in_words(PARIS.moment(date(*day)), NOW, PARIS)
    assert (said.state, said.icon, said.sentence.replace("\u00a0", " ")) == (state, icon, sentence)


def test_no_deadline_is_said_and_not_left_empty():
    assert in_words(None, NOW, PARIS).sentence == "Sans échéance"


def test_an_appointment_of_today_says_its_hour_and_then_that_it_is_late():
    appointment = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)
    assert in_words(appointment, NOW, PARIS).date_text.replace("\u00a0", " ") == "jeu. 19 nov. à 14 h 00"
    late = in_words(appointment, datetime(2026, 11, 19, 13, 5, tzinfo=UTC), PARIS)
    assert late.sentence.replace("\u00a0", " ") == "En retard — depuis 14 h 00"


def test_the_last_minute_before_midnight_in_paris_is_still_today():
    end = PARIS.moment(date(2026, 11, 19))
    assert in_words(end, datetime(2026, 11, 19, 22, 59, tzinfo=UTC), PARIS).text == "Aujourd’hui"
    assert in_words(end, datetime(2026, 11, 19, 23, 0, tzinfo=UTC), PARIS).state == "late"


def test_a_stopped_clock_says_since_when_and_why():
    said = held_in_words(date(2026, 11, 16), "pièces attendues de la personne", NOW, PARIS)
    assert said.sentence.replace("\u00a0", " ") == "Suspendu depuis le 16 nov. — pièces attendues de la personne"
    assert said.state == "held"


def test_a_finished_task_says_its_margin_or_its_delay():
    due = PARIS.moment(date(2026, 3, 17))
    kept = kept_in_words(due, datetime(2026, 3, 13, 10, tzinfo=UTC), NOW, PARIS)
    assert (kept.state, kept.sentence.replace("\u00a0", " ")) == ("ok", "Tenue — 13 mars, avec 4 jours d’avance")
    missed = kept_in_words(due, datetime(2026, 3, 18, 10, tzinfo=UTC), NOW, PARIS)
    assert (missed.state, missed.sentence.replace("\u00a0", " ")) == ("late", "Dépassée d’un jour — 18 mars")
