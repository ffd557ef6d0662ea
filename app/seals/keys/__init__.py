"""Where private keys lie, behind one small promise: in files, in a token, or with a service.

Only the processes of ``signer`` open them; the web process never does.
"""

from typing import Protocol

from app.seals.keys.encryption import KeyEncryption
from app.seals.keys.software import SoftwareKeys, reference_of

ECDSA_P256 = "ecdsa-p256-sha256"
"""Name of the one algorithm that we make keys for: ECDSA over P-256 and SHA-256."""


class SigningKey(Protocol):
    """A private key that signs and never shows itself."""

    @property
    def algorithm(self) -> str:
        """Such as ``ecdsa-p256-sha256``."""

    @property
    def public_key(self) -> bytes:
        """The public half: DER of SubjectPublicKeyInfo."""

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        """Signature over the digest of ``data``; for ECDSA in DER.

        Raises KeyUnusable, also for a digest other than SHA-256 where the place knows no other.
        """


class KeyKeeper(Protocol):
    """A place where keys are kept; ``Key.reference`` tells it which one is meant."""

    @property
    def kind(self) -> str:
        """Of ``models.KEY_KEEPERS``."""

    def make(self) -> str:
        """Make a pair of keys and return its reference. Raises KeyUnusable."""

    def open(self, reference: str, permit: str = "") -> SigningKey:
        """The key, ready to sign.

        permit  of the signature it is opened for, such as ``12:签发``: a keeper that signs
                elsewhere answers the same permit with the same signature
        Raises KeyUnusable when it is not there or cannot be read.
        """

    def destroy(self, reference: str) -> None:
        """Destroy the private half for good. Done already: nothing happens."""


__all__ = [
    "ECDSA_P256",
    "KeyEncryption",
    "KeyKeeper",
    "SigningKey",
    "SoftwareKeys",
    "reference_of",
]
