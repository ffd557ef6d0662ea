"""What pages, commands and case files read of witnesses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.audit import proofs
from app.audit.checkpoints import Checkpoint
from app.audit.cosigning.models import FAULTS, Cosignature, Witness, WitnessedLog
from app.audit.cosigning.submitting import key_of
from app.audit.models import AuditCheckpoint

LATE = timedelta(days=1)
"""When a checkpoint has waited so long for a cosignature, its witness is called missing."""


@dataclass(frozen=True)
class ListedWitness:
    """One witness. ``size``: what it cosigned last, at ``cosigned_at``; 0, None: nothing yet.

    behind   entries under the newest checkpoint that it has not cosigned
    fault    see FAULTS; ``trouble`` in words
    missing  a checkpoint has waited for its cosignature for more than a day
    """

    name: str
    address: str
    key: str
    size: int
    cosigned_at: datetime | None
    behind: int
    fault: str
    fault_at: datetime | None
    missing: bool

    @property
    def trouble(self) -> str:
        return FAULTS[self.fault]

    @property
    def disagrees(self) -> bool:
        return self.fault == "disagrees"


@dataclass(frozen=True)
class ListedLog:
    """A log that is cosigned here. ``refused_at``: when it last contradicted itself."""

    origin: str
    public_key: str
    size: int
    cosigned_at: datetime | None
    refused_at: datetime | None


def witnesses(session: Session, at: datetime) -> list[ListedWitness]:
    """Those in use, by name."""
    newest = session.scalar(sa.select(sa.func.max(AuditCheckpoint.size))) or 0
    rows = session.scalars(sa.select(Witness).filter_by(ended_at=None).order_by(Witness.name))
    return [_listed(session, row, newest, at) for row in rows]


def _listed(session: Session, row: Witness, newest: int, at: datetime) -> ListedWitness:
    query = sa.select(Cosignature).filter_by(witness_id=row.id)
    last = session.scalars(query.order_by(Cosignature.size.desc()).limit(1)).first()
    size = last.size if last else 0
    return ListedWitness(
        name=row.name,
        address=row.address,
        key=str(key_of(row)),
        size=size,
        cosigned_at=last.cosigned_at if last else None,
        behind=max(0, newest - size),
        fault=row.fault,
        fault_at=row.fault_at,
        missing=newest > size and at - _waits_since(session, row, size) > LATE,
    )


def _waits_since(session: Session, row: Witness, size: int) -> datetime:
    """When the oldest checkpoint was signed that this witness could have cosigned and has not.

    Not when it cosigned last: in a quiet office there is nothing to cosign for days.
    """
    query = sa.select(AuditCheckpoint.at).where(AuditCheckpoint.size > size)
    signed = session.scalars(query.order_by(AuditCheckpoint.size).limit(1)).one()
    return max(signed, row.added_at)


def logs(session: Session) -> list[ListedLog]:
    query = sa.select(WitnessedLog).filter_by(ended_at=None).order_by(WitnessedLog.origin)
    return [
        ListedLog(row.origin, row.public_key, row.size, row.cosigned_at, row.refused_at)
        for row in session.scalars(query)
    ]


def for_case_file(session: Session, checkpoint: Checkpoint) -> list[dict[str, Any]]:
    """What each witness had cosigned last when this checkpoint was signed, and how they connect.

    Nothing that came later: made again from the same checkpoint, a file has the same bytes. No
    witness that was ended by then: the way from what it cosigned last would grow for ever.
    ``path``: proof, in hexadecimal, that the checkpoint goes on where the cosigned one ended. It is
    read from all entries in between, so whoever packs several cases asks once for all of them.
    """
    return [
        {
            "name": row.name,
            "public_key": row.public_key,
            "size": last.size,
            "note": f"{last.text}\n{last.note_signature}{last.signature}",
            "path": proofs.grown(session, last.size, checkpoint.size),
        }
        for row, last in _last_before(session, checkpoint)
    ]


def _last_before(session: Session, checkpoint: Checkpoint) -> list[tuple[Witness, Cosignature]]:
    """One row of each witness, found from the end of its index, however many came before."""
    of_it = aliased(Cosignature)
    last = (
        sa.select(of_it.size)
        .where(
            of_it.witness_id == Witness.id,
            of_it.size <= checkpoint.size,
            of_it.at <= checkpoint.moment,
        )
        .order_by(of_it.size.desc())
        .limit(1)
        .correlate(Witness)
        .scalar_subquery()
    )
    query = (
        sa.select(Witness, Cosignature)
        .join(Cosignature, Cosignature.witness_id == Witness.id)
        .where(
            Cosignature.size == last,
            sa.or_(Witness.ended_at.is_(None), Witness.ended_at > checkpoint.moment),
        )
        .order_by(Witness.name, Witness.id)
    )
    return [(witness, given) for witness, given in session.execute(query)]
