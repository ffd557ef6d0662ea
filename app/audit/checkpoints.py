"""检查点: what the record was at a moment, signed with a key that no web process has.

A chain alone does not show that its end was cut off, or that all of it was written anew. A
checkpoint does, for everything up to it, as long as a copy lies where its forger cannot reach.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.errors import KeyNotPrivate, RecordNotWhole
from app.audit.models import AuditCheckpoint, AuditEntry
from app.audit.tree import Edge
from app.database import insert_once

EVERY_ENTRIES = 1000
EVERY = timedelta(minutes=10)
BATCH = 1000
PURPOSE = b"gongwen audit checkpoint\n"
"""Before the signed bytes, so that a signature of anything else is none of these."""


@dataclass(frozen=True)
class Checkpoint:
    """As it is signed, stored and handed out; all texts, hashes in hexadecimal."""

    size: int
    root: str
    at: str
    public_key: str
    signature: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def is_signed(self) -> bool:
        """Whether the signature is that of the key it names; whose key that is, is not asked."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self._signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True

    def signed_by(self, key: Ed25519PrivateKey) -> "Checkpoint":
        return Checkpoint(**{**asdict(self), "signature": key.sign(self._signed_bytes()).hex()})

    def _signed_bytes(self) -> bytes:
        said = {name: value for name, value in asdict(self).items() if name != "signature"}
        return PURPOSE + chain.canonical(said).encode()


def of_json(given: Mapping[str, Any]) -> Checkpoint:
    """Raises ValueError for what is no checkpoint."""
    try:
        names = ("root", "at", "public_key", "signature")
        texts = {name: given[name] for name in names}
        size = given["size"]
    except (KeyError, TypeError) as missing:
        raise ValueError(f"no checkpoint: {missing}") from None
    if not isinstance(size, int) or not all(isinstance(each, str) for each in texts.values()):
        raise ValueError("no checkpoint: a field is of the wrong kind")
    return Checkpoint(size=size, **texts)


def make(
    session: Session, key: Ed25519PrivateKey, at: datetime, *, now: bool = False
) -> Checkpoint | None:
    """Sign what has come since the last one; None while that is little and recent, or nothing.

    now  whatever has come, however little
    Raises RecordNotWhole: nothing is signed over entries that do not fit their hashes.
    """
    last = session.scalars(sa.select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc())).first()
    edge = Edge(last.size, [bytes.fromhex(each) for each in last.edge]) if last else Edge()
    if last is not None and edge.root.hex() != last.root:
        raise RecordNotWhole(last.size)
    come = session.scalar(sa.select(sa.func.max(AuditEntry.seq))) or 0
    if come <= edge.size or not (now or _is_time(edge.size, last, come, at)):
        return None
    _grow(session, edge)
    public = key.public_key().public_bytes_raw().hex()
    text = at.astimezone(UTC).isoformat(timespec="microseconds")
    found = Checkpoint(edge.size, edge.root.hex(), text, public).signed_by(key)
    row = {**found.as_json(), "at": at, "edge": [each.hex() for each in edge.hashes]}
    return found if insert_once(session, AuditCheckpoint, row) else None


def _is_time(size: int, last: AuditCheckpoint | None, come: int, at: datetime) -> bool:
    return last is None or come - size >= EVERY_ENTRIES or at - last.at >= EVERY


def _grow(session: Session, edge: Edge) -> None:
    """Add the entries after the edge, each of which must be what its hash says."""
    query = (
        sa.select(AuditEntry.seq, AuditEntry.body, AuditEntry.hash)
        .where(AuditEntry.seq > edge.size)
        .order_by(AuditEntry.seq)
    )
    previous = _hash_of(session, edge.size)
    with session.execute(query, execution_options={"yield_per": BATCH}) as rows:
        for seq, body, digest in rows:
            fits = seq == edge.size + 1 and chain.leaf_hash(body) == digest
            if not fits or chain.previous(body) != previous:
                raise RecordNotWhole(edge.size + 1)
            edge.add(bytes.fromhex(digest))
            previous = digest


def _hash_of(session: Session, seq: int) -> str:
    if not seq:
        return chain.GENESIS
    found = session.scalar(sa.select(AuditEntry.hash).filter_by(seq=seq))
    if found is None:
        raise RecordNotWhole(seq)
    return found


def listed(
    session: Session, limit: int | None = 100, before: int | None = None
) -> list[Checkpoint]:
    """The newest first."""
    query = sa.select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditCheckpoint.size < before)
    return [of_row(each) for each in session.scalars(query)]


def of_row(row: AuditCheckpoint) -> Checkpoint:
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return Checkpoint(row.size, row.root, at, row.public_key, row.signature)


def kept_key(path: Path) -> Ed25519PrivateKey:
    """The key of this installation, made at its first use, readable by its owner only.

    Raises KeyNotPrivate for a file that others may read, or that is no such key.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        _write(path, Ed25519PrivateKey.generate())
    return _read(path)


def _read(path: Path) -> Ed25519PrivateKey:
    data = path.read_bytes()
    if path.stat().st_mode & 0o077:
        raise KeyNotPrivate(path)
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except ValueError:
        raise KeyNotPrivate(path) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyNotPrivate(path)
    return key


def _write(path: Path, key: Ed25519PrivateKey) -> None:
    """Whole or not at all; of two processes that make one at once, the first one's stays."""
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
