"""From a cell to a value: dates in several layouts, numbers of the CAF, telephones, yes and no. Each refusal is a French sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from server.intake.table import Cell, Formula, clean, shown
from server.kernel.errors import BadInput

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EXCEL_EPOCH = date(1899, 12, 30)
_FRENCH = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})(?: .*)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"(19|20)(\d\d)(\d\d)(\d\d)")
_SERIAL = re.compile(r"(\d{4,5})(?:\.0+)?")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.\-])*")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})(?:\.[A-Za-z0-9\-]{1,63})*\.[A-Za-z]{2,24}")
_CAF = re.compile(r"\d{1,8}[A-Z]?")
_SPOILT = re.compile("Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|\ufffd")
_YES = frozenset({"oui", "o", "1", "vrai", "true", "x", "yes", "y"})
_NO = frozenset({"non", "n", "0", "faux", "false", "no", "-"})
_CIVILITIES: Mapping[str, str] = MappingProxyType(
    {
        "m": "M.",
        "mr": "M.",
        "monsieur": "M.",
        "h": "M.",
        "homme": "M.",
        "masculin": "M.",
        "1": "M.",
        "mme": "Mme",
        "madame": "Mme",
        "mlle": "Mme",
    }
    | {"mademoiselle": "Mme", "f": "Mme", "femme": "Mme", "feminin": "Mme", "féminin": "Mme", "2": "Mme", "melle": "Mme"}
)
_ROLES: Mapping[str, str] = MappingProxyType(
    {"dem": "DEM", "demandeur": "DEM", "demandeuse": "DEM", "responsable": "DEM", "rdo": "DEM", "allocataire": "DEM", "mon": "DEM"}
    | {"cjt": "CJT", "conjoint": "CJT", "conjointe": "CJT", "concubin": "CJT", "concubine": "CJT"}
)
_SITUATIONS: Mapping[str, str] = MappingProxyType(
    {
        "cel": "celibataire",
        "célibataire": "celibataire",
        "celibataire": "celibataire",
        "isole": "celibataire",
        "isolé": "celibataire",
        "isolée": "celibataire",
    }
    | {
        "mar": "marie",
        "marié": "marie",
        "mariée": "marie",
        "marié(e)": "marie",
        "marie": "marie",
        "pac": "pacse",
        "pacsé": "pacse",
        "pacsée": "pacse",
    }
    | {
        "pacsé(e)": "pacse",
        "pacse": "pacse",
        "concubinage": "concubinage",
        "union libre": "concubinage",
        "vie maritale": "concubinage",
        "couple": "concubinage",
    }
    | {
        "div": "divorce",
        "divorcé": "divorce",
        "divorcée": "divorce",
        "divorcé(e)": "divorce",
        "divorce": "divorce",
        "sep": "separe",
        "séparé": "separe",
    }
    | {"séparée": "separe", "séparé(e)": "separe", "separe": "separe", "veu": "veuf", "veuf": "veuf", "veuve": "veuf", "veuf(ve)": "veuf"}
)


def text_of(cell: Cell) -> str:
    """A cell as clean text. Raises BadInput for a formula or accents spoilt by a wrong encoding."""
    if isinstance(cell, Formula):
        raise BadInput("La cellule contient une formule. Remplacez-la par sa valeur (copier, coller les valeurs).")
    text = clean(shown(cell))
    if text[:1] == "'" and text[1:2] in FORMULA_STARTS:
        # The apostrophe that our own rejected rows put before such a sign.
        text = text[1:]
    if not text.isascii() and _SPOILT.search(text):
        raise BadInput(f"« {text[:40]} » a des accents abîmés. Exportez le fichier de nouveau en UTF-8.")
    return text


def plain_text(cell: Cell, most: int = 200) -> str:
    """A free text that is safe to show in a spreadsheet. Raises BadInput when it begins like a formula or is too long."""
    text = text_of(cell)
    if text.startswith(FORMULA_STARTS) and len(text) > 1:
        raise BadInput(f"« {text[:40]} » commence comme une formule de tableur. Retirez le premier signe.")
    if len(text) > most:
        raise BadInput(f"Le texte a {len(text)} caractères, pour {most} au plus. Raccourcissez-le.")
    return text


def name_of(cell: Cell) -> str:
    """A name: letters, spaces, apostrophes, hyphens."""
    text = plain_text(cell, 100).rstrip(".,")
    if text and not _NAME.fullmatch(text):
        raise BadInput(f"« {text[:40]} » n'est pas un nom : il contient autre chose que des lettres. Corrigez-le.")
    return text


def date_of(cell: Cell) -> date | None:
    """A date: 02/03/2026, 2026-03-02, 20260302, a date cell, or the number a spreadsheet keeps for it. None when empty."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if not text:
        return None
    try:
        if found := _FRENCH.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _COMPACT.fullmatch(text):
            return date(int(found[1] + found[2]), int(found[3]), int(found[4]))
    except ValueError as error:
        raise BadInput(f"La date « {text[:20]} » n'existe pas au calendrier. Corrigez-la.") from error
    if found := _SERIAL.fullmatch(text):
        return _EXCEL_EPOCH + timedelta(int(found[1]))
    raise BadInput(f"« {text[:20]} » n'est pas une date lisible. Écrivez le jour, le mois et l'année sur quatre chiffres : 02/03/2026.")


