"""Documents found by their metadata: book, unit, year, kind, type of file, tag (SRC-02, SRC-03).

Everybody finds what he may see; who sees every case of the unit has its whole ledger (REC-15).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa

from app.clock import SHANGHAI
from app.documents import kinds
from app.documents.inspection import MEDIA_TYPES
from app.documents.models import Attachment, Document
from app.errors import NotAllowed
from app.handling.access import visible
from app.handling.models import Case
from app.handling.views.queries import about
from app.organization import Actor
from app.organization.models import Department
from app.organization.roles import ADMINISTRATORS

BOOKS: Mapping[str, str] = MappingProxyType({"outgoing": "发文台账", "incoming": "收文登记表"})
PROGRESS: Mapping[str, str] = MappingProxyType({"": "全部状态", "done": "已办结", "open": "办理中"})
"""Done is dispatched, or of a received document closed."""
FILE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "pdf": "PDF",
        "docx": "Word 文档（docx）",
        "xlsx": "Excel 表格（xlsx）",
        "pptx": "演示文稿（pptx）",
        "jpg": "JPEG 图片",
        "png": "PNG 图片",
        "tif": "TIFF 扫描件",
        "txt": "纯文本（txt）",
    }
)
"""Types of attachments that one can ask for; ``jpeg`` and ``tiff`` are the same as theirs."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for; "" and 0 for everything. All conditions hold together.

    book     a key of BOOKS
    year     of the dispatch, of one under way that of the draft; of a received one its receipt
    kind     文种
    unit     words in the sending unit of a received document, in the department of an own one
    type     a key of FILE_TYPES: an attachment that is still there has it
    keyword  one 主题词, whole
    words    in title, number, sending unit, 主题词 or 公文性质
    progress a key of PROGRESS
    """

    book: str = "outgoing"
    year: int = 0
    kind: str = ""
    unit: str = ""
    type: str = ""
    keyword: str = ""
    words: str = ""
    progress: str = ""


def ensure_staff(actor: Actor) -> None:
    """Raises NotAllowed for the three administrators, who have to do with no document."""
    if any(actor.holds(role) for role in ADMINISTRATORS):
        raise NotAllowed("系统管理员、安全管理员和安全审计员不查阅公文，台账由办文人员查看。")


def found(actor: Actor, wanted: Wanted) -> sa.Select[int]:
    """Ids of the cases, joined with document and department; the order is the caller's."""
    return (
        sa.select(Case.id)
        .join(Document, Document.id == Case.document_id)
        .outerjoin(Department, Department.id == Document.department_id)
        .where(visible(actor), *_conditions(wanted))
    )


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions = [Document.flow == wanted.book, Document.state != "cancelled"]
    if wanted.year:
        conditions.append(_of_year(wanted))
    if wanted.kind:
        conditions.append(Document.kind == wanted.kind)
    if wanted.unit:
        column = Document.from_unit if wanted.book == "incoming" else Department.name
        conditions.append(column.icontains(wanted.unit, autoescape=True))
    if wanted.type:
        conditions.append(_has_file(wanted.type))
    if wanted.keyword:
        conditions.append(_has_keyword(wanted.keyword))
    if wanted.progress:
        done = Document.state.in_(("dispatched", "closed"))
        conditions.append(done if wanted.progress == "done" else ~done)
    return conditions + about(wanted.words)


def _of_year(wanted: Wanted) -> sa.ColumnElement[bool]:
    """A year begins at midnight of Shanghai."""
    if wanted.book == "incoming":
        return Document.receipt_year == wanted.year
    first, last = (datetime(wanted.year + each, 1, 1, tzinfo=SHANGHAI) for each in (0, 1))
    at = sa.func.coalesce(
        Document.dispatched_at, Document.created_at, type_=Document.created_at.type
    )
    return sa.and_(at >= first, at < last)


def _has_file(ending: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Attachment.document_id == Document.id,
        Attachment.media_type == MEDIA_TYPES[ending],
        Attachment.ended_at.is_(None),
    )


def _has_keyword(keyword: str) -> sa.ColumnElement[bool]:
    """Whole, as it stands between its quotation marks in the JSON of the list."""
    kept = sa.cast(sa.func.coalesce(Document.amended_keywords, Document.keywords), sa.Text)
    return kept.contains(json.dumps(keyword), autoescape=True)


def kinds_of(book: str) -> list[str]:
    """文种 that the book can hold."""
    return [*kinds.KINDS, *([kinds.OTHER] if book == "incoming" else [])]
