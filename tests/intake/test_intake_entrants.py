"""Lines to persons: what is kept, what is remarked, what is refused; duplicates, mappings, contacts, rejects."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from server.intake import (
    CONTACTS,
    ENTRANTS,
    FIELDS,
    Entrant,
    RowError,
    guess_layout,
    guess_mapping,
    mapping_from,
    nir_key,
    open_table,
    read_contacts,
    read_entrants,
    write_rejects,
    write_rejects_xlsx,
)
from server.kernel.errors import BadInput
from server.kernel.values import canonical

TODAY = date(2026, 11, 21)
HEADER = "Civilité;Nom bénéficiaire;Prénom bénéficiaire;Date de Naissance;NIR;N° CAF;Rôle;CP Ville;Mails;Date d'ouverture;id iodas"
NIR = "2900313990001"
GOOD = f"Mme;VALESSAI;Léa;02/03/1990;{NIR}{nir_key(NIR)};12345;DEM;13001 Marseille;LEA@example.org;02/03/2026;A-1"
# What the sources show of a real working spreadsheet (domain.md, 1.1); its right-opening date is asked apart.
DROME = (
    "N° CAF;Civilité;Nom bénéficiaire;Prénom bénéficiaire;Date de Naissance;Adresse;CP Ville;Complément;Rôle;RSA;PA;PE;RQTH/AAH;Mails;Téléphones;"
    "DECISION ORIENTATION;Date envoi du courrier;Reçu en entretien le;Chargé d'orientation;Modalité;id iodas"
)
CNAF = (
    "MATRICULE;ROLE PERSONNE;TYPE PERSONNE;NIR;NUMERO DEMANDE RSA;DATE DEMANDE RSA;DATE DEBUT DROITS - DEVOIRS;NOM RESPONSABLE DOSSIER;"
    "PRENOM RESPONSABLE DOSSIER;NUMERO TELEPHONE DOSSIER;NUMERO TELEPHONE 2 DOSSIER;ADRESSE ELECTRONIQUE DOSSIER"
)


def read(text, mapping=None, **more):
    with open_table(text.encode() if isinstance(text, str) else text, "essai.csv") as table:
        return list(read_entrants(table, mapping or guess_mapping(table.headers), TODAY, **more))


def changed(**cells):
    names = {"nom": 1, "prenom": 2, "naissance": 3, "nir": 4, "caf": 5, "role": 6, "cp": 7, "mail": 8, "ouverture": 9, "interne": 10}
    parts = GOOD.split(";")
    for name, text in cells.items():
        parts[names[name]] = text
    return ";".join(parts)


def test_a_good_line_gives_a_person_with_clean_values():
    (found,) = read(f"{HEADER}\n{GOOD}\n")
    assert isinstance(found, Entrant)
    assert (found.nom_usage, found.prenoms, found.date_naissance) == ("VALESSAI", "Léa", date(1990, 3, 2))
    assert (found.matricule, found.role, found.organisme) == ("0012345", "DEM", "CAF")
    assert (found.code_postal, found.commune, found.email) == ("13001", "Marseille", "lea@example.org")
    assert found.remarks == ()
    assert found.keys == (("nir", NIR + nir_key(NIR)), ("identifiant_interne", "A-1"), ("caf", "0012345 DEM"))
    assert b"VALESSAI" in canonical(found.to_plain())
    assert "telephone" not in found.to_plain()


def test_a_wrong_contact_is_left_out_and_said_while_a_wrong_identity_refuses_the_line():
    kept, refused = read(f"{HEADER}\n{changed(mail='lea')}\n{changed(nir='123', interne='A-2', role='CJT')}\n")
    assert kept.email == ""
    assert kept.remarks == ("Mails : « lea » n'est pas une adresse électronique. Laissé vide.",)
    assert isinstance(refused, RowError)
    assert refused.line == 3
    assert refused.reasons[0].startswith("NIR : Le NIR a 3 caractères")
    assert refused.cells[4] == "123"


def test_every_wrong_cell_of_a_line_is_told_at_once():
    (refused,) = read(f"{HEADER}\n{changed(nom='', naissance='31/02/1990', ouverture='hier', role='voisin')}\n")
    assert [problem.column for problem in refused.problems] == ["Date de Naissance", "Rôle", "Date d'ouverture", "Nom bénéficiaire"]


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (changed(interne="B", role="CJT"), "Le même NIR est déjà à la ligne 2"),
        (changed(nir="", role="CJT"), "Le même identifiant interne est déjà à la ligne 2"),
        (changed(nir="", interne=""), "Le même numéro CAF avec le même rôle est déjà à la ligne 2"),
    ],
)
def test_a_person_seen_twice_is_refused_the_second_time(second, sentence):
    first, refused = read(f"{HEADER}\n{GOOD}\n{second}\n")
    assert isinstance(first, Entrant)
    assert sentence in refused.reasons[0]


def test_two_people_of_a_household_share_a_caf_number():
    found = read(f"{HEADER}\n{changed(nir='', interne='')}\n{changed(nir='', interne='', role='CJT')}\n")
    assert [person.role for person in found] == ["DEM", "CJT"]


def test_a_refused_line_does_not_make_its_correction_a_duplicate():
    refused, kept = read(f"{HEADER}\n{changed(naissance='31/02/1990')}\n{GOOD}\n")
    assert isinstance(refused, RowError)
    assert isinstance(kept, Entrant)


def test_a_nir_that_contradicts_the_birth_or_the_civility_is_remarked():
    (found,) = read(f"{HEADER}\n{changed(naissance='02/03/1991').replace('Mme', 'M.', 1)}\n")
    assert len(found.remarks) == 2


def test_at_the_msa_the_number_is_the_nir():
    (found,) = read(f"{HEADER}\n{changed(caf=NIR, nir='', role='')}\n")
    assert (found.organisme, found.matricule, found.nir) == ("MSA", "", NIR + nir_key(NIR))


@pytest.mark.parametrize("missing", ["Civilité", "Nom bénéficiaire", "Prénom bénéficiaire", "Date d'ouverture"])
def test_a_missing_required_column_is_named_before_any_line(missing):
    with pytest.raises(BadInput, match="colonne obligatoire"):
        read(f"{HEADER.replace(missing, 'Autre')}\n{GOOD}\n")


def test_one_column_may_hold_both_names():
    header = "Civilité;Nom/Prénom bénéficiaire;NIR;Date d'ouverture"
    found = read(f"{header}\nMme;LE VALESSAI Léa Rose;{NIR};02/03/2026\n")
    assert (found[0].nom_usage, found[0].prenoms) == ("LE VALESSAI", "Léa Rose")


def test_the_working_spreadsheet_of_the_sources_is_recognised_and_its_date_is_asked():
    line = "12345;Mme;VALESSAI;Léa;02/03/1990;1 rue de l'Exemple;13001 Marseille;;DEM;x;;oui;;lea@example.org;06 39 98 01 02;Social;;;;;A-1"
    (found,) = read(f"{DROME}\n{line}\n", opened_on=date(2026, 3, 1))
    assert found.date_ouverture == date(2026, 3, 1)
    assert (found.decision_orientation, found.inscrit_france_travail, found.telephone) == ("Social", True, "+33639980102")


def test_a_saved_mapping_serves_other_headers_and_refuses_a_file_that_is_not_its_own():
    chosen = mapping_from(
        ENTRANTS, {"civilite": "S", "nom_usage": "N", "prenoms": "P", "date_ouverture": "O", "identifiant_interne": "I", "nir": ""}
    )
    (found,) = read("S;N;P;O;I\nM.;MONTFICTIF;Paul;02/03/2026;7\n", chosen)
    assert (found.civilite, found.identifiant_interne) == ("M.", "7")
    with pytest.raises(BadInput, match="« I » n'est pas dans ce fichier"):
        read("S;N;P;O\nM.;MONTFICTIF;Paul;02/03/2026\n", chosen)
    with pytest.raises(BadInput, match="présente 2 fois"):
        read("S;N;P;O;I;I\nM.;MONTFICTIF;Paul;02/03/2026;1;2\n", chosen)
    with pytest.raises(BadInput, match="champ « couleur »"):
        mapping_from(ENTRANTS, {"couleur": "C"})
    with pytest.raises(BadInput, match="format"):
        mapping_from("autres", {})


def test_a_guessed_mapping_uses_each_column_once_and_fills_required_fields_of_its_own_labels():
    for layout, fields in FIELDS.items():
        headers = [field.label for field in fields]
        guessed = guess_mapping(headers, layout)
        assert dict(guessed.fields) == {field.name: field.label for field in fields}
        assert guessed.missing() == ()


def test_the_contact_file_of_the_cnaf_is_recognised_and_read():
    lines = [
        f"12345;DEM;ADULTE;{NIR};987;01/02/2026;02/03/2026;VALESSAI;LEA;0639980102;;lea@example.org",
        f"{NIR};;;;;;;VALESSAI;LEA;;;",
        ";DEM;;;;;;VALESSAI;LEA;0639980102;;",
        "AB;DEM;;;;;;VALESSAI;LEA;06;;",
    ]
    with open_table("\n".join([CNAF, *lines]).encode("cp1252"), "contacts.csv") as table:
        assert guess_layout(table.headers) == CONTACTS
        first, msa, nobody, wrong = read_contacts(table)
    assert (first.matricule, first.nir, first.telephone, first.email) == ("0012345", NIR + nir_key(NIR), "+33639980102", "lea@example.org")
    assert first.date_droits_devoirs == date(2026, 3, 2)
    assert (msa.matricule, msa.nir) == ("", NIR + nir_key(NIR))
    assert "rien ne dit à quel dossier" in nobody.reasons[0]
    assert "numéro CAF" in wrong.reasons[0]


def test_a_contact_file_is_not_taken_for_entrants_nor_the_other_way():
    with open_table(f"{CNAF}\n".encode(), "c.csv") as table, pytest.raises(BadInput, match="contacts"):
        read_entrants(table, guess_mapping(table.headers), TODAY)
    with open_table(f"{HEADER}\n".encode(), "e.csv") as table, pytest.raises(BadInput, match="colonne obligatoire : Matricule"):
        read_contacts(table, mapping_from(CONTACTS, {}))


HOSTILE = ("=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "a\x00b\x0bc", '"; DROP', "l'été")


def test_rejected_rows_come_back_harmless_and_read_again_as_they_were():
    data = write_rejects(["Civilité", "Nom", "=Entête"], [(5, ["M.", text], ["Nom : à corriger."]) for text in HOSTILE])
    assert data.startswith(b"\xef\xbb\xbf")
    with open_table(data, "refus.csv") as table:
        assert table.headers == ("Civilité", "Nom", "'=Entête", "Ligne du fichier", "À corriger")
        cells = [line.cells for line in table.rows]
    assert all(not str(cell).startswith(("=", "+", "-", "@", "\t")) for row in cells for cell in row)
    assert [row[3] for row in cells] == ["5"] * len(HOSTILE)


def test_a_corrected_reject_file_is_accepted_again():
    (refused,) = read(f"{HEADER}\n{changed(naissance='31/02/1990')}\n")
    back = write_rejects(HEADER.split(";"), [(refused.line, refused.cells, refused.reasons)])
    assert "n'existe pas au calendrier" in back.decode()
    (kept,) = read(back.decode("utf-8-sig").replace("31/02/1990", "02/03/1990"))
    assert isinstance(kept, Entrant)


def test_rejected_rows_in_a_workbook_are_texts_and_never_formulas():
    data = write_rejects_xlsx(["Nom"], [(2, [text], ["à corriger"]) for text in HOSTILE])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [row[0].data_type for row in sheet.iter_rows(min_row=2)] == ["s"] * len(HOSTILE)
    assert sheet["A2"].value == "=HYPERLINK(1)"
