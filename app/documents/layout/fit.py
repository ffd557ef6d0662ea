"""Fit loop: spacings tried in order until the page is one that the standard allows (7.3.5).

Nominal pitch, other pitches nearest first, one character more or less in the line, the last lines
of text kept with the 署名, 主送 moved to the 版记. Never 此页无正文: the seal page carries text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.documents.layout.body import AFTER_BLANK, NEXT_PAGE, Setting
from app.documents.layout.errors import DoesNotFit
from app.documents.layout.seals import (
    blank_lines_before_unit,
    blank_lines_between_units,
    seal_drop,
)
from app.documents.layout.sheet import Sheet

NOMINAL_PITCH = 10.2272  # mm, 225 / 22 rounded down: 10.2273 x 22 overflows the page
OTHER_PITCHES = (10.1, 10.35, 9.95, 10.45, 9.8, 10.6, 9.7)
CONDITIONS: dict[str, tuple[str, str | int]] = {
    "first_page": ("text", 1),
    "signature": ("unit", "text-end"),
    "date": ("date", "unit"),
    "colophon": ("colophon", -1),
}
WISHES: dict[str, tuple[str, str | int]] = {
    "colophon_with_text": ("last", -1),  # no sheet of paper for the 版记 alone
}
EVEN = 0
ON_BOTH_SIDES: dict[str, tuple[str, str | int]] = {"even_page": ("colophon", EVEN)}
STAGE_SECONDS = 10.0  # of work, not of the clock, after which no attempt of a stage begins
WISH_PAGES = 40  # set at most for what is wished only, where the standard is met already
SENTENCES = {
    "first_page": "首页排不下正文：标题或主送机关过长。请精简标题，或合并主送机关后重试。",
    "signature": "署名、成文日期不能与正文排在同一页，不得另起“此页无正文”。请增减正文几行后重试。",
    "date": "署名与成文日期不能排在同一页。请精简附注后重试。",
    "colophon": "版记不能排在最后一页。请精简抄送机关后重试。",
    "even_page": "双面印制时版记不能排在偶数页。请精简抄送机关后重试。",
}


NOMINAL = Setting()


@dataclass(frozen=True)
class Attempt:
    """One choice of spacings; ``kept`` last lines of the text stay with the 署名."""

    pitch: float = NOMINAL_PITCH
    setting: Setting = NOMINAL
    kept: int = 0

    @property
    def shortens_page_one(self) -> bool:
        """Whether it can bring text to page 1 that the nominal attempt has not there."""
        return self.pitch == min(OTHER_PITCHES) or self.setting.recipients_below

    @property
    def mends_page_one(self) -> bool:
        """Whether page 1 can have text though the first attempt of its stage had none there.

        That of the kept lines takes the most of them along, and with them all of a short text.
        """
        return self.shortens_page_one or self.kept > 0

    def measures(self, sheet: Sheet) -> dict[str, str]:
        """Values for the style sheet, in mm where they are lengths."""
        sealed = sheet.signed and sheet.sealed and not sheet.posts
        hanging = seal_drop(sheet.seal_diameter, self.pitch) if sealed else 0.0
        before = blank_lines_before_unit(sheet, self.pitch) * self.pitch
        return {
            "pitch": f"{self.pitch:.4f}",
            "two_lines": f"{2 * self.pitch:.4f}",
            "before_unit": f"{before:.4f}",
            "between_units": f"{blank_lines_between_units(sheet, self.pitch) * self.pitch:.4f}",
            "after_date": f"{max(0.0, hanging):.4f}",
            "keep_one": "avoid" if self.kept == 1 else "auto",
            "keep_two": "avoid" if self.kept == 2 else "auto",
        }

    @property
    def notice(self) -> str | None:
        """What the drafter should know of this attempt."""
        said = []
        if self.setting.recipients_below:
            said.append("首页排不下正文，主送机关已移至版记")
        if self.setting.cells != 28:
            said.append(f"为使署名与正文同页，已调整字距（每行 {self.setting.cells} 字）")
        if self.kept:
            said.append(f"正文末 {self.kept} 行已移至署名页，前一页未排满")
        return "；".join(said) + "。" if said else None


def conditions(sheet: Sheet) -> dict[str, tuple[str, str | int]]:
    return CONDITIONS | ON_BOTH_SIDES if sheet.duplex_colophon else CONDITIONS


def wishes(sheet: Sheet) -> dict[str, tuple[str, str | int]]:
    """On both sides of the paper the 版记 may have a page of its own: it costs no sheet."""
    return {} if sheet.duplex_colophon else WISHES


def stages(sheet: Sheet) -> Iterator[tuple[Attempt, ...]]:
    """Attempts in the order of the standard's preference, one process for each stage."""
    below = Setting(recipients_below=True)
    for stage in (
        (Attempt(), *(Attempt(pitch) for pitch in OTHER_PITCHES)),
        tuple(Attempt(setting=Setting(cells=cells)) for cells in (29, 27)),
        tuple(Attempt(kept=kept) for kept in (2, 1)),
        tuple(Attempt(setting=below, kept=kept) for kept in (0, 2, 1)),
    ):
        yield _on_both_sides(stage) if sheet.duplex_colophon else stage


def most_passes(sheet: Sheet) -> int:
    """How often the sheet is set at most; nearly every one fits the first time."""
    return sum(map(len, stages(sheet))) + sheet.draft  # a draft is shown even if it does not fit


def _on_both_sides(stage: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
    """Each attempt as it is, then with the 版记 on the next page, then after a blank one."""
    return tuple(
        replace(attempt, setting=replace(attempt.setting, colophon=place))
        for attempt in stage
        for place in (attempt.setting.colophon, NEXT_PAGE, AFTER_BLANK)
    )


def worth_trying(
    stage: tuple[Attempt, ...], unmet: list[str], *, wished: bool = False
) -> tuple[Attempt, ...]:
    """Those of the stage that can help with what the nominal attempt lacked.

    wished   a page that the standard allows is there already, with the 版记 alone on the last one;
             lines taken along to it are the only thing that is better
    """
    if wished:
        return tuple(a for a in stage if a.kept and not a.setting.recipients_below)
    if "first_page" not in unmet:
        return stage
    return tuple(attempt for attempt in stage if attempt.shortens_page_one)


def refusal(unmet: list[str]) -> DoesNotFit:
    return DoesNotFit("".join(SENTENCES[key] for key in unmet))


def unfit_notice(unmet: list[str]) -> str:
    """For a draft, which is shown all the same."""
    return "按现有文字不能成页，定稿前须调整：" + "".join(SENTENCES[key] for key in unmet)
