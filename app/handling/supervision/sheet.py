"""One supervision as its page shows it: what was asked, how far it is, and how time presses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.deadlines import lamps
from app.deadlines.queries import Limit, limits_of
from app.handling.act import Act
from app.handling.supervision import ladder, rights, said
from app.handling.supervision.holding import Held, look
from app.handling.supervision.ladder import Rung
from app.handling.supervision.models import STATES, Supervision
from app.handling.supervision.opening import SUBJECT
from app.handling.supervision.rows import lamp_of
from app.organization import Actor, Department, Person, role_labels


@dataclass(frozen=True)
class Step:
    """A rung of the ladder in words. ``done_at``: when it was gone; "" in ``state`` is to come."""

    at: datetime
    words: str
    told: str
    done_at: datetime | None


@dataclass(frozen=True)
class Brief:
    """A supervision beside its document."""

    id: int
    department: str
    requirement: str
    state: str
    due_at: datetime
    lamp: lamps.Lamp
    paused: bool

    @property
    def open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True)
class Sheet:
    """All of one supervision. ``may_…``: what the person who looks could do now."""

    id: int
    case_id: int
    title: str
    number: str | None
    department: str
    people: Sequence[str]
    requirement: str
    reason: str
    state: str
    opened_by: str
    opened_at: datetime
    first_due_at: datetime
    due_at: datetime
    paused_at: datetime | None
    lamp: lamps.Lamp
    closed_by: str | None
    closed_at: datetime | None
    result: str | None
    reports: Sequence[said.Report]
    urges: Sequence[said.Urge]
    extensions: Sequence[said.Extension]
    ladder: Sequence[Step]
    may_answer: bool
    may_supervise: bool
    may_judge: bool
    judges: Sequence[str]

    @property
    def state_words(self) -> str:
        return "暂停中，期限停计" if self.paused else STATES[self.state]

    @property
    def open(self) -> bool:
        return self.state == "open"

    @property
    def paused(self) -> bool:
        return self.open and self.paused_at is not None

    @property
    def asked(self) -> said.Extension | None:
        return next((each for each in self.extensions if each.state == "asked"), None)


def sheet(session: Session, actor: Actor, supervision_id: int) -> Sheet:
    """Raises NotFound where it is absent, or its document not visible to the actor."""
    held = look(session, actor, supervision_id)
    of = held.supervision
    people = rights.responsible(session, of.unit_id, of.department_id)
    judges = rights.judges(session, of)
    names = _names(session, [of.opened_by_id, *([of.closed_by_id] if of.closed_by_id else [])])
    return Sheet(
        id=of.id,
        case_id=of.case_id,
        title=held.act.document.title,
        number=held.act.document.number or held.act.document.source_number,
        department=held.department,
        people=[each.name for each in people],
        requirement=of.requirement,
        reason=of.reason,
        state=of.state,
        opened_by=names[of.opened_by_id],
        opened_at=of.opened_at,
        first_due_at=of.first_due_at,
        due_at=of.due_at,
        paused_at=of.paused_at,
        lamp=lamp_of(session, of, held.act.at),
        closed_by=names[of.closed_by_id] if of.closed_by_id else None,
        closed_at=of.closed_at,
        result=of.result,
        reports=said.reports(session, of.id),
        urges=said.urges(session, of.id),
        extensions=said.extensions(session, of.id),
        ladder=_ladder(held),
        may_answer=any(each.person_id == actor.person_id for each in people),
        may_supervise=of.unit_id in rights.units(actor),
        may_judge=any(each.person_id == actor.person_id for each in judges),
        judges=[each.name for each in judges],
    )


def briefs(act: Act) -> list[Brief]:
    """Those of a case, the open ones first."""
    query = (
        sa.select(Supervision, Department.name)
        .join(Department, Department.id == Supervision.department_id)
        .where(Supervision.case_id == act.case.id)
        .order_by(Supervision.state.desc(), Supervision.id)
    )
    return [
        Brief(
            each.id,
            department,
            each.requirement,
            each.state,
            each.due_at,
            lamp_of(act.session, each, act.at),
            each.paused_at is not None,
        )
        for each, department in act.session.execute(query)
    ]


def _names(session: Session, identities: Sequence[int]) -> dict[int, str]:
    query = sa.select(Person).where(Person.id.in_(identities))
    return {person.id: person.name for person in session.scalars(query)}


def _ladder(held: Held) -> list[Step]:
    """The rungs of the present target date; where no time runs, those that were gone."""
    session, of = held.act.session, held.supervision
    rows = [
        row
        for row in limits_of(session, SUBJECT, [of.id])
        if row.deadline_revision == of.limit_revision
    ]
    done = {_place(row): row.handled_at for row in rows if row.state == "done"}
    put_off = {_place(row): row.due_at for row in rows if row.state == "pending"}
    labels = role_labels(session)
    found = []
    climbed, running = 0, of.state == "open" and of.paused_at is None
    for rung in ladder.rungs(of.due_at, deadlines.load(session, of.unit_id)):
        climbed += rung.kind == "escalate"
        place = (rung.kind, climbed) if rung.kind == "escalate" else (rung.kind, rung.at)
        at, planned = done.get(place), put_off.get(place, rung.at)
        coming = running and planned > held.act.at
        if at is not None or coming:
            found.append(Step(planned, _words(rung), _told(rung, labels), at))
    return found


def _place(row: Limit) -> tuple[str, datetime | int]:
    """What tells a rung: its time, but for those that a standstill may have put off."""
    return row.kind, row.occurrence if row.kind == "escalate" else row.due_at


def _words(rung: Rung) -> str:
    if rung.kind == "overdue":
        return "期限届满，记为超期"
    if rung.kind == "escalate":
        return f"超期 {rung.days} 个工作日，升级催办"
    return f"期限前 {-rung.days} 个工作日提醒" if rung.days else "期限当日提醒"


def _told(rung: Rung, labels: dict[str, str]) -> str:
    if rung.kind == "remind":
        return "责任部门负责人"
    above = f"、{labels.get(rung.role, rung.role)}" if rung.role else ""
    return f"责任部门负责人、办公室负责人、督办人员{above}"
