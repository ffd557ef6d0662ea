"""The document's own state follows its case: under review, back behind the sign-off, and so on."""

from app.documents import marks
from app.handling.acts import Act
from app.handling.models import Task


def follow(act: Act) -> None:
    """After an act forward: a draft that has left its drafter is under review."""
    marks.mark_moving(act.document)


def go_back(act: Act, stay: Task) -> None:
    """After a jump back to ``stay``: what was done from there on no longer holds.

    The signature and the seal go (they stood for what came after them), the number stays: a
    return consumes none (decision 7).
    """
    since = stay.done_at or stay.arrived_at
    marks.take_back_marks(act.session, act.document, act.actor, act.at, since=since)
