"""The bytes of an entry and their digests. Nothing here touches the database."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes

GENESIS = "0" * 64
"""Previous hash of the first entry."""


def canonical(body: Mapping[str, Any]) -> str:
    """One spelling per content: sorted keys, no spaces, UTF-8, no floats."""
    _refuse_floats(body)
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def previous(body: str) -> str | None:
    """The hash that an entry names as that of the one before it; None for what is no entry."""
    try:
        found: str = json.loads(body)["previous"]
    except (KeyError, TypeError, ValueError):
        return None
    return found


def leaf_hash(body: str) -> str:
    """SHA-256 of 0x00 and the body, hexadecimal (leaf hash of RFC 6962)."""
    return _digest(hashes.SHA256(), b"\x00" + body.encode())


def sm3(body: str) -> str:
    """SM3 of the body, hexadecimal (GB/T 32905)."""
    return _digest(hashes.SM3(), body.encode())


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> str:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize().hex()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no single spelling: record a whole number or a text")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)
