"""Refuses a letter whose head or places cannot be read: it would be wanted, and never leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from server.catalog.findings import ERROR, Finding
from server.kernel.errors import JalonError
from server.letters import read_letter

CODE = "courrier-illisible"
TITLE = "Chaque courrier a un objet et des places lisibles"
SEVERITY = ERROR


def check_files(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Chaque courrier commence par son objet, et chacune de ses places {{ … }} est une expression FEEL."""
    for name in sorted(name for name in files if name.startswith("letters/") and name.count("/") == 1 and name.endswith(".md")):
        try:
            read_letter(files[name].decode())
        except UnicodeDecodeError:
            yield Finding(CODE, "", "", f"Le courrier {name} n'est pas en UTF-8 : enregistrez-le de nouveau.", SEVERITY, name)
        except JalonError as error:
            yield Finding(CODE, "", "", f"Le courrier {name} ne peut pas être écrit. {error}", SEVERITY, name)
