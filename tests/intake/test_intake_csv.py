"""CSV files as départements send them, good and bad."""

from __future__ import annotations

import pytest

from server.intake import open_table
from server.kernel.errors import BadInput, TooMuch

LINES = "Civilité;Nom;Prénom\nMme;LÉGER;Zoé\n"


def read(data, name="essai.csv"):
    with open_table(data if isinstance(data, bytes) else data.encode(), name) as table:
        return table, list(table.rows)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_three_separators_and_three_encodings_give_the_same_table(delimiter, encoding):
    table, rows = read(LINES.replace(";", delimiter).encode(encoding))
    assert table.headers == ("Civilité", "Nom", "Prénom")
    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert [(row.number, row.cells) for row in rows] == [(2, ("Mme", "LÉGER", "Zoé"))]


def test_a_path_reads_like_bytes(tmp_path):
    path = tmp_path / "essai.csv"
    path.write_bytes(LINES.encode("cp1252"))
    with open_table(path, "essai.csv") as table:
        assert [row.cells[1] for row in table.rows] == ["LÉGER"]


def test_a_separator_inside_quotes_is_part_of_the_text():
    table, rows = read('Nom;"Adresse, complète"\n"A;B";"1, rue ""X""\nbât. B"\nC;D\n')
    assert table.delimiter == ";"
    assert rows[0].cells[0] == "A;B"
    assert rows[0].cells[1] == '1, rue "X"\nbât. B'
    assert [row.number for row in rows] == [2, 4]


def test_what_excel_writes_is_understood():
    table, rows = read('sep=,\nNom,N° CAF\nA,"=""0123"""\n')
    assert table.headers == ("Nom", "N° CAF")
    assert rows[0].cells == ("A", "0123")
    assert rows[0].number == 3


def test_a_title_above_the_headers_is_skipped():
    table, rows = read("Extraction du 2 mars\n\n;;\nNom;Prénom\nA;B\n")
    assert table.headers == ("Nom", "Prénom")
    assert [row.number for row in rows] == [5]


def test_blank_lines_and_repeated_headers_are_skipped():
    _, rows = read("Nom;Prénom\n\nA;B\n ; \nNom;Prénom\nC;D\n\n")
    assert [row.cells for row in rows] == [("A", "B"), ("C", "D")]
    assert [row.number for row in rows] == [3, 6]


def test_a_short_line_is_padded_and_a_long_one_is_told():
    _, rows = read("Nom;Prénom;Ville\nA;B\nC;D;E;;\nF;G;H;I\n")
    assert rows[0].cells == ("A", "B", None)
    assert not rows[1].problem
    assert "4 cellules pour 3 colonnes" in rows[2].problem


def test_a_huge_cell_and_a_huge_line_are_refused_alone():
    _, rows = read(f"Nom;Prénom\nA;{'x' * 6_000}\nB;{'y' * 3_000_000}\nC;D\n")
    assert "dépasse 5000 caractères" in rows[0].problem
    assert "démesurée" in rows[1].problem
    assert (rows[2].number, rows[2].cells, rows[2].problem) == (4, ("C", "D"), "")


def test_a_quote_never_closed_is_told_with_its_lines():
    _, rows = read('Nom;Prénom\nA;B\n"C;D\nE;F\n')
    assert rows[0].cells == ("A", "B")
    assert rows[1].number == 3
    assert "Les lignes 3 à 4" in rows[1].problem


def test_a_quote_in_the_middle_spoils_its_line_only():
    _, rows = read('Nom;Prénom\n"C"x;D\nE;F\n')
    assert rows[0].problem
    assert rows[0].cells == ('"C"x', "D")
    assert rows[1].cells == ("E", "F")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "est vide"),
        (b"\n\n \n", "en-t"),
        (b"un seul titre\n", "en-t"),
        (b'Nom;"Pr\nA;B\n', "avant les en-t"),
        ("Nom;Prénom\n".encode("utf-16"), "UTF-16"),
        (b"Nom;Pr\x00nom\nA;B\n", "octets nuls"),
        (b"Nom;Pr\x81nom\nA;B\n", "ni en UTF-8 ni en Windows-1252"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
    ],
)
def test_what_is_not_a_csv_says_so_and_what_to_do(data, sentence):
    with pytest.raises(BadInput, match=sentence):
        read(data)


@pytest.mark.slow(reason="files of the greatest size")
def test_bounds_of_size_columns_and_rows_hold():
    with pytest.raises(TooMuch, match="pèse 50 Mo"):
        read(b"a;b\n" + b"x" * 50_000_000)
    with pytest.raises(TooMuch, match="201 colonnes"):
        read(";".join(f"c{i}" for i in range(201)) + "\n")
    with pytest.raises(TooMuch, match="200000 lignes"):
        read("a;b\n" + "1;2\n" * 200_001)


def test_invisible_characters_do_not_hide_in_headers():
    table, _ = read("\u200bNom ; Pre\u0301nom\u00a0\nA;B\n")
    assert table.headers == ("Nom", "Prénom")
