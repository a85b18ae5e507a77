"""Refuses sent files by number, kind, size and first bytes, before anything keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from server.feel.french import french
from server.forms.entries import read_number
from server.forms.model import Component
from server.forms.posted import Upload
from server.kernel.values import Value

_MOST_FILES = 20
_MEGABYTE = 1_000_000
_DEFAULT_MEGABYTES = 5
_STARTS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".odt": (b"PK\x03\x04",),
}


def accepted(component: Component, scope: Mapping[str, Value], now: datetime) -> str:
    """The kinds of file asked for, as the `accept` attribute: « .pdf,image/* », or nothing for any."""
    setting = component.settings.get("accept")
    value = setting.value(scope, now) if setting else None
    return value if isinstance(value, str) else ""


def several(component: Component, scope: Mapping[str, Value], now: datetime) -> bool:
    """True when more than one file may be joined."""
    setting = component.settings.get("multiple")
    return setting is not None and setting.value(scope, now) is True


def largest(component: Component) -> int:
    """The most bytes of one file: property `tailleMax` in megabytes, 5 by default, 25 at most."""
    asked = read_number(component.options.get("+tailleMax"))
    return int(min(asked if asked is not None and asked > 0 else _DEFAULT_MEGABYTES, 25) * _MEGABYTE)


def refused_file(component: Component, uploads: Sequence[Upload], label: str, scope: Mapping[str, Value], now: datetime) -> str:
    """The sentence for the first file that cannot be taken, or nothing."""
    most = _MOST_FILES if several(component, scope, now) else 1
    if len(uploads) > most:
        return french(f"« {label} » : joignez {'un seul fichier' if most == 1 else f'{most} fichiers au plus'}")
    kinds = [kind.strip().lower() for kind in accepted(component, scope, now).split(",") if kind.strip()]
    for upload in uploads:
        if upload.size > largest(component):
            return french(
                f"« {upload.name} » dépasse {largest(component) // _MEGABYTE} Mo : réduisez-le, ou joignez-le en plusieurs fichiers"
            )
        if upload.size <= 0:
            return french(f"« {upload.name} » est vide : choisissez le bon fichier")
        if kinds and not any(_is_of(upload, kind) for kind in kinds):
            return french(
                f"« {upload.name} » n'est pas d'un type accepté ({', '.join(kinds)}) : convertissez-le, ou choisissez un autre fichier"
            )
        starts = _STARTS.get(PurePosixPath(upload.name.lower()).suffix)
        if upload.head and starts and not upload.head.startswith(starts):
            return french(f"« {upload.name} » n'est pas ce que dit son nom : ouvrez-le, enregistrez-le de nouveau, puis joignez-le")
    return ""


def _is_of(upload: Upload, kind: str) -> bool:
    if kind.startswith("."):
        return upload.name.lower().endswith(kind)
    media = upload.media_type.lower().partition(";")[0].strip()
    return media.startswith(kind[:-1]) if kind.endswith("/*") else media == kind