def dates_of(cell: Cell) -> tuple[date, ...]:
    """Several dates in one cell, separated by commas, semicolons or bars."""
    if isinstance(cell, str) and re.search(r"[,;|]", cell):
        return tuple(found for part in re.split(r"[,;|]", cell) if (found := date_of(part)))
    found = date_of(cell)
    return (found,) if found else ()


def number_of(cell: Cell, most: int) -> int | None:
    """A whole number from 0 to `most`."""
    text = text_of(cell)
    if not text:
        return None
    if not text.isdecimal() or not 0 <= int(text[:9]) <= most:
        raise BadInput(f"« {text[:20]} » n'est pas un nombre de 0 à {most}. Corrigez-le.")
    return int(text)


def flag_of(cell: Cell) -> bool | None:
    """Yes or no, in the usual ways of writing them. None when empty."""
    text = text_of(cell).lower()
    if not text:
        return None
    if text in _YES or text in _NO:
        return text in _YES
    raise BadInput(f"« {text[:20]} » n'est ni oui ni non. Écrivez « oui » ou « non ».")


def civility_of(cell: Cell) -> str:
    """« M. » or « Mme »."""
    return _word(cell, _CIVILITIES, "une civilité : écrivez « M. » ou « Mme »")


def role_of(cell: Cell) -> str:
    """DEM (demandeur) or CJT (conjoint), the CNAF's codes."""
    return _word(cell, _ROLES, "un rôle : écrivez « demandeur » ou « conjoint »")


def situation_of(cell: Cell) -> str:
    """A family situation in one word without accents."""
    return _word(cell, _SITUATIONS, "une situation familiale connue")


def _word(cell: Cell, words: Mapping[str, str], expected: str) -> str:
    text = text_of(cell)
    found = words.get(text.lower().rstrip("."), "")
    if text and not found:
        raise BadInput(f"« {text[:20]} » n'est pas {expected}.")
    return found


def caf_number_of(cell: Cell) -> str:
    """A CAF number without spaces or needless zeros, on 7 figures at least: « 12345 » and « 0000012345 » are « 0012345 »."""
    text = re.sub(r"[\s.\-_/]+", "", re.sub(r"\.0+$", "", text_of(cell))).upper()
    text = text.lstrip("0") or text[:1]
    if not text:
        return ""
    if not _CAF.fullmatch(text):
        raise BadInput(f"« {text[:20]} » n'est pas un numéro CAF (1 à 8 chiffres, avec ou sans lettre). Corrigez-le.")
    return text.zfill(7 + text[-1].isalpha())


def phone_of(cell: Cell) -> str:
    """A French telephone as +33 and nine figures."""
    text = text_of(cell)
    digits = re.sub(r"[\s.\-_/]|\(0\)", "", text)
    if not digits:
        return ""
    digits = re.sub(r"^(\+|00)33", "0", digits)
    if re.fullmatch(r"[1-9]\d{8}", digits):
        # A spreadsheet that took the number for a quantity lost its first zero.
        digits = "0" + digits
    if not re.fullmatch(r"0[1-9]\d{8}", digits):
        raise BadInput(f"« {text[:20]} » n'est pas un numéro de téléphone français à dix chiffres.")
    return "+33" + digits[1:]


def email_of(cell: Cell) -> str:
    """An address of electronic mail, in lower case."""
    text = text_of(cell).lower()
    if text and (len(text) > 200 or not _EMAIL.fullmatch(text) or text.startswith(FORMULA_STARTS)):
        raise BadInput(f"« {text[:40]} » n'est pas une adresse électronique.")
    return text


def postcode_of(cell: Cell) -> str:
    """Five figures; a lost first zero is put back."""
    text = text_of(cell).replace(" ", "")
    if text and not re.fullmatch(r"\d{4,5}", text):
        raise BadInput(f"« {text[:20]} » n'est pas un code postal à cinq chiffres.")
    return text.zfill(5) if text else ""


def ft_number_of(cell: Cell) -> str:
    """A number of France Travail: 11 figures, or the old 7 figures and a character."""
    text = re.sub(r"[\s.\-]", "", text_of(cell)).upper()
    if text and not re.fullmatch(r"\d{11}|\d{7}[0-9A-Z]", text.zfill(11) if text.isdigit() and len(text) > 8 else text):
        raise BadInput(f"« {text[:20]} » n'est pas un numéro France Travail (11 chiffres).")
    return text.zfill(11) if text.isdigit() and len(text) > 8 else text
