"""故障: an act that the diagram could not take is kept in sight until it can, or its stay is over.

The act itself was undone and the stay is as it was; this is written afterwards, by itself.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.database import insert_once
from app.handling.errors import FaultPlace, StepFault, StillFaulty
from app.handling.models import Incident, Task

RULE = audit.signed_by_rule("流程无法继续时停在原处并报流程管理员")
LONGEST = 500
"""Characters of what the engine said."""


def note(session: Session, fault: StepFault, at: datetime) -> None:
    """One row per stay, however often it is tried; the first time goes on record.

    What people tried last is what is tried again; a rehearsal adds nothing but its own failure.
    """
    place = fault.place
    lies_at = _lies_at(session, place)
    if lies_at is None:
        return  # the case has ended meanwhile
    again = {"detail": fault.detail[:LONGEST], "last_at": at}
    latest = {
        **again,
        "cause": _cause(place),
        "tried_at_id": place.task_id,
        "tried_by_id": place.person_id,
        "trial": place.trial,
    }
    of = {"case_id": place.case_id, "task_id": lies_at}
    if insert_once(session, Incident, {**of, **latest, "attempts": 1, "first_at": at}):
        _record(session, fault, at)
        return
    changed = again if isinstance(fault, StillFaulty) else latest
    session.execute(
        sa.update(Incident)
        .where(Incident.task_id == lies_at, Incident.ended_at.is_(None))
        .values(**changed, attempts=Incident.attempts + 1)
        .execution_options(synchronize_session=False)
    )


def _lies_at(session: Session, place: FaultPlace) -> int | None:
    """The stay in hand; of one that had ended (撤回), an open one that its act opened, or any.

    What is kept at an open stay is over with it: then there is nothing more to take back.
    """
    if place.open:
        return place.task_id
    sent_first = sa.case((Task.sent_from_id == place.task_id, 0), else_=1)
    query = sa.select(Task.id).where(Task.case_id == place.case_id, Task.state == "open")
    return session.scalars(query.order_by(sent_first, Task.id).limit(1)).first()


def _cause(place: FaultPlace) -> str:
    return (
        f"{place.name}在“{place.step_name}”环节{place.words}时，流程不能往下走，"
        "没有办成；此件停在原处。"
    )


def _record(session: Session, fault: StepFault, at: datetime) -> None:
    place = fault.place
    audit.record(
        session,
        "incident.raised",
        RULE,
        at=at,
        subject=("task", place.task_id),
        case_id=place.case_id,
        document_id=place.document_id,
        step=place.step,
        reason=_cause(place),
        detail={"step_name": place.step_name, "tried": place.words, "by": place.login},
    )
