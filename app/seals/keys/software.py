"""Keys in files: encrypted PKCS#8, one per key, in a folder of the signing account alone."""

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.config import UnsafeSettings
from app.seals.keys.encryption import KeyEncryption
from app.seals.keys.errors import KeyUnusable
from app.seals.keys.files import make_private, sync_folder, write_once, write_over

_REFERENCE = re.compile("[0-9a-f]{64}")


_HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True)
class SoftwareKey:
    """A key in the memory of this process."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    algorithm: str = "ecdsa-p256-sha256"

    @property
    def public_key(self) -> bytes:
        return public_half(self.private)

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        return self.private.sign(data, ec.ECDSA(_HASHES[digest]()))


class SoftwareKeys:
    """The keys in one folder. The reference of a key is the SHA-256 of its public half.

    What a file holds can so be checked against its name: a damaged or exchanged file is no key.
    """

    kind = "software"

    def __init__(self, folder: Path, encryption: KeyEncryption) -> None:
        self._folder = folder
        self._encryption = encryption
        make_private(folder)
        if folder.stat().st_mode & 0o077:
            raise UnsafeSettings(
                f"密钥文件夹 {folder} 的权限太宽：请改为只有运行账户可进入，即 chmod 700 {folder}。"
            )

    def make(self) -> str:
        return self.take_in(ec.generate_private_key(ec.SECP256R1()))

    def take_in(self, private: ec.EllipticCurvePrivateKey) -> str:
        """Keep a key that was made elsewhere, such as at the founding of the authority."""
        reference = reference_of(public_half(private))
        path = self._path(reference)
        if not path.exists():
            write_once(path, _encrypted(private, self._encryption, reference))
        return reference

    def open(self, reference: str, permit: str = "") -> SoftwareKey:
        """The permit is not needed: who may sign was decided before (see ``signer``)."""
        return SoftwareKey(self._read(reference, self._encryption))

    def destroy(self, reference: str) -> None:
        """Overwritten and removed; the backups of the folder must follow (administrator.md)."""
        path = self._path(reference)
        try:
            with path.open("r+b") as file:
                file.write(os.urandom(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)
        sync_folder(self._folder)

    def references(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("*.pem"))

    def encrypt_with(self, new: KeyEncryption) -> int:
        """Encrypt every key with another key-encryption key; how many were changed.

        Broken off half-way, it goes on where it was when called again with the same two.
        """
        changed = 0
        for reference in self.references():
            try:
                self._read(reference, new)
            except KeyUnusable:
                private = self._read(reference, self._encryption)
                write_over(self._path(reference), _encrypted(private, new, reference))
                changed += 1
        self._encryption = new
        return changed

    def _read(self, reference: str, encryption: KeyEncryption) -> ec.EllipticCurvePrivateKey:
        try:
            content = self._path(reference).read_bytes()
        except FileNotFoundError:
            raise KeyUnusable("签名密钥不在这台机器上，可能已经销毁。请联系系统管理员。") from None
        try:
            private = load_pem_private_key(content, encryption.password(reference))
        except (ValueError, TypeError):
            private = None
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise KeyUnusable(
                "签名密钥打不开：密钥加密密钥不符，或者文件已损坏。请联系系统管理员。"
            )
        if reference_of(public_half(private)) != reference:
            raise KeyUnusable("签名密钥的文件与它的登记不符，已停止使用。请联系系统管理员。")
        return private

    def _path(self, reference: str) -> Path:
        if not _REFERENCE.fullmatch(reference):
            raise KeyUnusable("签名密钥的登记不完整。请联系系统管理员。")
        return self._folder / f"{reference}.pem"


def reference_of(public_key: bytes) -> str:
    """SHA-256 of the public half (DER), hexadecimal; also ``Key.sha256``."""
    return hashlib.sha256(public_key).hexdigest()


def public_half(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _encrypted(
    private: ec.EllipticCurvePrivateKey, encryption: KeyEncryption, reference: str
) -> bytes:
    protection = BestAvailableEncryption(encryption.password(reference))
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
