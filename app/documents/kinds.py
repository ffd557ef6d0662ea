"""The 15 kinds of 公文 with their directions, and the other words printed on a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

UPWARD, DOWNWARD, PARALLEL, INCOMING = "upward", "downward", "parallel", "incoming"
INTERNAL = "internal"
"""Of a request: it goes nowhere beyond its own unit."""

DIRECTIONS: Mapping[str, str] = MappingProxyType(
    {UPWARD: "上行文", DOWNWARD: "下行文", PARALLEL: "平行文"}
)
URGENCIES: Mapping[str, str] = MappingProxyType(
    {"none": "无", "urgent": "加急", "extra_urgent": "特急"}
)
"""Words of documents; those of telegrams (特提, 平急) are not among them."""

STATES: Mapping[str, str] = MappingProxyType(
    {
        "draft": "拟稿",
        "reviewing": "审核中",
        "signed": "已签发",
        "numbered": "已编号",
        "sealed": "已用印",
        "dispatched": "已发文",
        "cancelled": "已作废",
        "registered": "已登记",
        "handling": "办理中",
        "closed": "已办结",
        "returned": "已退文",
        "approved": "已通过",
        "refused": "未通过",
    }
)

NATURES: Mapping[str, str] = MappingProxyType(
    {
        "normative": "规范性文件",
        "guidance": "领导指导性文件",
        "submission": "报请文件",
        "information": "知照文件",
        "contract": "契约文件",
        "meeting": "会议文件",
    }
)
"""公文性质: what a document is for, beside its 文种 (DRF-17)."""

MINUTES, ORDER, BILL = "纪要", "命令", "议案"
SIGNED_IN_PERSON = (ORDER, BILL)
"""Kinds that bear the post and 签名章 of who signs, in the place of the 署名 (7.3.5.3)."""

SOURCE_CLASSES: Mapping[int, str] = MappingProxyType(
    {
        1: "办公自动化环境中形成",
        2: "公文传输系统接收",
        3: "办公自动化环境以外形成",
        4: "电子邮件接收",
    }
)
"""来源分类 of a document (NUM-09)."""

DRAFT_STATUSES: Mapping[str, str] = MappingProxyType(
    {"M": "草稿性电子文件", "U": "非正式电子文件", "F": "正式电子文件"}
)
"""稿本代码: while it is drafted, on its way unsigned, and signed or received (NUM-07)."""


@dataclass(frozen=True)
class Kind:
    """One kind (文种); ``name`` is what stands in the title, the database and the API.

    directions         where such a document may go, the usual one first (DRF-15)
    single_recipient   exactly one main recipient: a request has one superior to answer it
    without_recipient  may go without 主送: published to everybody, or minutes
    """

    name: str
    directions: tuple[str, ...]
    single_recipient: bool = False
    without_recipient: bool = False


_ALL = (
    Kind("决议", (DOWNWARD,), without_recipient=True),
    Kind("决定", (DOWNWARD,), without_recipient=True),
    Kind("命令", (DOWNWARD,), without_recipient=True),
    Kind("公报", (DOWNWARD, PARALLEL), without_recipient=True),
    Kind("公告", (DOWNWARD, PARALLEL), without_recipient=True),
    Kind("通告", (DOWNWARD, PARALLEL), without_recipient=True),
    Kind("意见", (DOWNWARD, UPWARD, PARALLEL)),
    Kind("通知", (DOWNWARD, PARALLEL)),
    Kind("通报", (DOWNWARD, PARALLEL)),
    Kind("报告", (UPWARD,)),
    Kind("请示", (UPWARD,), single_recipient=True),
    Kind("批复", (DOWNWARD,)),
    Kind("议案", (PARALLEL, UPWARD)),
    Kind("函", (PARALLEL,)),
    Kind("纪要", (DOWNWARD, PARALLEL, UPWARD), without_recipient=True),
)
KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _ALL})
OTHER = "其他"
"""What a received paper is registered as that is none of them (简报, 讲话)."""
_OTHER_NAMES = {"令": "命令", "命令（令）": "命令", "公函": "函", "会议纪要": "纪要"}


def kind(name: str) -> Kind | None:
    """The kind of this name, also by its other usual names (令, 公函, 会议纪要); None if none."""
    return KINDS.get(_OTHER_NAMES.get(name, name))


def kind_of_title(title: str) -> Kind | None:
    """The kind that a title ends in, as 《…》的通知 does; None when it names none."""
    words = title.rstrip("）) 　")
    names = [name for name in (*KINDS, *_OTHER_NAMES) if words.endswith(name)]
    return kind(max(names, key=len)) if names else None


def directions_in_words(chosen: Kind) -> str:
    return "、".join(DIRECTIONS[direction] for direction in chosen.directions)
