"""What is known of a paper before it is sent: verified beforehand, only compared in the act.

A verdict counts for the very file, and as long as all that it stands on is the same: what the
record expects of the file, whom the office trusts with the newest revocation lists, and the state
of the certificates that signed it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain
from app.database import insert_once
from app.seals.models import Certificate, Paper, PaperCheck
from app.seals.verification.verdict import Expected, Trust

GOOD_FOR = timedelta(minutes=15)
"""So long a good verdict may be used: the certificates in the file go on ageing."""

BAD_FOR = timedelta(minutes=1)
"""A bad one is only told, and found anew after that: somebody may have mended the cause."""


def standing_of(session: Session, paper: Paper, expected: Expected, trust: Trust) -> str:
    """A hash of all that a verdict on this paper stands on, besides the time."""
    known = sorted({*expected.certificates.values()})
    states = session.execute(
        sa.select(Certificate.sha256, Certificate.state, Certificate.revoked_at)
        .where(Certificate.sha256.in_(known))
        .order_by(Certificate.sha256)
    )
    parts = {
        "paper": paper.id,
        "file": paper.sha256,
        "expected": asdict(expected),
        "trust": [_digests(trust.roots), _digests(trust.certificates), _digests(trust.lists)],
        "retired": {name: _text(ends_at) for name, ends_at in trust.retired.items()},
        "states": [[sha256, state, _text(at)] for sha256, state, at in states],
    }
    return hashlib.sha256(chain.canonical(parts).encode()).hexdigest()


def keep(
    session: Session,
    paper_id: int,
    standing: str,
    sentences: Sequence[str],
    out_sha256: str,
    at: datetime,
) -> None:
    """In the place of what was known of the paper before."""
    shown = {
        "standing": standing,
        "sentences": [*sentences],
        "out_sha256": out_sha256,
        "at": at,
    }
    if not insert_once(session, PaperCheck, {"paper_id": paper_id, **shown}):
        session.execute(sa.update(PaperCheck).filter_by(paper_id=paper_id).values(**shown))


def known(session: Session, paper_id: int, standing: str, at: datetime) -> PaperCheck | None:
    """None where the paper was not verified of late, as things stand."""
    found = session.scalars(
        sa.select(PaperCheck).filter_by(paper_id=paper_id, standing=standing),
        execution_options={"populate_existing": True},
    ).first()
    if found is None:
        return None
    age = at - found.at
    return found if timedelta(0) <= age <= (BAD_FOR if found.sentences else GOOD_FOR) else None


def _digests(contents: Sequence[bytes]) -> list[str]:
    return sorted(hashlib.sha256(each).hexdigest() for each in contents)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
