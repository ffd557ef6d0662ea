"""发文稿纸 and 收文处理单: the elements of a document, and who said and did what, with times.

An outgoing sheet has a box for the sign-off, for countersigning and for opinions that were asked
for, and one for every other step under the name it has in the diagram (REC-03, CSG-05); so a
route that an office has changed has its sheet too. A received one follows INC-30.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.clock import SHANGHAI
from app.documents import queries as documents
from app.documents.layout.sheet import long_date
from app.documents.scans import FLAG
from app.handling.act import Act
from app.handling.views.trace import Stop
from app.organization import Department, Person, Unit
from app.workflow import queries as routes

BEGIN = ("draft", "register", "register_scan")
"""Steps whose acts say who drafted or registered; they have no box of their own."""


@dataclass(frozen=True)
class Entry:
    """One act: ``words`` are the opinion, else the outcome; ``returned`` when it was sent back."""

    step: str
    person: str
    authority: str
    outcome: str
    opinion: str
    at: datetime
    returned: bool

    @property
    def words(self) -> str:
        return self.opinion or self.outcome


@dataclass(frozen=True)
class Box:
    """A field for opinions, with everybody who wrote in it, in order of time."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class ProcessSheet:
    """``lines`` are pairs of label and value, one or two to a line of the form."""

    case_id: int
    title: str
    subject: str
    unit: str
    lines: tuple[tuple[tuple[str, str], ...], ...]
    boxes: tuple[Box, ...]
    entries: tuple[Entry, ...]
    content_sha256: str


def process_sheet(act: Act, stops: Sequence[Stop]) -> ProcessSheet:
    """The sheet of a case as it stands."""
    done = tuple(_entry(stop) for stop in stops if stop.state in ("done", "returned"))
    paper = act.document
    incoming = paper.flow == "incoming"
    unit = act.session.get_one(Unit, act.case.unit_id).name
    return ProcessSheet(
        case_id=act.case.id,
        title="收文处理单" if incoming else "扫描件发文登记单" if paper.scanned else "发文稿纸",
        subject=act.document.title,
        unit=unit,
        lines=_received(act) if incoming else _scanned(act) if paper.scanned else _outgoing(act),
        boxes=_received_boxes(act, stops) if incoming else _outgoing_boxes(act, stops),
        entries=done,
        content_sha256=act.document.content_sha256,
    )


def _outgoing(act: Act) -> tuple[tuple[tuple[str, str], ...], ...]:
    paper = act.document
    starter = act.session.get(Person, act.case.starter_id)
    department = paper.department_id and act.session.get(Department, paper.department_id)
    page = documents.page(paper)
    return (
        (("发文字号", paper.number or ""), ("紧急程度", page.urgency_label)),
        (("文种", f"{paper.kind}（{page.direction_label}）"), ("密级", "公开")),
        (
            ("主办部门", department.name if department else ""),
            ("拟稿", starter.name if starter else ""),
        ),
        (("标题", "".join(paper.title.split("\n"))),),
        (("主送", "、".join(paper.main_recipients) or "无"),),
        (("抄送", "、".join(paper.copy_recipients) or "无"),),
        *_joint(paper.joint_issuers),
        (("附件", _files(act) or "无"),),
        (("签发", _by(paper.signatory, paper.signed_at)), ("拟稿时间", _moment(paper.created_at))),
        (("用印", _moment(paper.sealed_at)), ("发出", _moment(paper.dispatched_at))),
    )


def _scanned(act: Act) -> tuple[tuple[tuple[str, str], ...], ...]:
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


def _joint(others: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return ((("联合发文", f"{'、'.join(others)}（本机关主办）"),),) if others else ()


def _received(act: Act) -> tuple[tuple[tuple[str, str], ...], ...]:
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


def _received_boxes(act: Act, stops: Sequence[Stop]) -> tuple[Box, ...]:
    result = str(routes.variables(act.engine).get("result") or "")
    handled = _box("处理结果", stops, lambda stop: stop.step == "handle")
    if result and handled.entries:
        last = handled.entries[-1]
        said = "；".join(dict.fromkeys(text for text in (result, last.opinion) if text))
        amended = Entry(last.step, last.person, last.authority, last.outcome, said, last.at, False)
        handled = Box(handled.label, (*handled.entries[:-1], amended))
    return (
        _box("办公室意见", stops, lambda stop: stop.step == "propose"),
        _box("领导批示", stops, lambda stop: stop.step == "leader_read"),
        handled,
    )


def _outgoing_boxes(act: Act, stops: Sequence[Stop]) -> tuple[Box, ...]:
    steps = {step.id: step for step in act.definition.steps}

    def signs(stop: Stop) -> bool:
        return bool(steps[stop.step].properties.get("sign_off"))

    def countersigns(stop: Stop) -> bool:
        return steps[stop.step].signing is not None

    known = [stop for stop in stops if stop.step in steps]
    asked = [stop for stop in known if stop.consulted]
    own = [stop for stop in known if not stop.consulted]
    others = dict.fromkeys(
        (stop.step, stop.step_name)
        for stop in own
        if stop.step not in BEGIN and not signs(stop) and not countersigns(stop)
    )
    boxes = (
        _box("签发", own, signs),
        _box("会签", own, countersigns),
        _box("会办部门意见", asked, lambda stop: True),
        *(_of_step(step, name, own) for step, name in others),
    )
    if act.document.scanned:
        return tuple(each for each in boxes if each.entries)
    return boxes


def _of_step(step: str, name: str, stops: Sequence[Stop]) -> Box:
    return _box(name, stops, lambda stop: stop.step == step)


def _box(label: str, stops: Sequence[Stop], of: Callable[[Stop], bool]) -> Box:
    done = (stop for stop in stops if stop.state in ("done", "returned") and of(stop))
    return Box(label, tuple(_entry(stop) for stop in done))


def _entry(stop: Stop) -> Entry:
    return Entry(
        step=stop.step_name,
        person=stop.person or "按规则",
        authority=stop.authority,
        outcome=stop.outcome_label or ("退回" if stop.state == "returned" else "已办"),
        opinion=stop.opinion or "",
        at=stop.done_at or stop.arrived_at,
        returned=stop.state == "returned",
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
