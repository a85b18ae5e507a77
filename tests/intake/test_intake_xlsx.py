"""Workbooks: what they hold, and what a hostile one may not do."""

from __future__ import annotations

import io
import random
import time
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from server.intake import RowError, guess_mapping, open_table, read_entrants
from server.kernel.errors import BadInput, TooMuch

TODAY = date(2026, 11, 21)
HEADERS = ["Civilité", "Nom", "Prénom", "Date de naissance", "Date d'ouverture", "N° CAF", "Rôle"]
GOOD = ["Mme", "VALESSAI", "Léa", datetime(1990, 3, 2), datetime(2026, 3, 2), 12345, "DEM"]  # noqa: DTZ001 - spreadsheets know no zone


def workbook(*rows, title="Feuille", before=()):
    book = Workbook()
    for name in before:
        book.create_sheet(name, 0)
    sheet = book.worksheets[-1]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def entrants(data, **more):
    with open_table(data, "essai.xlsx", **more) as table:
        return list(read_entrants(table, guess_mapping(table.headers), TODAY))


def rewritten(data, change):
    """The workbook with its parts changed by `change(name, content) -> content`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out.getvalue()


def test_dates_and_numbers_of_cells_keep_their_meaning():
    (found,) = entrants(workbook(HEADERS, GOOD))
    assert found.date_naissance == date(1990, 3, 2)
    assert found.date_ouverture == date(2026, 3, 2)
    assert found.matricule == "0012345"
    assert found.line == 2


def test_a_date_kept_as_a_number_is_read_as_the_spreadsheet_shows_it():
    (found,) = entrants(workbook(HEADERS, [*GOOD[:3], 32934, 46083.0, *GOOD[5:]]))
    assert (found.date_naissance, found.date_ouverture) == (date(1990, 3, 2), date(2026, 3, 2))


def test_a_formula_is_refused_in_a_column_we_read_and_ignored_elsewhere():
    found = entrants(workbook([*HEADERS, "Notes"], [*GOOD[:1], "=A1", *GOOD[2:], "x"], [*GOOD, "=1+1"]))
    assert isinstance(found[0], RowError)
    assert "formule" in found[0].reasons[0]
    assert found[0].cells[1] == "=A1"
    assert found[1].nom_usage == "VALESSAI"


def test_the_first_sheet_that_has_headers_is_read_unless_one_is_named():
    data = workbook(HEADERS, GOOD, title="Entrants", before=["Notice"])
    with open_table(data, "essai.xlsx") as table:
        assert table.sheet == "Entrants"
    with pytest.raises(BadInput, match="Entrants"):
        open_table(data, "essai.xlsx", sheet="Absent")
    with pytest.raises(BadInput, match="en-têtes"):
        open_table(data, "essai.xlsx", sheet="Notice")


def test_a_wrong_announced_size_does_not_hide_lines():
    data = rewritten(workbook(HEADERS, GOOD, GOOD), lambda name, part: part.replace(b'ref="A1:G3"', b'ref="A1"'))
    assert len(entrants(data)) == 2


def test_a_line_at_the_very_end_of_the_sheet_costs_no_memory():
    data = rewritten(
        workbook(HEADERS, GOOD), lambda name, part: part.replace(b'<row r="2"', b'<row r="900000"').replace(b'2" ', b'900000" ')
    )
    begun = time.monotonic()
    with open_table(data, "essai.xlsx") as table:
        list(table.rows)
    assert time.monotonic() - begun < 10


def test_a_zip_bomb_is_refused_before_it_is_opened():
    bomb = rewritten(workbook(HEADERS), lambda name, part: b" " * 5_000_000 if name.endswith("sheet1.xml") else part)
    begun = time.monotonic()
    with pytest.raises(TooMuch, match="compressé de façon anormale"):
        open_table(bomb, "essai.xlsx")
    assert time.monotonic() - begun < 1


def test_too_many_parts_are_refused():
    out = io.BytesIO(workbook(HEADERS))
    with zipfile.ZipFile(out, "a") as archive:
        for i in range(2_000):
            archive.writestr(f"xl/media/{i}.txt", "x")
    with pytest.raises(TooMuch, match="parties"):
        open_table(out.getvalue(), "essai.xlsx")


def test_a_workbook_with_a_document_type_is_refused():
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    hostile = rewritten(workbook(HEADERS), lambda name, part: entity + part if name.endswith("workbook.xml") else part)
    with pytest.raises(BadInput, match="interdite"):
        open_table(hostile, "essai.xlsx")


@pytest.mark.parametrize("cut", [60, 1_000, 3_000])
def test_a_truncated_workbook_says_so(cut):
    with pytest.raises(BadInput, match="incomplet ou abîmé"):
        open_table(workbook(HEADERS, GOOD)[:cut], "essai.xlsx")


def test_a_workbook_whose_sheet_is_not_xml_says_so():
    broken = rewritten(workbook(HEADERS, GOOD), lambda name, part: part[:-200] if name.endswith("sheet1.xml") else part)
    with pytest.raises(BadInput, match="Enregistrez-le de nouveau"):
        entrants(broken)


def test_another_kind_of_zip_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(BadInput, match="n'est pas un classeur XLSX"):
        open_table(out.getvalue(), "essai.ods")


def test_more_columns_than_the_bound_are_refused():
    with pytest.raises(TooMuch, match="colonnes"):
        open_table(workbook([f"c{i}" for i in range(300)]), "essai.xlsx")


def damaged(data, rng):
    """The same bytes with a few overwritten, removed or doubled."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(changed))
        if rng.random() < 0.6:
            changed[at] = rng.randrange(256)
        else:
            changed[at : at + rng.randint(0, 20)] = rng.choice([b"", b'"', b"<", b"\x00\xff"])
    return bytes(changed)


@pytest.mark.slow(reason="four hundred damaged workbooks")
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_damaged_workbook_is_read_or_refused_in_words_whatever_the_damage():
    good = workbook(HEADERS, GOOD, GOOD)
    parts = zipfile.ZipFile(io.BytesIO(good)).namelist()
    outcomes = set()
    for seed in range(400):
        rng = random.Random(seed)
        hit = rng.choice(parts)
        data = (
            damaged(good, rng)
            if seed % 3 == 0
            else rewritten(good, lambda name, part, hit=hit, rng=rng: damaged(part, rng) if name == hit else part)
        )
        try:
            entrants(data)
            outcomes.add("read")
        except BadInput as refusal:
            outcomes.add("refused" if "essai.xlsx" in str(refusal) or "colonne" in str(refusal) else str(refusal))
    assert outcomes == {"read", "refused"}
