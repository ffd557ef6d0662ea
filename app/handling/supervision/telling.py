"""What a 督办 act leaves: its entry in the record of the case, and notices to both sides."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.audit import Signature
from app.clock import SHANGHAI
from app.handling.recording import record_act
from app.handling.stays.notices import tell
from app.handling.supervision import rights
from app.handling.supervision.holding import Held
from app.organization import Candidate


def day(at: datetime) -> str:
    """``2026-12-01``: target dates are days, whatever hour the office closes."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}"


def record(
    held: Held,
    action: str,
    *,
    said: str,
    until: datetime | None = None,
    by: Signature | None = None,
    **more: Any,
) -> None:
    """In the history of the case: who, what, and the department with the target date.

    by  a rule, where nobody did it himself
    """
    whom = f"{held.department}，{day(until)} 前" if until else held.department
    record_act(
        held.act,
        action,
        by=by,
        reason=said,
        whom=whom,
        supervision=held.supervision.id,
        department=held.department,
        due_at=held.supervision.due_at.isoformat(),
        **more,
    )


def tell_department(held: Held, kind: str, text: str) -> None:
    of = held.supervision
    _tell(held, rights.responsible(held.act.session, of.unit_id, of.department_id), kind, text)


def tell_supervisors(held: Held, kind: str, text: str) -> None:
    _tell(held, rights.supervisors(held.act.session, held.supervision.unit_id), kind, text)


def tell_leaders(held: Held, kind: str, text: str) -> None:
    """Those who may close it because it is the office's own; told, they may read the document."""
    supervising = {
        each.person_id for each in rights.supervisors(held.act.session, held.supervision.unit_id)
    }
    people = rights.judges(held.act.session, held.supervision)
    _tell(held, [each for each in people if each.person_id not in supervising], kind, text)


def _tell(held: Held, people: Iterable[Candidate], kind: str, text: str) -> None:
    """Everybody but who acts: he knows."""
    own = held.act.actor.person_id
    told = sorted({each.person_id for each in people} - {own})
    tell(held.act.session, told, kind, held.act.case.id, None, text, held.act.at)
