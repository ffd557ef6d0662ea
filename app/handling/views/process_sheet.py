"""发文稿纸 and 收文处理单: the elements of a document, and who said and did what, with times.

An outgoing sheet has a box for the sign-off, for countersigning and for opinions that were asked
for, and one for every other step under the name it has in the diagram (REC-03, CSG-05); so a
route that an office has changed has its sheet too. A received one follows INC-30.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from app.documents import review
from app.documents.models import Document
from app.handling.act import Act
from app.handling.views.sheet_elements import Lines, outgoing, received, requested, scanned
from app.handling.views.trace import Stop
from app.organization import Unit, roles
from app.seals.registry import uses
from app.workflow import queries as routes
from app.workflow.definitions import Step

BEGIN = ("draft", "register", "register_scan", "apply")
"""Steps whose acts say who drafted or registered; they have no box of their own."""

NONE: Mapping[int, str] = MappingProxyType({})

OPINIONS = ((roles.DEPT_HEAD, "主办部门意见"), (roles.OFFICE_HEAD, "核稿意见"))
"""Boxes that every outgoing sheet names, by the role that writes in them."""


@dataclass(frozen=True)
class Entry:
    """One act: ``words`` are the opinion, else the outcome; ``returned`` when it was sent back.

    checks   the 审查清单 in sentences, as whoever approved has left it (DRF-22)
    picture  SHA-256 of the handwriting that a sign-off shows; "" for none
    """

    step: str
    person: str
    authority: str
    outcome: str
    opinion: str
    at: datetime
    returned: bool
    checks: tuple[str, ...] = ()
    picture: str = ""

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
    """``lines`` are the elements, ``boxes`` who wrote what, ``entries`` the whole course."""

    case_id: int
    title: str
    subject: str
    unit: str
    lines: Lines
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
        title=_title(paper),
        subject=act.document.title,
        unit=unit,
        lines=_lines(act),
        boxes=_received_boxes(act, stops) if incoming else _outgoing_boxes(act, stops),
        entries=done,
        content_sha256=act.document.content_sha256,
    )


def _title(paper: Document) -> str:
    if paper.flow != "outgoing":
        return "收文处理单" if paper.flow == "incoming" else "审批单"
    return "扫描件发文登记单" if paper.scanned else "发文稿纸"


def _lines(act: Act) -> Lines:
    if act.document.flow != "outgoing":
        return received(act) if act.document.flow == "incoming" else requested(act)
    return scanned(act) if act.document.scanned else outgoing(act)


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
    shown = uses.handwriting(act.session, act.document)
    boxes = (
        _box("签发", own, signs, shown),
        _box("会签", own, countersigns),
        _box("会办部门意见", asked, lambda stop: True),
        *(_box(label, own, _at(step)) for step, label in _labels(others, steps)),
    )
    if act.document.scanned or act.document.flow == "request":
        return tuple(each for each in boxes if each.entries)
    return boxes


def _labels(
    others: Iterable[tuple[str, str]], steps: Mapping[str, Step]
) -> Iterator[tuple[str, str]]:
    """主办部门意见 and 核稿意见 are known by who reviews, whatever the step is called (REC-03)."""
    named = [(step, name, _opinion(steps[step])) for step, name in others]
    times = Counter(opinion for _, _, opinion in named)
    for step, name, opinion in named:
        alone = opinion if times[opinion] == 1 else f"{opinion}（{name}）"
        yield step, alone if opinion else name


def _opinion(step: Step) -> str:
    if step.properties.get("stage") != "review":
        return ""
    return next((label for role, label in OPINIONS if role in step.groups), "")


def _at(step: str) -> Callable[[Stop], bool]:
    return lambda stop: stop.step == step


def _box(
    label: str,
    stops: Sequence[Stop],
    of: Callable[[Stop], bool],
    pictures: Mapping[int, str] = NONE,
) -> Box:
    done = (stop for stop in stops if stop.state in ("done", "returned") and of(stop))
    return Box(label, tuple(_entry(stop, pictures.get(stop.id, "")) for stop in done))


def _entry(stop: Stop, picture: str = "") -> Entry:
    return Entry(
        step=stop.step_name,
        person=stop.person or "按规则",
        authority=stop.authority,
        outcome=stop.outcome_label or ("退回" if stop.state == "returned" else "已办"),
        opinion=stop.opinion or "",
        at=stop.done_at or stop.arrived_at,
        returned=stop.state == "returned",
        checks=tuple(review.words(stop.checked)),
        picture=picture,
    )
