"""格式检查: attachments of old records in formats that may not be readable for ever (REC-22).

What the program sets itself is PDF/A, and its text lies in the database as plain blocks. Of what
people attach, pictures and PDF are read by anything; the files of office programs have to be
moved to a fixed format while these programs are still there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents import tables
from app.documents.inspection import MEDIA_TYPES
from app.documents.models import Attachment, Document
from app.handling.access import visible
from app.handling.models import Case
from app.organization import Actor

AT_RISK: Mapping[str, str] = MappingProxyType(
    {
        "docx": "转为 PDF/A 或 OFD 另存一份",
        "pptx": "转为 PDF/A 或 OFD 另存一份",
        "xlsx": "转为 PDF/A 或 OFD 另存一份；数据要再用的，另存 CSV",
    }
)
"""Formats that depend on an office program, and what to do with them."""
_ENDINGS = {MEDIA_TYPES[each]: each for each in AT_RISK}
HEAD = ("文号", "标题", "日期", "附件", "格式", "校验值", "处理建议")
YEARS = (0, 1, 3, 5, 10, 30)
"""Ages that the page offers."""


@dataclass(frozen=True)
class Risk:
    """A file; ``day``: when its document was dispatched, received or, under way, drafted."""

    case_id: int
    number: str
    title: str
    day: date
    name: str
    format: str
    sha256: str

    @property
    def advice(self) -> str:
        return AT_RISK[self.format]


def at_risk(session: Session, actor: Actor, years: int, now: datetime) -> list[Risk]:
    """Of documents that are at least so many years old and that he may see; the oldest first."""
    here = now.astimezone(SHANGHAI)
    latest = here.replace(year=here.year - years, day=min(here.day, 28)) if years else here
    at = sa.func.coalesce(
        Document.dispatched_at,
        Document.received_at,
        Document.created_at,
        type_=Document.created_at.type,
    )
    query = (
        sa.select(Case.id, Document.number, Document.source_number, Document.title, at, Attachment)
        .join(Document, Document.id == Case.document_id)
        .join(Attachment, Attachment.document_id == Document.id)
        .where(
            visible(actor),
            Attachment.media_type.in_(_ENDINGS),
            Attachment.ended_at.is_(None),
            at <= latest,
        )
        .order_by(at, Attachment.id)
    )
    return [
        Risk(
            case_id=case_id,
            number=number or source or "",
            title=title,
            day=moment.astimezone(SHANGHAI).date(),
            name=file.name,
            format=_ENDINGS[file.media_type],
            sha256=file.sha256,
        )
        for case_id, number, source, title, moment, file in session.execute(query)
    ]


def as_csv(found: Sequence[Risk]) -> bytes:
    rows = [
        [
            *(each.number, each.title, each.day.isoformat(), each.name),
            *(each.format, each.sha256, each.advice),
        ]
        for each in found
    ]
    return tables.as_csv([HEAD, *rows])
