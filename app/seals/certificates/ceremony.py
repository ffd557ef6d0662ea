"""The root's key goes off line: encrypted under the words of two holders, in its own folder."""

import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import Conflict, Invalid

SHORTEST = 12
"""Characters of each holder's passphrase."""
_KEY, _CERTIFICATE, _LIST, _RECORD = "root-key.pem", "root.crt", "root.crl", "ceremony.txt"


def passphrase(first: str, second: str) -> bytes:
    """What the key is encrypted under: both passphrases with a blank between.

    So openssl can open it too when both holders are there. Raises Invalid for one of no use.
    """
    for own in (first, second):
        if len(own) < SHORTEST or own != own.strip():
            raise Invalid.at("passphrase", f"口令至少 {SHORTEST} 个字符，首尾不能有空格。")
    if first == second:
        raise Invalid.at("passphrase", "两位保管人的口令不能相同。")
    return f"{first} {second}".encode()


def new_root_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def ensure_empty(folder: Path) -> None:
    """Raises Conflict where something lies already: nothing is ever overwritten."""
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"离线文件夹 {folder} 不是空的，请换一个空文件夹。")


def put_away(
    folder: Path, key: ec.EllipticCurvePrivateKey, secret: bytes, root: bytes, record: str
) -> None:
    """Key, certificate and record of the ceremony, for their owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(secret),
    )
    certificate = x509.load_der_x509_certificate(root)
    _write(folder / _KEY, encrypted)
    _write(folder / _CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))
    _write(folder / _RECORD, record.encode())


def keep_list(folder: Path, der: bytes) -> None:
    """The root's newest list beside its key."""
    crl = x509.load_der_x509_crl(der)
    (folder / _LIST).unlink(missing_ok=True)
    _write(folder / _LIST, crl.public_bytes(serialization.Encoding.PEM))


def unlock(folder: Path, secret: bytes) -> ec.EllipticCurvePrivateKey:
    """The root's key. Raises Conflict when it is not there, Invalid for wrong passphrases."""
    path = folder / _KEY
    if not path.is_file():
        raise Conflict(f"{folder} 里没有根密钥（{_KEY}），请接上存放它的离线介质。")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), secret)
    except ValueError:
        raise Invalid.at(
            "passphrase", "口令不对，根密钥打不开。请两位保管人按先后重新输入。"
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Conflict(f"{path} 不是本系统的根密钥。")
    return key


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
