"""The left column of a document: text, process sheet, files, diagram, record and versions.

A tab is an address (``?tab=``), and only the one that is open is read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from app.documents import queries as documents
from app.documents.layout.sheet import (
    Sheet,
    letterhead_text,
    long_date,
    note_text,
    recipients_text,
)
from app.documents.models import Document
from app.documents.paragraphs import Paragraph, paragraphs
from app.documents.runs import Run
from app.errors import NotFound
from app.handling import history, paper, trace
from app.handling.acts import Act
from app.organization import Person
from app.workflow import queries as routes

TABS = {
    "text": "正文",
    "sheet": "办理单",
    "files": "附件",
    "diagram": "流程图",
    "record": "流转记录",
    "versions": "版本",
}
STATES = {
    "present": "在办",
    "overdue": "在办，超时",
    "done": "已办",
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
    """What the left column shows of one document. ``content`` belongs to the open tab."""

    tab: str
    tabs: tuple[Tab, ...]
    document: documents.DocumentPage
    files: tuple[documents.AttachmentLine, ...]
    content: Any

    @property
    def files_in_force(self) -> list[documents.AttachmentLine]:
        return [each for each in self.files if each.in_force]


@dataclass(frozen=True)
class Text:
    """The likeness of an outgoing document's paper, element by element; "" where empty.

    paragraphs  each with the level of its heading in the outline of the page, 0 without one
    """

    letterhead: str
    urgency: str
    number: str
    signatory: str
    title: tuple[str, ...]
    recipients: str
    paragraphs: tuple[tuple[int, Paragraph], ...]
    attachments: tuple[str, ...]
    unit: str
    date: str
    note: str
    copies: str
    printed: str


@dataclass(frozen=True)
class StepRow:
    """A step of the diagram in words; ``at`` is None until it is reached."""

    name: str
    state: str
    state_words: str
    passes: int
    people: str
    at: Any


@dataclass(frozen=True)
class Versions:
    """Every save, and what the one shown changed; ``passages`` are its lines of text as runs."""

    lines: tuple[documents.VersionLine, ...]
    names: Mapping[str, str]
    shown: int
    words: tuple[str, ...]
    passages: tuple[tuple[Run, ...], ...]


def papers(act: Act, stops: list[trace.Stop]) -> Papers:
    """The column for the tab in the address; an unknown tab is the text."""
    chosen = request.args.get("tab", "text")
    tab = chosen if chosen in TABS else "text"
    files = documents.attachments(act.session, act.document.id)
    in_force = sum(each.in_force for each in files)
    tabs = tuple(
        Tab(key, f"{label} {in_force}" if key == "files" and in_force else label, key == tab)
        for key, label in TABS.items()
    )
    page = documents.page(act.document)
    return Papers(tab, tabs, page, files, CONTENTS[tab](act, stops))


def _text(act: Act, _: list[trace.Stop]) -> Text | None:
    """None for what another unit wrote: there the original counts."""
    if act.document.flow == "incoming":
        return None
    return text_of(paper.sheet_of(act.session, act.document), act.document)


def text_of(sheet: Sheet, document: Document) -> Text:
    return Text(
        letterhead=letterhead_text(sheet),
        urgency=sheet.urgency or "",
        number=sheet.number or "",
        signatory="、".join(sheet.signatories) if sheet.upward else "",
        title=tuple(line for line in sheet.title.split("\n") if line.strip()),
        recipients=recipients_text(sheet.main_recipients),
        paragraphs=outline(paragraphs(document.body)),
        attachments=sheet.attachments,
        unit=sheet.signature_unit,
        date=long_date(sheet.date) if sheet.date else "",
        note=note_text(sheet.note) if sheet.note else "",
        copies=recipients_text(sheet.copy_recipients),
        printed=f"{sheet.printed_by}　{long_date(sheet.printed_on)}印发"
        if sheet.printed_on
        else "",
    )


def outline(found: Sequence[Paragraph]) -> tuple[tuple[int, Paragraph], ...]:
    """Levels for readers by ear, below the title at 2: none is left out, whatever was typed."""
    above, levels = 2, []
    for each in found:
        level = 0
        if each.part in ("title", "chapter"):
            level = 3
        elif each.head and each.level:
            level = min(each.level + 2, above + 1, 6)
        above = level or above
        levels.append((level, each))
    return tuple(levels)


def _sheet(act: Act, stops: list[trace.Stop]) -> Mapping[str, Any]:
    """办理单: who did what, with opinion and time; of received documents in the order of INC-30."""
    done = [each for each in stops if each.state in ("done", "returned")]
    by_step: dict[str, list[trace.Stop]] = {}
    for each in done:
        by_step.setdefault(each.step, []).append(each)
    document = act.document
    starter = act.session.get(Person, act.case.starter_id)
    return {
        "done": done,
        "by_step": by_step,
        "starter": starter.name if starter else "",
        "receipt": f"{document.receipt_year}-{document.receipt_number}"
        if document.receipt_number
        else "",
        "result": routes.variables(act.engine).get("result") or "",
    }


def _diagram(act: Act, stops: list[trace.Stop]) -> list[StepRow]:
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


def _versions(act: Act, _: list[trace.Stop]) -> Versions:
    lines = documents.version_lines(act.session, act.document.id)
    asked = request.args.get("version", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 8
    shown = int(asked) if known else lines[-1].number
    if shown not in {each.number for each in lines}:
        raise NotFound
    change = documents.change(act.session, act.document.id, shown)
    names = {step.id: step.name for step in act.definition.steps}
    return Versions(lines, names, shown, change.words, passages(change.body))


def passages(runs: Sequence[Run]) -> tuple[tuple[Run, ...], ...]:
    """The runs parted where a line of the text ends, without the lines that hold nothing."""
    found: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        found[-1].append(Run(run.kind, first))
        found += [[Run(run.kind, line)] for line in others]
    kept = (tuple(run for run in line if run.text) for line in found)
    return tuple(line for line in kept if line)


def _files(_act: Act, _stops: list[trace.Stop]) -> None:
    """The files stand beside every tab already."""


CONTENTS: Mapping[str, Callable[[Act, list[trace.Stop]], Any]] = {
    "text": _text,
    "sheet": _sheet,
    "files": _files,
    "diagram": _diagram,
    "record": _record,
    "versions": _versions,
}
