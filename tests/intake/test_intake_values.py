"""Cells to values, layout by layout."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from server.intake import nir_key, read_nir
from server.intake.values import (
    caf_number_of,
    civility_of,
    date_of,
    dates_of,
    email_of,
    flag_of,
    ft_number_of,
    name_of,
    phone_of,
    postcode_of,
    role_of,
)
from server.kernel.errors import BadInput


@pytest.mark.parametrize(
    "written",
    [
        "02/03/2026",
        "2/3/2026",
        "02-03-2026",
        "02.03.2026",
        "02 03 2026",
        "02/03/2026 00:00",
        "2026-03-02",
        "2026-03-02T10:41:00",
        "20260302",
        "46083",
        "46083.0",
        46083,
        46083.0,
        date(2026, 3, 2),
        datetime(2026, 3, 2, 10, 41),  # noqa: DTZ001 - spreadsheets know no zone
        " 02/03/2026\u00a0",
    ],
)
def test_a_date_is_read_in_every_usual_layout(written):
    assert date_of(written) == date(2026, 3, 2)


@pytest.mark.parametrize("written", ["31/02/2026", "2026-13-01", "02/03/26", "mars", "20261301", "0", "123456789", "2/3", "٠٢/٠٣/٢٠٢٦x"])
def test_a_date_that_cannot_be_read_is_refused(written):
    with pytest.raises(BadInput):
        date_of(written)


def test_29_february_exists_in_leap_years_only():
    assert date_of("29/02/2028") == date(2028, 2, 29)
    with pytest.raises(BadInput, match="n'existe pas"):
        date_of("29/02/2026")


def test_several_dates_share_a_cell():
    assert dates_of("02/03/2015; 2018-04-05") == (date(2015, 3, 2), date(2018, 4, 5))


# Worked out by hand: 2 690 549 588 157 = 97 x 27 737 624 620 + 17, and 97 - 17 = 80; with 2A read as 19 and 2B as 18.
@pytest.mark.parametrize(
    ("body", "key"),
    [("2690549588157", "80"), ("1800113990001", "41"), ("180012A990001", "73"), ("180012B990001", "03")],
)
def test_a_nir_of_13_gets_its_key_and_one_of_15_has_it_checked(body, key):
    assert nir_key(body) == key
    assert read_nir(body) == read_nir(f"{body}{key}") == body + key
    with pytest.raises(BadInput, match="clé"):
        read_nir(body + ("01" if key != "01" else "02"))


def test_a_nir_is_read_with_its_usual_spaces_and_small_letters():
    assert read_nir("2 69 05 49 588 157 80") == "269054958815780"
    assert read_nir("1 80 01 2a 990 001 73") == "180012A99000173"


@pytest.mark.parametrize("wrong", ["", "123", "26905495881578", "2690549588157800", "9690549588157", "26905C9588157", "180012C990001"])
def test_a_nir_of_another_shape_is_refused(wrong):
    with pytest.raises(BadInput, match="13 ou 15"):
        read_nir(wrong)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("12345", "0012345"),
        ("0000012345", "0012345"),
        ("1 234 567", "1234567"),
        (1234567, "1234567"),
        ("1234567.0", "1234567"),
        ("123456a", "0123456A"),
        ("", ""),
    ],
)
def test_a_caf_number_loses_spaces_and_needless_zeros(written, kept):
    assert caf_number_of(written) == kept


@pytest.mark.parametrize("wrong", ["ABC", "123456789", "12A34"])
def test_a_caf_number_of_another_shape_is_refused(wrong):
    with pytest.raises(BadInput):
        caf_number_of(wrong)


@pytest.mark.parametrize(
    "written", ["06 39 98 01 02", "0639980102", "+33 6 39 98 01 02", "0033639980102", "+33 (0)6 39 98 01 02", "639980102", 639980102]
)
def test_a_telephone_has_one_writing(written):
    assert phone_of(written) == "+33639980102"


def test_small_values_have_one_writing():
    assert [civility_of(c) for c in ("Mme", "madame", "F", "M.", "Monsieur", "1")] == ["Mme", "Mme", "Mme", "M.", "M.", "M."]
    assert [role_of(r) for r in ("DEM", "demandeur", "CJT", "Conjointe")] == ["DEM", "DEM", "CJT", "CJT"]
    assert [flag_of(f) for f in ("Oui", "x", True, "non", "0", False, "")] == [True, True, True, False, False, False, None]
    assert email_of(" PERSONNE@Example.org ") == "personne@example.org"
    assert postcode_of(1000) == "01000"
    assert ft_number_of("1234567 A") == "1234567A"
    assert ft_number_of(9912345678) == "09912345678"


@pytest.mark.parametrize("name", ["O'Neil", "d’Exemple", "LE GOFF-ESSAI", "Élodie", "J.-P.", "Ñandú"])
def test_names_keep_their_accents_and_signs(name):
    assert name_of(f" {name} ") == name.rstrip(".")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "L3a", "LÃ©a", "L\ufffda", "<b>x</b>", "x" * 101])
def test_a_name_that_is_a_formula_or_spoilt_is_refused(text):
    with pytest.raises(BadInput):
        name_of(text)


def test_an_email_that_would_run_in_a_spreadsheet_is_refused():
    for wrong in ("=1+1@example.org", "a@b", "a b@example.org", "@example.org", "a@example.org\n=x", "-x@example.org"):
        with pytest.raises(BadInput):
            email_of(wrong)
