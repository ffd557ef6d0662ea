"""行文关系: who may write to whom, and who has to know (条例第十四条至第十六条)."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator

from app.documents.preflight.findings import Spot
from app.documents.preflight.paper import Office, Paper, Relation

ALIKE = 0.8
"""Share of characters from which an unknown name is taken for a slip of a known one."""

_OF_OURS = re.compile(
    "^(本[局委厅办院]|[局委厅办院])?(所属|下属|直属)|^[局委厅办院]属|^本?[局委厅办院]?(机关)?各?[科处]室"
)
_GENERAL = re.compile("各|所属|下属|直属|局属|有关|全体")
_LEADER = re.compile("(同志|先生|女士|书记|[省市县区乡镇州]长|[局厅处司部院校]长|主任|主席)$")
_MARKS = "：:，,。；;、"
_PUBLIC = ("公报", "公告", "通告")
WEIGHTY = ("决议", "决定", "命令")


def one_superior(paper: Paper) -> Iterator[Spot]:
    if paper.upward and len(paper.main_recipients) > 1:
        yield Spot(
            "main_recipients",
            f"上行文只主送一个上级机关，现有 {len(paper.main_recipients)} 个。请留下一个主送；"
            "受双重领导的，必要时抄送另一个上级机关。",
        )


def right_direction(paper: Paper) -> Iterator[Spot]:
    """Upward goes up and downward goes down, as far as the receiving unit is known."""
    for name in paper.main_recipients:
        office = paper.kin.find(name.strip())
        if office is None:
            continue
        if paper.upward and not _above(paper, office):
            yield Spot(
                "main_recipients",
                f"{paper.kind or '上行文'}应主送上级机关，“{name}”不是本单位的上级。"
                "请改主送机关，或者改行文方向和文种。",
            )
        if paper.downward and not _below(paper, office):
            yield Spot(
                "main_recipients",
                f"下行文应主送下级机关，“{name}”不是本单位的下级。请改主送机关，或者改行文方向。",
            )


def letter_to_kin(paper: Paper) -> Iterator[Spot]:
    if paper.kind != "函":
        return
    for name in paper.main_recipients:
        office = paper.kin.find(name.strip())
        if office and office.relation in (Relation.SUPERIOR, Relation.SUBORDINATE):
            yield Spot(
                "kind",
                f"函用于不相隶属机关之间，“{name}”是本单位的{office.relation.value}。请核对文种。",
            )


def subordinate_copied(paper: Paper) -> Iterator[Spot]:
    if not paper.upward:
        return
    for name in paper.copy_recipients:
        office = paper.kin.find(name.strip())
        below = office is not None and office.relation is Relation.SUBORDINATE
        if below or _OF_OURS.search(name.strip()):
            yield Spot("copy_recipients", f"上行文不抄送下级机关，请从抄送中删去“{name}”。")


def skipped_level(paper: Paper) -> Iterator[Spot]:
    if not paper.upward:
        return
    offices = {name: paper.kin.find(name) for _, name in paper.recipients()}
    known = [each for each in offices.values() if each is not None]
    mains = [offices[name.strip()] for name in paper.main_recipients]
    highest = max(
        (each.levels for each in mains if each and each.relation is Relation.SUPERIOR), default=0
    )
    for between in paper.kin.superiors:
        if between.levels < highest and between not in known:
            yield Spot(
                "copy_recipients",
                f"越级行文应当同时抄送被越过的机关，请在抄送中加上“{between.name}”，或者改主送它。",
            )


def addressed_to_leader(paper: Paper) -> Iterator[Spot]:
    for element, name in paper.recipients():
        if paper.upward and _LEADER.search(name):
            yield Spot(
                element,
                f"不得以本机关名义向上级机关负责人报送公文，“{name}”应改为机关名称；"
                "负责人直接交办的，写明交办的情况。",
            )


def weighty_without_superior(paper: Paper) -> Iterator[Spot]:
    superiors = paper.kin.superiors
    if not paper.downward or paper.kind not in WEIGHTY or not superiors:
        return
    if not any(name in superiors[0].names for _, name in paper.recipients()):
        yield Spot(
            "copy_recipients",
            f"向下级机关的重要行文应当同时抄送直接上级机关“{superiors[0].name}”。",
        )


def public_with_recipients(paper: Paper) -> Iterator[Spot]:
    if paper.kind in _PUBLIC and paper.main_recipients:
        yield Spot(
            "main_recipients", f"{paper.kind}面向社会公布，不写主送机关。请删去，或者改文种。"
        )


def named_twice(paper: Paper) -> Iterator[Spot]:
    counted = Counter(name for _, name in paper.recipients())
    for name, times in counted.items():
        if times > 1:
            element = "copy_recipients" if name in _stripped(paper.copy_recipients) else ""
            yield Spot(
                element or "main_recipients",
                f"“{name}”在主送、抄送中写了 {times} 次，请只留一处。",
            )


def marks_in_names(paper: Paper) -> Iterator[Spot]:
    for element, name in paper.recipients():
        if name and name[-1] in _MARKS:
            yield Spot(element, f"机关名称“{name}”后面的标点由系统排，请删去标点。")


def misspelt(paper: Paper) -> Iterator[Spot]:
    known = [name for each in (paper.kin.own, *paper.kin.others) for name in each.names]
    for element, name in _unknown(paper):
        close = difflib.get_close_matches(name, known, n=1, cutoff=ALIKE)
        if close:
            yield Spot(element, f"没有“{name}”这个单位，是否为“{close[0]}”？请核对。")


def unknown_unit(paper: Paper) -> Iterator[Spot]:
    known = [name for each in (paper.kin.own, *paper.kin.others) for name in each.names]
    for element, name in _unknown(paper):
        if not difflib.get_close_matches(name, known, n=1, cutoff=ALIKE):
            yield Spot(element, f"“{name}”不在系统的单位名录里，请核对是否为全称或者规范化简称。")


def _unknown(paper: Paper) -> Iterator[tuple[str, str]]:
    """Names of single units, not of 各乡镇 and the like, that the system does not know."""
    for element, name in paper.recipients():
        if name and not _GENERAL.search(name) and paper.kin.find(name) is None:
            yield element, name


def _stripped(names: tuple[str, ...]) -> set[str]:
    return {name.strip() for name in names}


def _above(paper: Paper, office: Office) -> bool:
    """A superior, or a unit of a higher rank elsewhere."""
    if office.relation is Relation.OTHER:
        return office.rank < paper.kin.own.rank
    return office.relation is Relation.SUPERIOR


def _below(paper: Paper, office: Office) -> bool:
    if office.relation is Relation.OTHER:
        return office.rank > paper.kin.own.rank
    return office.relation is Relation.SUBORDINATE
