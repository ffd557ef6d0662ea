"""The elements on 发文稿纸, on the sheet of a scan and on 收文处理单, line by line (REC-03)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from app import organization
from app.clock import SHANGHAI
from app.documents import kinds, letterheads
from app.documents import queries as documents
from app.documents.layout.sheet import long_date
from app.documents.models import Document
from app.documents.scans import FLAG
from app.handling.act import Act
from app.handling.hand_ins import registering as hand_ins
from app.handling.views.filling import filled_in
from app.organization import Department, Person

Lines: TypeAlias = tuple[tuple[tuple[str, str], ...], ...]
"""Pairs of label and value, one or two to a line of the form."""


def outgoing(act: Act) -> Lines:
    paper = act.document
    starter = act.session.get(Person, act.case.starter_id)
    department = paper.department_id and act.session.get(Department, paper.department_id)
    page = documents.page(paper)
    return (
        (("发文字号", paper.number or ""), ("紧急程度", page.urgency_label)),
        (("文种", f"{paper.kind}（{page.direction_label}）"), ("密级", "公开")),
        (("公文性质", kinds.NATURES.get(paper.nature, "未定")), ("件号", str(act.case.id))),
        (
            ("主办部门", department.name if department else ""),
            ("拟稿", starter.name if starter else ""),
        ),
        (("标题", "".join(paper.title.split("\n"))),),
        (("主送", "、".join(paper.main_recipients) or "无"),),
        (("抄送", "、".join(paper.copy_recipients) or "无"),),
        *_joint(paper.joint_issuers),
        *_attendance(paper),
        (("附件", _files(act) or "无"),),
        (("主题词", "　".join(paper.keywords_in_force) or "无"),),
        *_papers(act),
        (("签发", _signed(paper)), ("拟稿时间", _moment(paper.created_at))),
        (("印刷", _printed(act)), ("份数", _copies(paper))),
        (("校对", paper.proofreader or ""), ("用印", _moment(paper.sealed_at))),
        (("封发日期", _moment(paper.dispatched_at)),),
    )


def _attendance(paper: Document) -> Lines:
    listed = (("出席", paper.present), ("请假", paper.excused), ("列席", paper.observers))
    return tuple(((label, "、".join(names)),) for label, names in listed if names)


def _papers(act: Act) -> Lines:
    """The papers that were handed in beside the electronic document (DRF-19)."""
    found = hand_ins.of_case(act.session, act.case.id)
    said = (
        f"{_moment(each.received_at)} {each.received_by_name}收，第 {each.version} 版"
        + (f"：{each.remark}" if each.remark else "")
        for each in found
    )
    return ((("纸质送审", "；".join(said)),),) if found else ()


def _signed(paper: Document) -> str:
    by = _by(paper.signatory, paper.signed_at)
    return f"{by}（{paper.signatory_post}）" if paper.signatory_post else by


def _printed(act: Act) -> str:
    """印发机关 by the letterhead, and the day of the registration (印发日期)."""
    unit = organization.unit(act.session, act.document.unit_id)
    design = letterheads.of_document(act.session, act.document, unit)
    return _by(design.printed_by, act.document.numbered_at) if act.document.numbered_at else ""


def _copies(paper: Document) -> str:
    if paper.copies is None:
        return ""
    return f"{paper.copies} 份" if paper.copies else "不印，只发电子文本"


def scanned(act: Act) -> Lines:
    """Nothing here was drafted or signed in the system, and the sheet says so (OUT-17)."""
    paper = act.document
    starter = act.session.get(Person, act.case.starter_id)
    page = documents.page(paper)
    day = long_date(paper.document_date) if paper.document_date else ""
    return (
        (("发文字号", paper.source_number or ""), ("紧急程度", page.urgency_label)),
        (("文种", f"{paper.kind}（{page.direction_label}）"), ("密级", "公开")),
        (("标题", "".join(paper.title.split("\n"))),),
        (("主送", "、".join(paper.main_recipients) or "无"),),
        (("抄送", "、".join(paper.copy_recipients) or "无"),),
        (("扫描件", _files(act) or "无"),),
        (("签发", f"{paper.paper_signatory}（手工录入）"), ("成文日期", day)),
        (("登记", starter.name if starter else ""), ("登记时间", _moment(paper.created_at))),
        (("说明", FLAG), ("发出", _moment(paper.dispatched_at))),
    )


def _joint(others: Sequence[str]) -> Lines:
    return ((("联合发文", f"{'、'.join(others)}（本机关主办）"),),) if others else ()


def received(act: Act) -> Lines:
    """INC-30, in the order in which the clause names the fields."""
    paper = act.document
    receipt = f"{paper.receipt_year}-{paper.receipt_number}" if paper.receipt_number else ""
    day = long_date(paper.document_date) if paper.document_date else ""
    files = [each for each in paper.attachments if each.ended_at is None]
    return (
        (("来文机关", paper.from_unit or ""), ("文号", paper.source_number or "无")),
        (("来文日期", day), ("附件份数", str(len(files)))),
        (("收文编号", receipt), ("收文日期", _day(paper.received_at))),
        (("事由", "".join(paper.title.split("\n"))),),
    )


def requested(act: Act) -> Lines:
    """What was asked for, with every form value that the route asked for."""
    paper = act.document
    starter = act.session.get(Person, act.case.starter_id)
    department = paper.department_id and act.session.get(Department, paper.department_id)
    return (
        (("事项", act.case.process_name), ("紧急程度", documents.page(paper).urgency_label)),
        (
            ("申请部门", department.name if department else ""),
            ("申请人", starter.name if starter else ""),
        ),
        (("标题", "".join(paper.title.split("\n"))),),
        (("事由", paper.body),),
        *((pair,) for pair in filled_in(act)),
        (("附件", _files(act) or "无"),),
        (("申请时间", _moment(paper.created_at)), ("结果", kinds.STATES[paper.state])),
    )


def _files(act: Act) -> str:
    found = [each.name for each in act.document.attachments if each.ended_at is None]
    return "、".join(found)


def _by(name: str | None, at: datetime | None) -> str:
    return f"{name}，{_day(at)}" if name else ""


def _day(at: datetime | None) -> str:
    return long_date(at.astimezone(SHANGHAI).date()) if at else ""


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
