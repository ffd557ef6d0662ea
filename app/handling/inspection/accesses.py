"""查阅记录 for auditors: who looked at what, narrowed by person, document, way and period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import Access
from app.audit.accesses import KINDS
from app.documents.models import Document
from app.handling.filing.models import ArchiveItem, TransferLine
from app.handling.inspection import words
from app.handling.models import Case, Task
from app.organization.actors import Statement

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "document": "公文",
        "case": "办件",
        "task": "待办环节",
        "supervision": "督办",
        "numbers": "发文登记",
        "ledger": "公文台账",
        "archive": "档案目录",
        "archive_item": "档案件",
        "transfer": "移交清单",
        "seals": "印章",
        "seal-uses": "用印登记",
        "certificates": "证书",
        "applications": "证书申请",
        "letterheads": "红头模板",
        "pictures": "图片",
        "process": "流程管理",
        "proposals": "管理措施提请",
        "drafts": "流程草稿",
        "migrations": "在办件迁移",
        "tests": "推演测试",
        "terms": "流程启用日期",
        "office": "工作日历和规则",
        "security": "账号安全",
        "accounts": "账号",
        "alarms": "账号告警",
        "audit": "审计记录",
        "entries": "单条记录",
        "samples": "样本",
        "packs": "检查包",
        "outbox": "发件箱",
        "handovers": "岗位交接",
        "receipt-checks": "核查接收",
        "figures": "统计",
    }
)
"""What a look is about, in words; another room has its own name."""

PARTS: Mapping[str, str] = MappingProxyType(
    {
        **{"attachment_id": "附件", "sha256": "图片", "tab": "页签", "year": "年度"},
        **{"words": "内容", "q": "查找", "person": "人员", "unit": "单位", "case": "办件"},
        **{"kind": "种类", "action": "动作", "deviation": "偏差", "since": "从", "until": "到"},
        **{"before": "翻页", "page": "翻页", "upto": "截至", "series": "序列", "ending": "格式"},
    }
)
"""Names of what stands in an address; the others are shown as they are."""


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. ``person``: login or name; ``number``: 文号, or part of it."""

    person: str = ""
    number: str = ""
    case: int | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Seen:
    """One look. ``title`` and ``case_id`` of the document it was about, where it was about one.

    A 移交清单 is about several, and is found by each of them.
    """

    id: int
    at: datetime
    login: str
    name: str
    kind: str
    subject: str
    number: int | None
    part: str
    address: str
    device: str
    by_program: bool
    title: str
    case_id: int | None

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def what_of_it(self) -> str:
        """``part`` with its fields in words."""
        fields = (each.partition("=") for each in self.part.split("&") if each)
        return "，".join(
            f"{PARTS.get(name, name)}：{value}" if value else name for name, _, value in fields
        )

    @property
    def about(self) -> str:
        said = SUBJECTS.get(self.subject, self.subject)
        return f"{said} {self.number}" if self.number else said


def listed(session: Session, wanted: Wanted, most: int, before: int | None = None) -> list[Seen]:
    """The newest first; ``before``: only rows of a smaller number."""
    query = _joined().where(*_conditions(session, wanted)).order_by(Access.id.desc()).limit(most)
    if before is not None:
        query = query.where(Access.id < before)
    return [seen(row[0], row[1], row[2]) for row in session.execute(query)]


def counted(session: Session, wanted: Wanted) -> Mapping[str, int]:
    """How many looks there are of each way; nothing where no index leads to the few it is about."""
    if not (wanted.person or wanted.number or wanted.case is not None):
        return {}
    query = sa.select(Access.kind, sa.func.count()).where(*_conditions(session, wanted))
    found = {row[0]: row[1] for row in session.execute(query.group_by(Access.kind))}
    return {kind: found[kind] for kind in KINDS if kind in found}


def _joined() -> Statement:
    of_task = sa.and_(Access.subject == "task", Task.id == Access.number)
    of_item = sa.and_(Access.subject == "archive_item", ArchiveItem.id == Access.number)
    of_case = sa.or_(
        sa.and_(Access.subject == "case", Case.id == Access.number),
        sa.and_(Access.subject == "document", Case.document_id == Access.number),
        Case.id == Task.case_id,
        Case.id == ArchiveItem.case_id,
    )
    return (
        sa.select(Access, Document.title, Case.id)
        .outerjoin(Task, of_task)
        .outerjoin(ArchiveItem, of_item)
        .outerjoin(Case, of_case)
        .outerjoin(Document, Document.id == Case.document_id)
    )


def seen(found: Access, title: str | None = None, case_id: int | None = None) -> Seen:
    """A row for a page; without a title for whoever administers and reads no documents."""
    same = ("id", "at", "login", "name", "kind", "subject", "number", "part", "address", "device")
    return Seen(
        **{name: getattr(found, name) for name in same},
        by_program=found.by_program,
        title=" ".join((title or "").split()),
        case_id=case_id,
    )


def _conditions(session: Session, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.person:
        found.append(
            Access.person_id.in_([each.id for each in words.people_called(session, wanted.person)])
        )
    if wanted.number:
        documents = words.documents_numbered(session, wanted.number)
        cases = session.scalars(sa.select(Case.id).where(Case.document_id.in_(documents))).all()
        found.append(_about(documents, cases))
    if wanted.case is not None:
        query = sa.select(Case.document_id).where(Case.id == wanted.case)
        found.append(_about(session.scalars(query).all(), [wanted.case]))
    if wanted.kind:
        found.append(Access.kind == wanted.kind)
    if wanted.since:
        found.append(Access.at >= words.starts(wanted.since))
    if wanted.until:
        found.append(Access.at < words.ends(wanted.until))
    return found


def _about(documents: Sequence[int], cases: Sequence[int]) -> sa.ColumnElement[bool]:
    tasks = sa.select(Task.id).where(Task.case_id.in_(cases))
    items = sa.select(ArchiveItem.id).where(ArchiveItem.case_id.in_(cases))
    transfers = sa.select(TransferLine.transfer_id).where(TransferLine.item_id.in_(items))
    return sa.or_(
        sa.and_(Access.subject == "document", Access.number.in_(documents)),
        sa.and_(Access.subject == "case", Access.number.in_(cases)),
        sa.and_(Access.subject == "task", Access.number.in_(tasks)),
        sa.and_(Access.subject == "archive_item", Access.number.in_(items)),
        sa.and_(Access.subject == "transfer", Access.number.in_(transfers)),
    )
