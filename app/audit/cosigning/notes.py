"""Signed notes, checkpoints and cosignatures as other programs of transparency logs write them.

The formats are those of C2SP (signed-note, tlog-checkpoint, tlog-cosignature), so that witnesses
and verifiers of others can be used. Nothing here touches the database or the network.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 1, 4
"""Kinds of keys: of a log that signs its notes, of a witness that cosigns checkpoints."""
DASH = "— "
MOST_SIGNATURES = 16
MOST = 2**53
"""Entries; more than any record will ever have, and no more than every program can count."""


class NoNote(ValueError):
    """The text is not what it should be; the message says in English what is wrong with it."""


@dataclass(frozen=True)
class VerifierKey:
    """The public key of a log or a witness with its name, written ``name+key ID+base64``."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def of(cls, name: str, kind: int, key: Ed25519PrivateKey) -> "VerifierKey":
        return cls(name, kind, key.public_key().public_bytes_raw())

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """Raises NoNote for what is no key, or a key of another kind than these two."""
        name, _, rest = text.strip().partition("+")
        identity, _, coded = rest.partition("+")
        data = _decoded(coded)
        if len(data) != 33 or data[0] not in (LOG, WITNESS) or not is_name(name):
            raise NoNote("no verifier key")
        found = cls(name, data[0], data[1:])
        if identity.lower() != found.identity.hex():
            raise NoNote("the key ID is not that of the key")
        return found

    @property
    def identity(self) -> bytes:
        """Key ID: four bytes that tell keys of one name apart."""
        content = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(content).digest()[:4]

    def __str__(self) -> str:
        coded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.identity.hex()}+{coded}"


@dataclass(frozen=True)
class TreeHead:
    """What a checkpoint says: so many entries, and the root over them. ``root`` in hexadecimal."""

    origin: str
    size: int
    root: str

    @property
    def text(self) -> str:
        coded = base64.b64encode(bytes.fromhex(self.root)).decode()
        return f"{self.origin}\n{self.size}\n{coded}\n"


@dataclass(frozen=True)
class Signature:
    """One line below a note: the name, the key ID, and the bytes that the key made."""

    name: str
    identity: bytes
    data: bytes

    @property
    def line(self) -> str:
        return f"{DASH}{self.name} {base64.b64encode(self.identity + self.data).decode()}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """By its name and key ID alone; whether it holds is not asked."""
        return (self.name, self.identity) == (key.name, key.identity)


@dataclass(frozen=True)
class Note:
    """A checkpoint with its signatures. ``text`` is what they are over, byte for byte."""

    head: TreeHead
    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, whole: str) -> "Note":
        """Raises NoNote."""
        text, empty, below = whole.rpartition("\n\n")
        if not empty or not below.endswith("\n") or any(c < " " and c != "\n" for c in whole):
            raise NoNote("no signed note")
        text += "\n"
        return cls(_head(text), text, signatures(below))

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether a log signed it, and no signature under the name of its key is false."""
        own = [each for each in self.signatures if each.is_by(key)]
        return bool(own) and all(_holds(key.public, each.data, self.text.encode()) for each in own)


def is_name(name: str) -> bool:
    """Names of keys stand in a line between spaces, and before a plus sign."""
    return 0 < len(name) <= 200 and name.isprintable() and "+" not in name and " " not in name


def signatures(lines: str) -> tuple[Signature, ...]:
    """The signature lines of a note, or of the answer of a witness. Raises NoNote."""
    found = tuple(_signature(line) for line in lines.split("\n")[:-1])
    if not found or len(found) > MOST_SIGNATURES or not lines.endswith("\n"):
        raise NoNote("no signature lines, or too many")
    return found


def sign(head: TreeHead, key: Ed25519PrivateKey) -> Note:
    """As a log does under its origin."""
    own = VerifierKey.of(head.origin, LOG, key)
    made = Signature(own.name, own.identity, key.sign(head.text.encode()))
    return Note(head, head.text, (made,))


def whole(note: Note, *more: Signature) -> str:
    return note.text + "\n" + "".join(each.line for each in (*note.signatures, *more))


def cosign(text: str, name: str, key: Ed25519PrivateKey, at: datetime) -> Signature:
    """As a witness does; ``text``: the whole body of the checkpoint."""
    own, seconds = VerifierKey.of(name, WITNESS, key), int(at.timestamp())
    made = seconds.to_bytes(8, "big") + key.sign(_stamped(text, seconds))
    return Signature(own.name, own.identity, made)


def cosigned_at(text: str, line: Signature, key: VerifierKey) -> datetime | None:
    """When a witness cosigned this body, aware, UTC; None where the cosignature does not hold."""
    if not line.is_by(key) or key.kind != WITNESS or len(line.data) != 72:
        return None
    seconds = int.from_bytes(line.data[:8], "big")
    if not _holds(key.public, line.data[8:], _stamped(text, seconds)):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def number(text: str) -> int:
    """A decimal number without sign and leading zeros. Raises NoNote."""
    if not text.isascii() or not text.isdigit() or str(int(text[:20])) != text or int(text) > MOST:
        raise NoNote("no number of entries")
    return int(text)


def hash_of(line: str) -> bytes:
    """A hash in base 64. Raises NoNote."""
    data = _decoded(line)
    if len(data) != 32:
        raise NoNote("no hash")
    return data


def hash_lines(hashes: Sequence[bytes]) -> str:
    return "".join(f"{base64.b64encode(each).decode()}\n" for each in hashes)


def _head(text: str) -> TreeHead:
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or not all(lines) or not is_name(lines[0]):
        raise NoNote("no checkpoint")
    return TreeHead(lines[0], number(lines[1]), hash_of(lines[2]).hex())


def _signature(line: str) -> Signature:
    name, _, coded = line.removeprefix(DASH).partition(" ")
    data = _decoded(coded)
    if not line.startswith(DASH) or not is_name(name) or len(data) < 5:
        raise NoNote("no signature line")
    return Signature(name, data[:4], data[4:])


def _stamped(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _decoded(text: str) -> bytes:
    """Base 64 in its one spelling. Raises NoNote."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoNote("no base 64") from None
    if base64.b64encode(data).decode() != text:
        raise NoNote("no base 64 in its one spelling")
    return data
