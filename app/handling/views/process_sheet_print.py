"""The process sheet on paper: a form in red, and the whole course under it (REC-03, CSG-05)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents.filenames import file_name
from app.documents.layout.pen import Pen
from app.documents.layout.picture import SCHEME
from app.documents.layout.printing import printed
from app.errors import Conflict
from app.handling.act import look_at_case
from app.handling.equipment import equipment
from app.handling.views import trace
from app.handling.views.process_sheet import Box, Entry, ProcessSheet, process_sheet
from app.organization import Actor
from app.seals import papers

STYLE = Path(__file__).with_name("process_sheet.css")
INK_HEIGHT, INK_WIDEST = 10.0, 36.0
"""Millimetres of the handwriting in the 签发 box."""

SPAN = 3
"""Columns that the value of a line with a single pair covers."""


@dataclass(frozen=True)
class Print:
    """A sheet as it stood at ``at``, printed by somebody; nothing of the database is needed."""

    sheet: ProcessSheet
    at: datetime
    by: str

    @property
    def file_name(self) -> str:
        return file_name(f"{self.sheet.subject}{self.sheet.title}", "pdf")

    def pdf(self) -> bytes:
        """Takes about a second; call it outside the transaction."""
        fonts = equipment().fonts
        if fonts is None:
            raise Conflict("没有安装公文字体，不能排版。请系统管理员运行 ./run 安装字体。")
        pen, pictures = Pen(fonts), _handwriting(self.sheet)
        body = _Writer(pen, pictures).body(self.sheet)
        moment = f"{self.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        note = f"{moment} {self.by}打印 正文校验码 {self.sheet.content_sha256[:16]}"
        pen.width(note, "fangsong")
        style = STYLE.read_text(encoding="utf-8").replace("{{printed}}", _quoted(note))
        style = style.replace("{{faces}}", ", ".join(file.family for file in pen.files))
        shown = {name: each.content for name, each in pictures.items()}
        return printed(self.sheet.title, self.sheet.unit, body, style, pen, shown)


@dataclass(frozen=True)
class _Ink:
    """The handwriting of a sign-off as PNG, and its width in mm."""

    content: bytes
    width: float


def _handwriting(sheet: ProcessSheet) -> dict[str, _Ink]:
    """What the 签发 box shows, by its hash; what is no picture of pixels is not shown."""
    names = {entry.picture for box in sheet.boxes for entry in box.entries if entry.picture}
    found: dict[str, _Ink] = {}
    for name in sorted(names):
        with suppress(papers.PaperRefused):
            content, ratio = papers.inked_png(equipment().store.get(name))
            found[name] = _Ink(content, min(ratio * INK_HEIGHT, INK_WIDEST))
    return found


def _quoted(text: str) -> str:
    """A string of CSS; backslash and quote cannot end it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Writer:
    """Draws every text with the pen, which escapes it."""

    def __init__(self, pen: Pen, pictures: Mapping[str, _Ink]) -> None:
        self.pen, self.pictures = pen, pictures

    def body(self, sheet: ProcessSheet) -> str:
        lines = "".join(self._line(line) for line in sheet.lines)
        boxes = "".join(self._box(box) for box in sheet.boxes)
        head = self._text(f"{sheet.unit}{sheet.title}", "biaosong")
        return (
            f"<h1>{head}</h1>"
            f'<table>{lines}</table><table class="box">{boxes}</table>{self._course(sheet)}'
        )

    def _line(self, pairs: tuple[tuple[str, str], ...]) -> str:
        span = f' colspan="{SPAN}"' if len(pairs) == 1 else ""
        cells = "".join(
            f'<th class="label">{self._text(label, "hei")}</th><td{span}>{self._text(value)}</td>'
            for label, value in pairs
        )
        return f"<tr>{cells}</tr>"

    def _box(self, box: Box) -> str:
        said = "".join(self._said(entry) for entry in box.entries)
        label = self._text(box.label, "hei")
        return f'<tr><th class="label">{label}</th><td>{said}</td></tr>'

    def _said(self, entry: Entry) -> str:
        by = self._ink(entry) + self._text(f"{_who(entry)} {_moment(entry.at)}", "kai")
        back = "（退回）" if entry.returned else ""
        checks = "".join(f'<p class="check">{self._text(each)}</p>' for each in entry.checks)
        return f'<p>{self._text(entry.words + back)}</p>{checks}<p class="by">{by}</p>'

    def _ink(self, entry: Entry) -> str:
        ink = self.pictures.get(entry.picture)
        if ink is None:
            return ""
        return f'<img src="{SCHEME}{entry.picture}" style="width:{ink.width:.2f}mm"> '

    def _course(self, sheet: ProcessSheet) -> str:
        heads = (("step", "环节"), ("who", "办理人"), ("what", "结论和意见"), ("when", "时间"))
        head = "".join(f'<th class="{name}">{self._text(text, "hei")}</th>' for name, text in heads)
        rows = "".join(self._row(entry) for entry in sheet.entries)
        title = self._text("办理过程", "hei")
        return (
            f'<h2>{title}</h2><table class="course"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _row(self, entry: Entry) -> str:
        what = "：".join(text for text in (entry.outcome, entry.opinion) if text)
        texts = (entry.step, _who(entry), what, _moment(entry.at))
        return f"<tr>{''.join(f'<td>{self._text(text)}</td>' for text in texts)}</tr>"

    def _text(self, text: str, face: str = "fangsong") -> str:
        return "<br>".join(self.pen.spans(line, face) for line in text.split("\n"))


def _who(entry: Entry) -> str:
    return f"{entry.person}（{entry.authority}）" if entry.authority else entry.person


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def of_case(session: Session, actor: Actor, case_id: int) -> Print:
    """The sheet of a case that the actor may see; NotFound otherwise."""
    act = look_at_case(session, actor, case_id)
    return Print(process_sheet(act, trace.stops(act)), act.at, actor.name)
