"""The NIR (numéro de sécurité sociale): 13 characters and a key, Corsica's letters included."""

from __future__ import annotations

import re

from server.kernel.errors import BadInput

_SHAPE = re.compile(r"([1-478]\d\d\d\d(?:\d\d|2A|2B)\d{6})(\d\d)?")
_SEPARATORS = re.compile(r"[\s.\-_/]+")


def read_nir(text: str) -> str:
    """The 15 characters of a NIR given with 13 (the key is added) or 15 (the key is checked). Raises BadInput otherwise."""
    bare = _SEPARATORS.sub("", text).upper()
    found = _SHAPE.fullmatch(bare)
    if not found:
        raise BadInput(
            f"Le NIR a {len(bare)} caractères ou une forme inconnue. Donnez 13 ou 15 caractères, par exemple avec 2A ou 2B pour la Corse."
        )
    body, key = found[1], found[2]
    if key is not None and key != nir_key(body):
        raise BadInput("La clé du NIR ne correspond pas à ses 13 premiers caractères. Vérifiez la saisie.")
    return body + nir_key(body)


def nir_key(body: str) -> str:
    """The two figures of control: 97 less the rest by 97, 2A and 2B counting as 19 and 18."""
    return f"{97 - int(body.replace('2A', '19').replace('2B', '18')) % 97:02d}"
