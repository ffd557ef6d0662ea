"""形成、办理、归档、移交、保管、利用: six stages, each with its time and owner (REC-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import Access
from app.clock import SHANGHAI
from app.handling.act import Act
from app.handling.filing.filing import of_case
from app.handling.filing.models import RETENTIONS, ArchiveItem, ArchiveTransfer, TransferLine
from app.handling.filing.responsibility import department_of
from app.handling.models import Case, Task
from app.organization import Person
from app.organization.models import Department, Unit

STAGES = {
    "creating": "形成",
    "handling": "办理",
    "filing": "归档",
    "transfer": "移交",
    "keeping": "保管",
    "use": "利用",
}


@dataclass(frozen=True)
class Stage:
    """One stage; ``at`` None and ``owner`` "" as long as the document has not come to it.

    key    of STAGES
    said   what there is to say beside: by when it ended, on which list, how often it was read
    """

    key: str
    at: datetime | None = None
    owner: str = ""
    said: str = ""

    @property
    def label(self) -> str:
        return STAGES[self.key]


def stages(act: Act) -> Sequence[Stage]:
    """All six, in their order, of a case that the actor has before him."""
    session, case = act.session, act.case
    item = of_case(session, case.id)
    department = department_of(session, case.id) or ""
    return (
        Stage("creating", case.started_at, _person(session, case.starter_id)),
        _handling(session, case, department),
        *(_filed(session, item) if item else (Stage("filing"), Stage("transfer"))),
        *_kept(act, item),
    )


def _handling(session: Session, case: Case, department: str) -> Stage:
    """From the first act after it was written or entered; its end is said."""
    query = sa.select(sa.func.min(Task.done_at, type_=Task.done_at.type))
    begun = session.scalar(query.where(Task.case_id == case.id))
    if begun is None:
        return Stage("handling")
    said = f"{_time(case.ended_at)} 办结" if case.ended_at else "在办"
    return Stage("handling", begun, department, said)


def _filed(session: Session, item: ArchiveItem) -> tuple[Stage, Stage]:
    filer = _person(session, item.filed_by_id)
    filed = Stage("filing", item.filed_at, filer, RETENTIONS[item.retention])
    query = (
        sa.select(ArchiveTransfer)
        .join(TransferLine, TransferLine.transfer_id == ArchiveTransfer.id)
        .where(TransferLine.item_id == item.id, TransferLine.result.in_(("waiting", "accepted")))
    )
    found = session.scalars(query).first()
    if found is None:
        return filed, Stage("transfer")
    maker = _person(session, found.made_by_id)
    return filed, Stage("transfer", found.made_at, maker, f"移交清单 {found.name}")


def _kept(act: Act, item: ArchiveItem | None) -> tuple[Stage, Stage]:
    """Once accepted it is kept, and open to use from the same moment."""
    if item is None or item.accepted_at is None or item.accepted_by_id is None:
        return Stage("keeping"), Stage("use")
    session = act.session
    archive = f"{session.get_one(Unit, item.unit_id).name}档案部门"
    keeper = f"{archive} {session.get_one(Person, item.accepted_by_id).name}"
    kept = Stage("keeping", item.accepted_at, keeper, f"档号 {item.reference}")
    looks, last = _looks(act, item, item.accepted_at)
    said = f"查阅 {looks} 次，最近 {_time(last)}" if last else "尚无查阅"
    return kept, Stage("use", last or item.accepted_at, archive, said)


def _looks(act: Act, item: ArchiveItem, since: datetime) -> tuple[int, datetime | None]:
    """How often 查阅记录 has the document since then, and the last time."""
    tasks = sa.select(Task.id).where(Task.case_id == act.case.id)
    about = sa.or_(
        sa.and_(Access.subject == "document", Access.number == act.document.id),
        sa.and_(Access.subject == "case", Access.number == act.case.id),
        sa.and_(Access.subject == "archive_item", Access.number == item.id),
        sa.and_(Access.subject == "task", Access.number.in_(tasks)),
    )
    latest = sa.func.max(Access.at, type_=Access.at.type)
    query = sa.select(sa.func.count(), latest).where(about, Access.at > since)
    looks, last = act.session.execute(query).one()
    return looks, last


def _person(session: Session, person_id: int) -> str:
    """``工程科 陈雨桐``; of who belongs to no department the name alone."""
    query = (
        sa.select(Person.name, Department.name)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(Person.id == person_id)
    )
    name, department = session.execute(query).one()
    return f"{department} {name}" if department else str(name)


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
