"""What an act that was refused and undone still leaves, in a small transaction of its own."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import DomainError
from app.handling.errors import ProposalStale, StepFault
from app.handling.models import Intervention
from app.handling.stays import incidents

LEAVING = (StepFault, ProposalStale)
"""Refusals that leave something besides the answer."""


def leave(session: Session, error: DomainError, at: datetime) -> None:
    """Write it; the caller commits. Nothing for any other refusal."""
    if isinstance(error, StepFault):
        incidents.note(session, error, at)
    elif isinstance(error, ProposalStale):
        session.execute(
            sa.update(Intervention)
            .where(Intervention.id == error.proposal_id, Intervention.state == "proposed")
            .values(state="stale", decided_at=at)
            .execution_options(synchronize_session=False)
        )
