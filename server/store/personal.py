"""Keeps the NIR unreadable at rest and findable without reading: AES-GCM, and a keyed digest beside it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True)
class PersonalKeys:
    """The keys derived from the installation's secret. They are never written anywhere."""

    cipher_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)
    token_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)

    def encrypt(self, nir: str, person_id: str) -> bytes:
        """12 random bytes then the sealed NIR; bound to the person's id, so that it cannot be moved to another row."""
        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(self.cipher_key).encrypt(nonce, nir.encode(), person_id.encode())

    def decrypt(self, sealed: bytes | None, person_id: str) -> str:
        """The NIR, or "" when there is none. Raises cryptography's InvalidTag when the bytes were altered or moved."""
        if not sealed:
            return ""
        return AESGCM(self.cipher_key).decrypt(sealed[:12], sealed[12:], person_id.encode()).decode()

    def blind_index(self, nir: str) -> str:
        """HMAC-SHA256 of the 13 first characters (the key of a NIR adds nothing), 64 hexadecimal letters."""
        return hmac.new(self.index_key, nir[:13].upper().encode(), hashlib.sha256).hexdigest()

    def token_digest(self, token: str) -> str:
        """What is kept of a session cookie: 40 hexadecimal letters, useless without the cookie."""
        return hmac.new(self.token_key, token.encode(), hashlib.sha256).hexdigest()[:40]

    def sign(self, told: bytes) -> bytes:
        """The Ed25519 signature of a checkpoint, 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_key).sign(told)

    def public_key(self) -> bytes:
        """The 32 bytes with which anybody checks a checkpoint."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_key).public_key().public_bytes_raw()


def personal_keys(secret: str) -> PersonalKeys:
    """Independent 32-byte keys from the secret (HKDF-SHA256, RFC 5869)."""
    material = HKDF(algorithm=SHA256(), length=128, salt=None, info=b"jalon personal keys 1").derive(secret.encode())
    return PersonalKeys(*(material[start : start + 32] for start in range(0, 128, 32)))


def mask_nir(nir: str) -> str:
    """A NIR as those who may not read it whole see it: "1 85 ** ** *** *** **"; "" stays ""."""
    return f"{nir[:1]} {nir[1:3]} ** ** *** *** **" if nir else ""
