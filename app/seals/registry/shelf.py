"""The papers of a document: which file counts now, and keeping a further one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.seals.digests import digests
from app.seals.models import Paper, Signature, SignatureEnd

Place = tuple[int, str]
"""A stay and a field of the paper: where one signature stands at most."""


def current(
    session: Session, document: Document, *stages: str, but: Place | None = None
) -> Paper | None:
    """The newest paper of the present text that no ended signature is in.

    stages  only one of these
    but     as if the signature of this stay in this field had ended: one whose act never came
    After a sign-off was taken back nothing that came out of it counts; after a seal was taken off
    the paper from before it counts again.
    """
    papers, signatures = _all(session, document)
    ended = {
        each.paper_id
        for each, end in signatures
        if end is not None or (each.task_id, each.field) == but
    }
    taken_back = [each for each, end in signatures if end is not None and each.kind == "signatory"]
    ended |= {paper for each in taken_back for paper in _out_of(each.paper_id, papers)}
    found = (
        each for each in papers if each.id not in ended and (not stages or each.stage in stages)
    )
    return next(found, None)


def _out_of(signed_id: int, papers: Sequence[Paper]) -> set[int]:
    """The papers that came out of a sign-off: all up to the next paper that was signed."""
    later = [each.id for each in papers if each.stage == "signed" and each.id > signed_id]
    end = min(later, default=None)
    return {each.id for each in papers if each.id >= signed_id and (end is None or each.id < end)}


def keep(
    session: Session,
    document: Document,
    stage: str,
    content: bytes,
    fields: Sequence[dict[str, Any]],
    at: datetime,
    stamp_digest: str = "sha256",
) -> Paper:
    """Enter a file that is in the store already; ``stamp_digest`` of its last time stamp."""
    both = digests(content)
    paper = Paper(
        document_id=document.id,
        content_sha256=document.content_sha256,
        stage=stage,
        sha256=both.sha256,
        sm3=both.sm3,
        size=len(content),
        fields=list(fields),
        at=at,
        stamp_digest=stamp_digest,
    )
    session.add(paper)
    session.flush()
    return paper


def _all(
    session: Session, document: Document
) -> tuple[Sequence[Paper], list[tuple[Signature, datetime | None]]]:
    """Papers of the present text, the newest first; signatures with when each ended."""
    papers = session.scalars(
        sa.select(Paper)
        .where(Paper.document_id == document.id, Paper.content_sha256 == document.content_sha256)
        .order_by(Paper.id.desc())
    ).all()
    query = (
        sa.select(Signature, SignatureEnd.at)
        .outerjoin(SignatureEnd, SignatureEnd.signature_id == Signature.id)
        .where(Signature.document_id == document.id)
        .order_by(Signature.id)
    )
    return papers, [(row[0], row[1]) for row in session.execute(query)]
