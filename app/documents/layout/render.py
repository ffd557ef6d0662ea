"""``render``: a sheet becomes a PDF/A of the standard's page, or is refused with a reason."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.documents.layout.colophon import FOUR
from app.documents.layout.fit import (
    SENTENCES,
    STAGE_SECONDS,
    WISH_PAGES,
    Attempt,
    conditions,
    refusal,
    stages,
    unfit_notice,
    wishes,
    worth_trying,
)
from app.documents.layout.fonts import FontBook, FontFile
from app.documents.layout.letterhead import letterhead_measures
from app.documents.layout.pages import page
from app.documents.layout.pen import Pen
from app.documents.layout.picture import used_pictures
from app.documents.layout.process import run_worker
from app.documents.layout.seals import seal_boxes
from app.documents.layout.settable import ensure_settable, visible
from app.documents.layout.sheet import Box, Sheet

PAGE_NUMBER_BELOW = 7.0  # mm below the type area (7.5)
PDF_VARIANT = "pdf/a-3b"
LAYOUT = "2"
"""Raised when the layout changes, so that pages set before are set anew."""
DRAFT_MARK = "草稿"  # on every page of a text not signed yet (DRF-21)


@dataclass(frozen=True)
class Rendered:
    """A document on paper.

    notices    sentences for the drafter: substituted fonts, spacings changed, loose lines
    positions  where things stand: letterhead, number, signatory-1 …, red-line, title, text,
               text-end, unit, date, seal (sealed only), note, appended-1 …, colophon, printed-on;
               of joint documents unit-1 … and seal-1 … as well; post-1 and stamp-1 … with 签名章;
               upper-line and lower-line of 信函; issuer and issued-on of 纪要
    pitch      mm from line to line that the fit loop chose
    unfit      of a draft that is shown all the same: what has to be mended before it is issued
    """

    pdf: bytes
    pages: int
    notices: tuple[str, ...]
    positions: dict[str, Box]
    pitch: float
    unfit: tuple[str, ...] = ()


def render(
    sheet: Sheet,
    fonts: FontBook,
    *,
    variant: str = PDF_VARIANT,
    passing: Callable[[], None] | None = None,
) -> Rendered:
    """Set the sheet; the same sheet and fonts give the same bytes.

    A draft that cannot be made to fit is shown with a notice instead of being refused.
    ``passing`` is called when a pass begins, ``fit.most_passes`` times at most.

    Raises SheetTooLarge, GlyphMissing, PictureUnusable, DoesNotFit, RenderingStopped.
    """
    ensure_settable(sheet)
    sheet, dropped = visible(sheet)
    unmet: list[str] = []
    allowed: _Result | None = None
    for stage in stages(sheet):
        attempts = worth_trying(stage, unmet, wished=allowed is not None)
        if not attempts:
            continue
        result = _try(sheet, fonts, attempts, variant, passing)
        if result.answer["pdf"] and result.answer["satisfied"]:
            return _rendered(sheet, result, *map(_dropped_notice, dropped))
        if result.answer["pdf"]:
            allowed = allowed or result
        unmet = unmet or result.answer["unmet"]
    if allowed:
        return _rendered(sheet, allowed, *map(_dropped_notice, dropped))
    if not sheet.draft:
        raise refusal(unmet)
    result = _try(sheet, fonts, (Attempt(),), variant, passing, take_any=True)
    shown = _rendered(sheet, result, *map(_dropped_notice, dropped), unfit_notice(unmet))
    return replace(shown, unfit=tuple(SENTENCES[key] for key in unmet))


@dataclass(frozen=True)
class _Result:
    """The worker's answer with what belongs to the attempt it ended on."""

    answer: dict[str, Any]
    attempt: Attempt
    notices: tuple[str, ...]


def _try(
    sheet: Sheet,
    fonts: FontBook,
    stage: tuple[Attempt, ...],
    variant: str,
    passing: Callable[[], None] | None,
    *,
    take_any: bool = False,
) -> _Result:
    pen = Pen(fonts)
    if sheet.draft:
        pen.width(DRAFT_MARK, "hei")
    pages = {setting: page(sheet, pen, setting) for setting in {a.setting: 0 for a in stage}}
    pen.ensure_all_drawn()
    common = _measures(sheet, pen)
    attempts = [
        {
            "html": pages[attempt.setting].html,
            "css": pen.css + _style(common | attempt.measures(sheet)),
            "skip_after": [] if attempt.mends_page_one else ["first_page"],
        }
        for attempt in stage
    ]
    job = {
        "attempts": attempts,
        "fonts": [str(file.path) for file in pen.files],
        "pictures": _encoded(used_pictures(sheet.blocks, sheet.pictures)),
        "conditions": conditions(sheet),
        "wishes": wishes(sheet),
        "seconds": STAGE_SECONDS,
        "wish_pages": WISH_PAGES,
        "take_any": take_any,
        "variant": variant,
        "identifier": hashlib.sha256(repr(attempts).encode()).hexdigest()[:32],
    }
    answer = run_worker(job, passing=passing)
    attempt = stage[answer["attempt"]]
    loose = (f"此行字距过大，请调整文字：“{text}”" for text in pages[attempt.setting].loose)
    return _Result(answer, attempt, (*pen.notices, *loose))


def _encoded(pictures: dict[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in pictures.items()}


def _rendered(sheet: Sheet, result: _Result, *further: str) -> Rendered:
    positions = {name: Box(*box) for name, box in result.answer["boxes"].items()}
    positions |= seal_boxes(sheet, positions)
    said = (*result.notices, result.attempt.notice, *further)
    return Rendered(
        pdf=base64.b64decode(result.answer["pdf"]),
        pages=result.answer["pages"],
        notices=tuple(notice for notice in said if notice),
        positions=positions,
        pitch=result.attempt.pitch,
    )


def _dropped_notice(char: str) -> str:
    return f"已略去不可见字符（U+{ord(char):04X}）。"


def _measures(sheet: Sheet, pen: Pen) -> dict[str, str]:
    size, top = letterhead_measures(sheet, pen)
    song: FontFile = pen.fonts.first("song")
    dash = sum(song.ink("—")) / 2 * FOUR
    below = PAGE_NUMBER_BELOW - (song.baseline(FOUR, FOUR) - dash)
    return {
        "letterhead_size": f"{size:.4f}",
        "letterhead_top": f"{top:.4f}",
        "page_number_top": f"{below:.4f}",
        "draft_mark": f'"{DRAFT_MARK}"' if sheet.draft else "none",
    }


def _style(values: dict[str, str]) -> str:
    css = _template()
    for name, value in values.items():
        css = css.replace("{{" + name + "}}", value)
    return css


@lru_cache(maxsize=1)
def _template() -> str:
    return Path(__file__).with_name("gongwen.css").read_text(encoding="utf-8")
