"""Two digests of every file that is signed, sealed or kept: SHA-256, and SM3 beside it."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes


@dataclass(frozen=True)
class Digests:
    """Hexadecimal, lower case. ``sm3`` by GB/T 32905."""

    sha256: str
    sm3: str


def digests(content: bytes) -> Digests:
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(content)
    return Digests(hashlib.sha256(content).hexdigest(), sm3.finalize().hex())
