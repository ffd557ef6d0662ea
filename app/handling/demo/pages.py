"""Pages of the demonstration: its texts are known to fit, so none is set while it is played."""

from sqlalchemy.orm import Session

from app import clock
from app.documents import proofs
from app.handling.act import look_at_task
from app.handling.acts.preflighting import signatory, signs_off
from app.handling.views.paper import subject_of
from app.organization import Actor


def take_for_fit(session: Session, actor: Actor, task_id: int) -> None:
    """Count the page that the actor signs at this stay as set; nothing at any other stay."""
    act = look_at_task(session, actor, task_id)
    if signs_off(act):
        page = subject_of(session, act.document, str(signatory(act)))
        proofs.judge(session, page, (), clock.now(session))
