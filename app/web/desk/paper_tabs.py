"""The left column of a document: text, process sheet, files, diagram, record and versions.

A tab is an address (``?tab=``), and only the one that is open is read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from app.documents import chains
from app.documents import queries as documents
from app.handling.act import Act
from app.handling.acts import indexing
from app.handling.receipts import sheet
from app.handling.views import filling, history, paper, received, trace
from app.handling.views.process_sheet import process_sheet
from app.web.desk import version_tab
from app.web.desk.reading import Text, text_of

TABS = {
    "text": "正文",
    "sheet": "办理单",
    "files": "附件",
    "receipts": "接收情况",
    "diagram": "流程图",
    "record": "流转记录",
    "versions": "版本",
}
STATES = {
    "present": "在办",
    "overdue": "在办，超时",
    "done": "已办",
    "skipped": "按规则跳过",
    "returned": "已退回",
    "": "未到",
}


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    current: bool


@dataclass(frozen=True)
class Papers:
    """What the left column shows of one document. ``content`` belongs to the open tab.

    filled_in  of a request: label and words of what its route has asked for
    indexes  the person may give the signed document other 主题词
    """

    tab: str
    tabs: tuple[Tab, ...]
    document: documents.DocumentPage
    files: tuple[documents.AttachmentLine, ...]
    content: Any
    filled_in: Sequence[tuple[str, str]] = ()
    indexes: bool = False

    @property
    def files_in_force(self) -> list[documents.AttachmentLine]:
        return [each for each in self.files if each.in_force]

    @property
    def chains(self) -> tuple[chains.Chain, ...]:
        return chains.chains(self.files)


@dataclass(frozen=True)
class StepRow:
    """A step of the diagram in words; ``at`` is None until it is reached."""

    name: str
    state: str
    state_words: str
    passes: int
    people: str
    at: Any


def papers(act: Act, stops: list[trace.Stop]) -> Papers:
    """The column for the tab in the address; an unknown tab is the text."""
    chosen = request.args.get("tab", "text")
    shown = {key: label for key, label in TABS.items() if _fits(key, act)}
    tab = chosen if chosen in shown else "text"
    files = documents.attachments(act.session, act.document.id)
    in_force = sum(each.in_force for each in files)
    if act.document.flow == "request":
        shown |= {"text": "申请", "sheet": "审批单"}
    tabs = tuple(
        Tab(key, f"{label} {in_force}" if key == "files" and in_force else label, key == tab)
        for key, label in shown.items()
    )
    page = documents.page(act.document)
    asked = filling.filled_in(act) if page.flow == "request" else ()
    return Papers(
        tab, tabs, page, files, CONTENTS[tab](act, stops), asked, indexing.may_change(act)
    )


def _fits(tab: str, act: Act) -> bool:
    """Nobody is asked whether something has arrived that was not sent."""
    return tab != "receipts" or act.document.dispatched_at is not None


def _text(act: Act, _: list[trace.Stop]) -> Text | None:
    """None for what another unit wrote or a scan shows, where the original counts, and requests."""
    if act.document.flow != "outgoing" or act.document.scanned:
        return None
    return text_of(paper.sheet_of(act.session, act.document), act.document)


def diagram_rows(act: Act, stops: list[trace.Stop]) -> list[StepRow]:
    """Every step of the main route, and those of called ones that were reached."""
    found = {each.step: each for each in trace.step_states(stops, act.at)}
    rows = []
    for step in act.definition.steps:
        state = found.get(step.id)
        if state is None and step.process_id != act.definition.process_id:
            continue
        key = state.state if state else ""
        rows.append(
            StepRow(
                name=step.name,
                state=key,
                state_words=STATES[key],
                passes=state.passes if state else 0,
                people="、".join(state.people) if state else "",
                at=state.at if state else None,
            )
        )
    return rows


def _record(act: Act, _: list[trace.Stop]) -> list[history.Line]:
    return history.lines(act.session, act.case)


def _receipts(act: Act, _: list[trace.Stop]) -> sheet.Sheet | None:
    return sheet.of_case(act)


def _files(act: Act, _: list[trace.Stop]) -> Mapping[int, received.Source]:
    """Where received originals come from; the files themselves stand beside every tab already."""
    attached = [each.received_id for each in act.document.attachments]
    return received.sources(act.session, act.actor, attached)


CONTENTS: Mapping[str, Callable[[Act, list[trace.Stop]], Any]] = {
    "text": _text,
    "sheet": process_sheet,
    "files": _files,
    "receipts": _receipts,
    "diagram": diagram_rows,
    "record": _record,
    "versions": version_tab.versions,
}
