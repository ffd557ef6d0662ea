"""The promise between the sweep and the rooms whose subjects have limits."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from sqlalchemy.orm import Session


class Result(Enum):
    """What an effect found."""

    DONE = "done"  # it took effect
    NOT_OPEN = "not_open"  # subject finished, or its limit has another revision by now
    BUSY = "busy"  # somebody holds the subject's lock


@dataclass(frozen=True)
class DueRow:
    """The row in hand; ``due_at`` is the instant from which a mark holds."""

    id: int
    kind: str
    subject_type: str
    subject_id: int
    deadline_revision: int
    occurrence: int
    due_at: datetime
    attempts: int

    @property
    def effect_key(self) -> str:
        return (
            f"{self.kind}:{self.subject_type}:{self.subject_id}"
            f":{self.deadline_revision}:{self.occurrence}"
        )


class Effects(Protocol):
    """How the due rows of one subject type take effect; brought by the room that owns it."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        """Lock the subject with SKIP LOCKED, check it, act. Never commits, never waits.

        ``now`` is the database's time from before the lock. Unless it answers DONE, everything
        it did is undone.
        """
