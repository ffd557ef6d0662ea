"""故障: an act that the diagram could not take is kept in sight until it can, or its stay is over.

The act itself was undone and the stay is as it was; this is written afterwards, by itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.database import insert_once
from app.handling.act import Act
from app.handling.errors import FaultPlace, StepFault
from app.handling.models import Incident
from app.workflow.definitions import Outcome
from app.workflow.errors import EngineFault

RULE = audit.signed_by_rule("流程无法继续时停在原处并报流程管理员")
LONGEST = 500
"""Characters of what the engine said."""


@contextmanager
def noticed(act: Act, outcome: Outcome | None, variables: Mapping[str, Any]) -> Iterator[None]:
    """What the engine cannot do within this block becomes an incident of the stay in hand."""
    try:
        yield
    except EngineFault as fault:
        task = act.stay
        place = FaultPlace(
            case_id=act.case.id,
            document_id=act.document.id,
            task_id=task.id,
            step=task.step,
            step_name=task.step_name,
            outcome=outcome.key if outcome else None,
            outcome_label=outcome.label if outcome else "",
            variables=dict(variables),
            who=act.actor.login,
        )
        raise StepFault(place, fault) from fault


def note(session: Session, fault: StepFault, at: datetime) -> None:
    """One row per stay, however often it is tried; the first time goes on record."""
    place = fault.place
    latest = {
        "detail": fault.detail[:LONGEST],
        "outcome": place.outcome,
        "variables": dict(place.variables),
        "last_at": at,
    }
    first = {
        **latest,
        "case_id": place.case_id,
        "task_id": place.task_id,
        "cause": _cause(place),
        "attempts": 1,
        "first_at": at,
    }
    if insert_once(session, Incident, first):
        _record(session, fault, at)
        return
    session.execute(
        sa.update(Incident)
        .where(Incident.task_id == place.task_id, Incident.ended_at.is_(None))
        .values(**latest, cause=_cause(place), attempts=Incident.attempts + 1)
        .execution_options(synchronize_session=False)
    )


def _cause(place: FaultPlace) -> str:
    chosen = f"以“{place.outcome_label}”" if place.outcome_label else ""
    return f"“{place.step_name}”{chosen}办结后，流程不能往下走；此件停在原处。"


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
        detail={"step_name": place.step_name, "outcome_tried": place.outcome, "by": place.who},
    )
