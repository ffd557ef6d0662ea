"""Proofs of single entries, and of one checkpoint by another, for whoever trusts only a witness."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain, tree
from app.audit.checkpoints import Checkpoint, of_json, of_row
from app.audit.models import AuditCheckpoint, AuditEntry
from app.errors import NotFound

BATCH = 5000


@dataclass(frozen=True)
class Inclusion:
    """Entry, audit path and checkpoint: enough to see that the entry was there at that time.

    body  the very bytes of the entry, as text; ``path``: hexadecimal, from the leaf upwards
    """

    seq: int
    body: str
    path: list[str]
    checkpoint: Checkpoint

    def as_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "body": self.body,
            "path": self.path,
            "checkpoint": self.checkpoint.as_json(),
        }


def of_entry(session: Session, seq: int, size: int | None = None) -> Inclusion:
    """Proof that an entry is in the tree of a checkpoint, by default of the first that has it.

    Raises NotFound for an entry or checkpoint that is not there, or not yet under any.
    """
    query = sa.select(AuditCheckpoint).where(AuditCheckpoint.size >= seq)
    if size is not None:
        query = query.where(AuditCheckpoint.size == size)
    row = session.scalars(query.order_by(AuditCheckpoint.size)).first()
    body = session.scalar(sa.select(AuditEntry.body).filter_by(seq=seq))
    if body is None:
        raise NotFound(f"没有第 {seq} 条记录。")
    if row is None:
        raise NotFound(f"还没有覆盖第 {seq} 条记录的检查点，请稍后再试。")
    ((_, path),) = paths(session, {seq: body}, row.size)
    return Inclusion(seq, body, path, of_row(row))


def paths(
    session: Session, bodies: Mapping[int, str], size: int
) -> Iterator[tuple[str, list[str]]]:
    """Each of these entries with its path to the root over the first ``size`` entries."""
    query = sa.select(AuditEntry.hash).where(AuditEntry.seq <= size).order_by(AuditEntry.seq)
    with session.scalars(query, execution_options={"yield_per": BATCH}) as hashes:
        leaves = (bytes.fromhex(each) for each in hashes)
        found = tree.paths(leaves, size, [seq - 1 for seq in bodies])
    for body, path in zip(bodies.values(), found, strict=True):
        yield body, [each.hex() for each in path]


def between(session: Session, earlier: int, later: int) -> list[str]:
    """Proof, in hexadecimal, that the record at one size begins with the record at the earlier.

    Raises NotFound unless both are sizes of checkpoints, the earlier one first.
    """
    sizes = sa.select(sa.func.count()).where(AuditCheckpoint.size.in_({earlier, later}))
    if earlier > later or session.scalar(sizes) != len({earlier, later}):
        raise NotFound("没有这样的两个检查点，请从检查点清单中选取，先前的在前。")
    return grown(session, earlier, later)


def grown(session: Session, earlier: int, later: int) -> list[str]:
    """The same for any two sizes, 1 <= earlier <= later.

    Where a checkpoint has kept the edge of the earlier tree, only what came after it is read.
    """
    row = session.get(AuditCheckpoint, earlier)
    if row is None:
        return [each.hex() for each in tree.consistency(_leaves(session, later), earlier)]
    edge = tree.Edge(row.size, [bytes.fromhex(each) for each in row.edge])
    return [each.hex() for each in tree.growth(edge, _leaves(session, later, after=earlier))]


def holds(given: Mapping[str, Any]) -> bool:
    """Whether an :class:`Inclusion` in JSON proves its entry; needs nothing but itself.

    Whether the key of the checkpoint is the right one, the reader has to know from elsewhere.
    """
    try:
        checkpoint = of_json(given["checkpoint"])
        leaf = bytes.fromhex(chain.leaf_hash(given["body"]))
        path = [bytes.fromhex(each) for each in given["path"]]
        root, place = bytes.fromhex(checkpoint.root), given["seq"] - 1
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return checkpoint.is_signed() and tree.includes(leaf, place, checkpoint.size, path, root)


def _leaves(session: Session, size: int, after: int = 0) -> list[bytes]:
    within = (AuditEntry.seq > after, AuditEntry.seq <= size)
    query = sa.select(AuditEntry.hash).where(*within).order_by(AuditEntry.seq)
    return [bytes.fromhex(each) for each in session.scalars(query)]
