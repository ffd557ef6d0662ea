"""A seal goes only onto a paper that is still what was signed and numbered."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.seals import verification
from app.seals.models import Paper
from app.seals.signer.approvals import Need, Page
from app.seals.signer.errors import PaperNotIntact


def ensure_intact(session: Session, need: Need, page: Page, at: datetime) -> None:
    """Raises PaperNotIntact, VerificationStopped. A page that nobody has signed yet passes."""
    if need.kind != "seal":
        return
    paper = session.scalars(
        sa.select(Paper)
        .where(Paper.document_id == need.document_id, Paper.sha256 == page.shown_sha256)
        .order_by(Paper.id.desc())
    ).first()
    if paper is None:
        return
    expected = verification.expected_of(session, paper, finished=False)
    verdict = verification.verify(page.content, verification.trust(session), at, expected=expected)
    if not verdict.ok:
        raise PaperNotIntact(verdict.sentences)
