"""Keyset paging: a cursor names the last row seen, so that no row is repeated or skipped while others come and go."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from typing import Any

from server.kernel.errors import BadInput


def cursor(*keys: Any) -> str:
    """The cursor after a row with these sort keys (texts, times, dates or None)."""
    plain = [key.isoformat() if isinstance(key, datetime | date) else key for key in keys]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def keys_of(text: str, count: int) -> list[str | None] | None:
    """The sort keys of a cursor, None for the first page. Raises BadInput for a cursor that is not ours."""
    if not text:
        return None
    try:
        keys = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        keys = None
    if not isinstance(keys, list) or len(keys) != count or not all(key is None or isinstance(key, str) for key in keys):
        raise BadInput("Cette page de la liste n'existe plus. Revenez à la première page.")
    return keys


def moment(text: str | None) -> datetime | None:
    """A time of a cursor. Raises BadInput."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("Cette page de la liste n'existe plus. Revenez à la première page.") from None
