"""Asking openssl, which knows nothing of our code, for its verdict."""

import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization


def ask(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["openssl", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603


def certificate(path: Path, *ders: bytes) -> Path:
    """Write certificates as PEM, one after the other."""
    pem = serialization.Encoding.PEM
    path.write_bytes(
        b"".join(x509.load_der_x509_certificate(der).public_bytes(pem) for der in ders)
    )
    return path


def crl(path: Path, *ders: bytes) -> Path:
    pem = serialization.Encoding.PEM
    path.write_bytes(b"".join(x509.load_der_x509_crl(der).public_bytes(pem) for der in ders))
    return path
