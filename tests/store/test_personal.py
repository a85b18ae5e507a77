"""The NIR is unreadable at rest, found without reading, and masked; names are folded the same on both databases."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from server.store.names import fold, search_name
from server.store.personal import mask_nir, personal_keys
from server.store.tables import person
from server.store.work import reading

NIR = "185057800608436"
KEYS = personal_keys("un secret d'installation de plus de trente-deux caractères")


def test_a_sealed_nir_is_read_back_with_the_same_secret_and_person_only():
    sealed = KEYS.encrypt(NIR, "personne-1")
    assert KEYS.decrypt(sealed, "personne-1") == NIR
    assert NIR.encode() not in sealed
    assert sealed != KEYS.encrypt(NIR, "personne-1")
    for keys, whom in [(KEYS, "personne-2"), (personal_keys("un autre secret, assez long lui aussi, vraiment"), "personne-1")]:
        with pytest.raises(InvalidTag):
            keys.decrypt(sealed, whom)


def test_the_blind_index_ignores_the_key_of_the_nir_and_the_case_of_corsica():
    assert KEYS.blind_index("1850578006084") == KEYS.blind_index(NIR)
    assert KEYS.blind_index("18505 2a006084".replace(" ", "")) == KEYS.blind_index("185052A006084")


def test_a_masked_nir_shows_sex_and_year_only():
    assert mask_nir(NIR) == "1 85 ** ** *** *** **"
    assert mask_nir("") == ""


def test_a_base_never_holds_a_nir_in_clear(world):
    case = world.case(nir=NIR)
    with reading(world.jalon.database) as work:
        row = work.one(select(person).where(person.c.id == case.person_id))
        assert NIR not in repr(row)
        assert world.jalon.database.keys.decrypt(row.nir_cipher, row.id) == NIR
        assert row.nir_index == world.jalon.database.keys.blind_index(NIR)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Lefèvre", "lefevre"),
        ("Cœur", "coeur"),
        ("D’ALMEIDA-Nuñez", "d almeida nunez"),
        ("  Ægir  ", "aegir"),
        ("Straße", "strasse"),
        ("Łukasz", "lukasz"),
    ],
)
def test_names_are_found_without_accents_ligatures_or_hyphens(written, folded):
    assert fold(written) == folded


def test_a_birth_name_is_searched_too_when_it_differs():
    assert search_name("Lefèvre", "Cœur", "Léa Anne") == "lefevre lea anne coeur"
    assert search_name("Lefèvre", "LEFEVRE", "Léa") == "lefevre lea"
