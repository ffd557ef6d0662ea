"""Secrets at rest under the key of this installation, which no copy of the database contains."""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12  # bytes
_ciphers: list[AESGCM] = []


class KeyMissing(RuntimeError):
    """The key is absent, or not the one that sealed: a fault of the installation, nobody's slip."""


def use(key: str) -> None:
    """Seal and open under this key from now on: ``Config.factor_key``, in every process."""
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"gongwen second factor")
    _ciphers[:] = [AESGCM(derived.derive(key.encode()))] if key else []


def seal(secret: bytes, person_id: int) -> str:
    """Tied to the person: what is copied into another one's row does not open."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher().encrypt(nonce, secret, _whose(person_id))
    return base64.b64encode(nonce + sealed).decode("ascii")


def unseal(sealed: str, person_id: int) -> bytes:
    """Raises KeyMissing for what was sealed under another key or for somebody else."""
    cipher = _cipher()
    try:
        data = base64.b64decode(sealed, validate=True)
        return cipher.decrypt(data[:_NONCE], data[_NONCE:], _whose(person_id))
    except (binascii.Error, InvalidTag, ValueError) as fault:
        raise KeyMissing("the second factor was sealed under another GONGWEN_FACTOR_KEY") from fault


def _cipher() -> AESGCM:
    if not _ciphers:
        raise KeyMissing("no GONGWEN_FACTOR_KEY in this process")
    return _ciphers[0]


def _whose(person_id: int) -> bytes:
    return f"second-factor:{person_id}".encode()
