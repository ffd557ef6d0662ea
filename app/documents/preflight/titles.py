"""标题: issuer, matter and kind, and the marks that may stand in it (条例第九条（七）)."""

import re
from collections.abc import Iterator

from app.documents import kinds
from app.documents.preflight.findings import Spot
from app.documents.preflight.paper import Paper

_WITHOUT_MATTER = ("命令", "公报", "公告", "通告", "纪要", "决议")
"""Kinds whose title may be the issuer and the kind alone."""

_PASSING_ON = re.compile("转发|批转|印发")
_FORBIDDEN = re.compile("[，,。；;：:！!？?…]")
_TWO_KINDS = re.compile("请示报告$|报告请示$")


def right_kind(paper: Paper) -> Iterator[Spot]:
    title = paper.plain_title
    if not title or not paper.kind:
        return
    found = kinds.kind_of_title(title)
    if _TWO_KINDS.search(title):
        yield Spot("title", "“请示”和“报告”是两个文种，不能并用。请按事由只用一个。")
    elif found is not None and found.name != paper.kind:
        yield Spot("title", f"标题的文种是“{found.name}”，选的文种是“{paper.kind}”。请改成一致。")


def three_parts(paper: Paper) -> Iterator[Spot]:
    title = paper.plain_title
    if not title:
        return
    missing = []
    parts = paper.title_parts
    if parts is None and paper.kind not in _WITHOUT_MATTER and not _PASSING_ON.search(title):
        missing.append("事由（“关于……的”）")
    if parts is not None and not parts["issuer"]:
        missing.insert(0, "发文机关")
    if kinds.kind_of_title(title) is None:
        missing.append("文种")
    if missing:
        yield Spot("title", f"标题由发文机关名称、事由和文种组成，现缺{'、'.join(missing)}。")


def marks(paper: Paper) -> Iterator[Spot]:
    """Between 《》 stands the name of another text, which may hold any mark."""
    bare = re.sub("《[^》]*》", "", paper.plain_title)
    found = _FORBIDDEN.search(bare)
    if found:
        yield Spot(
            "title",
            f"标题中除书名号、引号、括号、顿号外一般不用标点，请删去“{found.group()}”。",
        )


def other_issuer(paper: Paper) -> Iterator[Spot]:
    parts = paper.title_parts
    issuer = parts["issuer"] if parts else ""
    own = paper.kin.own
    if issuer and not any(name in issuer for name in own.names):
        yield Spot("title", f"标题的发文机关是“{issuer}”，发文单位是“{own.name}”，请核对是否一致。")
