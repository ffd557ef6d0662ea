"""The key-encryption key: a file of its owner alone, or the environment; never the database."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.config import UnsafeSettings
from app.seals.keys.files import read_private, write_once

LENGTH = 32
"""Bytes of the key-encryption key; written as hexadecimal digits."""


class KeyEncryption:
    """Protects the keys of one process at rest."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != LENGTH:
            raise ValueError(f"a key-encryption key has {LENGTH} bytes")
        self._secret = secret

    def password(self, reference: str) -> bytes:
        """The password of one key file, another for every key: files cannot be exchanged."""
        derived = HKDF(
            hashes.SHA256(), LENGTH, salt=None, info=b"gongwen key " + reference.encode()
        )
        return derived.derive(self._secret).hex().encode()

    @classmethod
    def read(cls, path: Path) -> "KeyEncryption":
        """From a file that nobody but its owner can read. Raises UnsafeSettings."""
        hint = "请从备份恢复；第一次启动前用子命令 new-kek 新建。"
        return cls._parse(read_private(path, "密钥加密密钥", hint), str(path))

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], name: str, usual: Path
    ) -> "KeyEncryption":
        """From the variable ``name``, else the file of ``name``_FILE, else the ``usual`` file."""
        if given := environ.get(name):
            return cls._parse(given, f"环境变量 {name}")
        return cls.read(Path(environ.get(f"{name}_FILE") or usual))

    @classmethod
    def _parse(cls, text: str, where: str) -> "KeyEncryption":
        try:
            return cls(bytes.fromhex(text.strip()))
        except ValueError:
            raise UnsafeSettings(
                f"{where} 里不是密钥加密密钥：应为 {LENGTH * 2} 个十六进制字符。"
            ) from None


def new_file(path: Path) -> None:
    """A new key-encryption key in a new file. Raises FileExistsError."""
    write_once(path, secrets.token_hex(LENGTH).encode() + b"\n")
