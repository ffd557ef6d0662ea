"""Asking for the case file of a case, and taking it away: both on record."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.database import insert_once
from app.documents.models import Document
from app.errors import NotAllowed, NotFound
from app.handling import access
from app.handling.casefile.models import STATES, CaseFile
from app.handling.models import Case
from app.organization import Actor, roles
from app.organization.models import Person

SHOWN = 20


@dataclass(frozen=True)
class Asked:
    """One that was asked for, as a page shows it."""

    id: int
    state: str
    asked_by: str
    asked_at: datetime
    made_at: datetime | None
    sha256: str | None
    size: int | None
    entries: int | None
    reason: str

    @property
    def words(self) -> str:
        return STATES[self.state]


def may_take(actor: Actor, case: Case) -> bool:
    """Auditors, the registry of its unit with those who supervise, and whose case it is.

    It holds everything: each opinion, each version, and from where everybody acted.
    """
    audits = actor.holds(roles.AUDITOR)
    return audits or access.of_registry(actor, case) or case.kept_by == actor.person_id


def case_of(session: Session, actor: Actor, case_id: int) -> tuple[Case, str]:
    """A case that the actor may take, and the title of its document.

    Raises NotFound for who may not even see it, NotAllowed for who sees a part of it only.
    """
    case = session.get(Case, case_id) if actor.holds(roles.AUDITOR) else None
    case = case or access.case_of(session, actor, case_id)
    if not may_take(actor, case):
        raise NotAllowed(
            "卷宗包含全部意见和记录，由本单位办公室、督办人员、拟稿人和安全审计员取用，请与他们联系。"
        )
    return case, session.get_one(Document, case.document_id).title


def sees_page(session: Session, actor: Actor, case: Case) -> bool:
    """Whether the page of the case is open to the actor too."""
    return access.sees_case(session, actor, case.id)


def ask(session: Session, actor: Actor, case_id: int, at: datetime) -> None:
    """Have it made; asking again while one is being made changes nothing.

    Raises as :func:`case_of`.
    """
    case, _ = case_of(session, actor, case_id)
    new = {"case_id": case.id, "asked_by_id": actor.person_id, "asked_at": at, "reason": ""}
    if insert_once(session, CaseFile, {**new, "state": "waiting"}):
        _record(session, actor, case, "casefile.asked", at)


def listed(session: Session, case_id: int) -> list[Asked]:
    """The newest first."""
    names = ("made_at", "sha256", "size", "entries", "reason")
    query = (
        sa.select(CaseFile.id, CaseFile.state, Person.name, CaseFile.asked_at)
        .add_columns(*(getattr(CaseFile, name) for name in names))
        .join(Person, Person.id == CaseFile.asked_by_id)
        .where(CaseFile.case_id == case_id)
        .order_by(CaseFile.id.desc())
        .limit(SHOWN)
    )
    return [Asked(*row) for row in session.execute(query)]


def take(session: Session, actor: Actor, case_id: int, file_id: int, at: datetime) -> str:
    """The digest under which it lies in the store; taking it away is on record.

    Raises as :func:`case_of`; NotFound for one that is not made, or of another case.
    """
    case, _ = case_of(session, actor, case_id)
    found = session.scalars(sa.select(CaseFile).filter_by(id=file_id, case_id=case.id)).first()
    if found is None or found.sha256 is None:
        raise NotFound("没有这个卷宗包，请在卷宗包页面上查看制作情况。")
    named = {"sha256": found.sha256}
    _record(session, actor, case, "audit.exported", at, what="case_file", number=case.id, **named)
    return found.sha256


def _record(
    session: Session, actor: Actor, case: Case, action: str, at: datetime, **detail: str | int
) -> None:
    audit.record(
        session,
        action,
        actor.signature(),
        at=at,
        subject=("case", case.id),
        case_id=case.id,
        document_id=case.document_id,
        detail=detail,
    )
