"""The settings, read once from the environment into one frozen object."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from server.kernel.errors import BadInput

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where Jalon keeps its things and how it answers.

    database_url: SQLAlchemy address (sqlite:///… or postgresql+psycopg://…). secret: text of 32 characters at least, signs cookies and derives keys.
    demonstration: only such a base shows accounts and is loopback only. secure_cookies: true behind HTTPS.
    """

    database_url: str
    secret: str
    instance: Path
    root: Path = ROOT
    demonstration: bool = False
    secure_cookies: bool = True
    departement: str = "13"
    # KiB that hashing a password takes (argon2id); only simulations and tests, whose bases hold nobody, take less.
    password_memory: int = 65_536


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises BadInput when one cannot be used.

    JALON_DATABASE_URL, JALON_SECRET or JALON_SECRET_FILE, JALON_INSTANCE (folder), JALON_DEMONSTRATION=1, JALON_INSECURE_COOKIES=1, JALON_DEPARTEMENT.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("JALON_INSTANCE", str(ROOT / "instance"))).resolve()
    secret = env.get("JALON_SECRET", "")
    if not secret and (named := env.get("JALON_SECRET_FILE")):
        secret = Path(named).read_text(encoding="utf-8").strip()
    kept = instance / "secret"
    if not secret and kept.exists():
        secret = kept.read_text(encoding="utf-8").strip()
    if secret and len(secret) < 32:
        raise BadInput("JALON_SECRET est trop court : 32 caractères au moins.")
    return Settings(
        database_url=env.get("JALON_DATABASE_URL", f"sqlite:///{instance / 'jalon.sqlite'}"),
        secret=secret,
        instance=instance,
        demonstration=env.get("JALON_DEMONSTRATION") == "1",
        secure_cookies=env.get("JALON_INSECURE_COOKIES") != "1",
        departement=env.get("JALON_DEPARTEMENT", "13"),
    )
