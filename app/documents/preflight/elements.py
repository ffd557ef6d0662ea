"""密级, urgency, and what the system writes itself: signature, date, spacing and glyphs."""

import re
from collections.abc import Iterator

from app.documents import kinds, wording
from app.documents.preflight.findings import Spot
from app.documents.preflight.paper import Paper

_URGENT = re.compile("紧急|特急|加急|火急")
_TELEGRAM = re.compile("特提|平急")
_DATE = re.compile(r"^(\d{4}|[一二][〇○零Oo一二三四五六七八九]{3})年\S{1,3}月\S{1,3}日$")
_LAST = 3
"""Lines at the end of a text where a typed signature stands."""
_NUMBER = re.compile(r"[\[【（(〔［]\s*((?:19|20)\d\d)\s*[\]】）)〕］]\s*(第?)\s*(\d{1,5})\s*号")


def text_there(paper: Paper) -> Iterator[Spot]:
    if wording.is_blank(paper.body):
        yield Spot("body", "请填写正文；正文不能用附件代替。")


def recipients_there(paper: Paper) -> Iterator[Spot]:
    kind = kinds.kind(paper.kind)
    if not paper.main_recipients and not (kind and kind.without_recipient):
        yield Spot("main_recipients", "请填写主送机关。")


def not_secret(paper: Paper) -> Iterator[Spot]:
    texts = {"title": paper.title, "body": paper.body, "note": paper.note}
    for element, text in texts.items():
        if wording.bears_secrecy_mark(text):
            yield Spot(
                element, "文中有密级标志。本系统不处理涉及国家秘密的公文，请改由机要渠道办理。"
            )


def urgency_fits(paper: Paper) -> Iterator[Spot]:
    title = paper.plain_title
    if _TELEGRAM.search(title):
        yield Spot("title", "“特提”“平急”用于电报。公文的紧急程度只有特急、加急，请改用。")
    elif _URGENT.search(title) and paper.urgency == "none":
        yield Spot("urgency", "标题写明紧急，紧急程度是“无”。请选择加急或者特急，或者改标题。")


def signature_not_typed(paper: Paper) -> Iterator[Spot]:
    for line in paper.covering[-_LAST:]:
        bare = re.sub(r"\s", "", line)
        if bare in paper.kin.own.names or _DATE.match(bare):
            yield Spot("body", f"署名和成文日期由系统在签发后写入，请从正文末尾删去“{line[:20]}”。")


def numbers_well_written(paper: Paper) -> Iterator[Spot]:
    """7.2.5: the year in 〔〕, without 第 and leading zeros."""
    for line in (paper.plain_title, *paper.covering):
        for found in _NUMBER.finditer(line):
            right = f"〔{found[1]}〕{int(found[3])}号"
            if found.group() != right:
                yield Spot("body", f"引用的文号“{found.group()}”应写作“{right}”。")


def every_glyph(paper: Paper) -> Iterator[Spot]:
    if paper.unprinted:
        shown = "、".join(f"“{each}”（U+{ord(each):04X}）" for each in paper.unprinted[:5])
        yield Spot(
            "body", f"现有字体中没有{shown}，不能排印。请改用其他字，或请系统管理员安装字体。"
        )


def fits_the_page(paper: Paper) -> Iterator[Spot]:
    """Where a glyph is missing no page was set at all, and ``every_glyph`` says it."""
    for sentence in paper.unfit if not paper.unprinted else ():
        yield Spot("body", sentence)
