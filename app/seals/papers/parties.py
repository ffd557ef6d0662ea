"""Who signs, and what tells whether his certificate is good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, ocsp, x509
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.seals.keys import SigningKey

RESERVED = 80
"""Bytes that a signature of P-256 may have; asked for before the real one is made."""


@dataclass(frozen=True)
class Signatory:
    """A person or a seal with its key.

    certificate  DER
    chain        DER of the authorities above it, its issuer first
    """

    key: SigningKey
    certificate: bytes
    chain: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """Common name of the certificate."""
        subject = x509.Certificate.load(self.certificate).subject.native
        return str(subject.get("common_name", ""))


@dataclass(frozen=True)
class Evidence:
    """Own roots, authorities below them, and what they say is revoked. All in DER.

    lists    revocation lists (CRL), the root's among them
    answers  answers on single certificates (OCSP)
    Nothing else is asked, nothing is fetched, and what has no status is not trusted.
    """

    roots: tuple[bytes, ...]
    certificates: tuple[bytes, ...]
    lists: tuple[bytes, ...]
    answers: tuple[bytes, ...] = ()

    def context(self, at: datetime) -> ValidationContext:
        return ValidationContext(
            trust_roots=_certificates(self.roots),
            other_certs=_certificates(self.certificates),
            crls=[crl.CertificateList.load(each) for each in self.lists],
            ocsps=[ocsp.OCSPResponse.load(each) for each in self.answers],
            allow_fetching=False,
            revocation_mode="require",
            moment=at,
        )


class KeySigner(Signer):
    """pyHanko's signer over one of our keys."""

    def __init__(self, signatory: Signatory) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(_certificates(signatory.chain))
        super().__init__(
            signing_cert=x509.Certificate.load(signatory.certificate), cert_registry=store
        )
        self._key = signatory.key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if dry_run:
            return bytes(RESERVED)
        if digest_algorithm != "sha256":
            raise ValueError(f"the keys sign over SHA-256, not {digest_algorithm}")
        return self._key.sign(data)


def _certificates(encoded: Iterable[bytes]) -> list[x509.Certificate]:
    return [x509.Certificate.load(each) for each in encoded]
