"""Names, streets and volumes for fictional files: nobody can be called, written to, phoned or insured under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_STARTS = _words(
    "Aigre Bel Bois Bonne Brise Chante Claire Combe Croix Digne Douce Fleur Font Forte Grand Haute Jolie Lande Long Male Mer Mont Neuve Noble Ombre Orme Pierre "
    "Plan Prime Pui Riche Roche Rose Sauve Serre Tour Val Verte Vigne Ville"
)
_ENDS = _words("exemple fictif essai modele maquette specimen imaginaire echantillon")
SURNAMES = tuple(f"{start}{end}".upper() for start in _STARTS for end in _ENDS)
WOMEN = _words(
    "Adèle Aïcha Alice Amélie Amina Anaïs Béatrice Camille Carole Chloé Claire Denise Élodie Emma Estelle Fanny Fatima Françoise Gaëlle Hélène Inès Jade Jeanne "
    "Julie Khadija Laure Léa Leïla Louise Lucie Manon Marie Mélanie Mireille Nadia Nathalie Noémie Odile Pauline Rachel Renée Rose Sabrina Salomé Sarah Sophie "
    "Sylvie Yasmina Zoé"
)
MEN = _words(
    "Abel Adrien Ahmed Alain Antoine Arthur Benoît Bruno Cédric Christophe Damien Daniel David Émile Éric Étienne Fabrice François Gilles Grégory Hakim Hugo "
    "Ibrahim Jacques Jérôme Joël Julien Karim Kévin Laurent Léo Loïc Lucas Marc Mathieu Mehdi Michel Mohamed Nicolas Noël Olivier Pascal Paul Philippe Rémi "
    "Samir Thierry Victor Yann"
)
STREETS = (
    "rue de l'Exemple",
    "avenue du Modèle",
    "place de l'Essai",
    "impasse de la Maquette",
    "chemin du Spécimen",
    "boulevard Imaginaire",
)
BIRTH_DEPARTEMENTS = ("13",) * 9 + ("83", "84", "30", "06", "69", "75", "34", "59", "2A", "2B") + ("99",) * 6
# Ranges of the numbering plan kept for fiction: mobile, then the south-east and Île-de-France.
MOBILE, LANDLINES = "063998", {"13": "046571", "38": "046571", "63": "046571", "94": "019900"}


@dataclass(frozen=True)
class Place:
    """A territory: entrants per month of the sources, and where its people live."""

    entrants: int
    postcode: str
    town: str


# BDR-T-I to BDR-T-X of the sources; for Val-de-Marne, the middle of « 1 700 to 2 000 » (VDM-V01).
PLACES: Mapping[str, Mapping[str, Place]] = MappingProxyType(
    {
        "13": {
            "I": Place(213, "13005", "Marseille"),
            "II": Place(173, "13003", "Marseille"),
            "III": Place(335, "13010", "Marseille"),
            "IV": Place(232, "13014", "Marseille"),
            "V": Place(181, "13015", "Marseille"),
            "VI": Place(212, "13090", "Aix-en-Provence"),
            "VII": Place(144, "13200", "Arles"),
            "VIII": Place(113, "13400", "Aubagne"),
            "IX": Place(243, "13500", "Martigues"),
            "X": Place(99, "13300", "Salon-de-Provence"),
        },
        "94": {"": Place(1_850, "94000", "Créteil")},
    }
)
