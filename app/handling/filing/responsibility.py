"""Who answers for a document: its department until the archive accepts it, then the archive."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents.models import Document
from app.errors import Conflict, Invalid
from app.handling.filing import finished
from app.handling.filing.filing import of_case
from app.handling.filing.models import ArchiveItem
from app.handling.models import Case
from app.organization.models import Department, Person, Unit

SIDES = {"creator": "形成部门", "archive": "档案部门"}


@dataclass(frozen=True)
class Responsible:
    """Whoever answers for authenticity, integrity, safety and recognisability (REC-07).

    side    a key of SIDES
    name    the department, or the archive of the unit
    person  who accepted it for the archive, "" while a department answers
    since   since when
    """

    side: str
    name: str
    person: str
    since: datetime

    @property
    def words(self) -> str:
        """``档案部门：江洲县水务局档案部门（马静文）``."""
        person = f"（{self.person}）" if self.person else ""
        return f"{SIDES[self.side]}：{self.name}{person}"


def answers_for(session: Session, case_id: int, at: datetime) -> Responsible:
    """Who answers at a moment; from the very moment of the acceptance it is the archive (REC-07).

    Raises Invalid at ``at`` for a time before the document was there.
    """
    case = session.get_one(Case, case_id)
    if at < case.started_at:
        begun = f"{case.started_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise Invalid.at("at", f"此件 {begun} 才形成，在此之前没有责任部门，请改填时间。")
    item = of_case(session, case_id)
    unit = session.get_one(Unit, case.unit_id).name
    if item is not None and item.accepted_at is not None and item.accepted_at <= at:
        person = session.get_one(Person, item.accepted_by_id).name
        return Responsible("archive", f"{unit}档案部门", person, item.accepted_at)
    return Responsible("creator", department_of(session, case_id) or unit, "", case.started_at)


def department_of(session: Session, case_id: int) -> str | None:
    """The 形成部门 by name; of what is filed the one that filed it, whoever handles it since."""
    item = of_case(session, case_id)
    if item is not None:
        return session.get_one(Department, item.department_id).name
    query = (
        sa.select(Department.name)
        .select_from(Case)
        .join(Document, Document.id == Case.document_id)
        .join(Department, Department.id == finished.forming_department())
        .where(Case.id == case_id)
    )
    return session.scalar(query)


def in_archive(session: Session, case_id: int) -> str | None:
    """The 档号 of what the archive has accepted; None of all else."""
    return session.scalar(sa.select(ArchiveItem.reference).where(ArchiveItem.case_id == case_id))


def ensure_with_creator(session: Session, case_id: int, what: str) -> None:
    """Raises Conflict once the archive has it: nothing is amended from the forming side (REC-07).

    what  that can no longer be done here, such as 改动主题词
    """
    reference = in_archive(session, case_id)
    if reference:
        raise Conflict(
            f"此件已移交档案部门（档号 {reference}），由档案部门负责，"
            f"{what}请与档案员联系。（REC-07）",
            code="in_archive",
        )
