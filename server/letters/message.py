"""A text message that fits in one: letters outside the GSM alphabet halve its length, so they are written with their nearest one."""

from __future__ import annotations

import re
import unicodedata

from server.kernel.errors import ModelError

LONGEST = 160  # septets of one message, 3GPP TS 23.038, 6.1.2.1
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")  # the extension table: two septets each
_NEAREST = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE", "•": "-"})


def sms_text(text: str) -> str:
    """The message in the GSM 7-bit alphabet (3GPP TS 23.038), on one line. Raises ModelError past 160 characters."""
    text = re.sub(r"«\s*|\s*»", '"', text.translate(_NEAREST))
    message = "".join(_nearest(letter) for letter in " ".join(text.split()))
    length = sum(2 if letter in _GSM_TWICE else 1 for letter in message)
    if length > LONGEST:
        raise ModelError(f"Le SMS compte {length} caractères, {LONGEST} au plus. Raccourcissez-le.", rule="sms_trop_long")
    return message


def _nearest(letter: str) -> str:
    if letter in _GSM or letter in _GSM_TWICE:
        return letter
    bare = unicodedata.normalize("NFD", letter)[0]
    return bare if bare in _GSM else "?"
