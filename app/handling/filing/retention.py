"""保管期限: what the table proposes for a document; a person who knows better says why (ARC-12).

After 国家档案局令第8号 (2006), articles 8 to 10, read in part: what an organ makes law, decides in
its meetings or states of its main duties is kept 永久, its usual business 30 or 10 years, what it
only receives as a rule for the shorter time. The order grades by the weight of the matter, which
no program knows; so a kind of document stands for it here, and it is no more than a proposal.
CF-38: the periods of the order, not the older 长期 and 短期.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.documents.models import Document
from app.errors import Invalid
from app.handling import remarks
from app.handling.filing.models import RETENTIONS

OF_OWN: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("决议", "决定", "命令", "公报", "公告", "议案", "纪要"), "permanent"),
        **dict.fromkeys(("意见", "通告", "通报", "报告", "请示", "批复", "通知"), "d30"),
        "函": "d10",
    }
)
"""By 文种, of what the unit has formed; 规范性文件 are kept for ever whatever their kind."""
OF_RECEIVED: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("决议", "决定", "命令", "公报", "意见", "批复"), "d30")
)
"""By 文种, of what came from others; all else 10 years."""


def proposed(document: Document) -> str:
    """A key of RETENTIONS."""
    if document.flow == "incoming":
        return OF_RECEIVED.get(document.kind or "", "d10")
    if document.nature == "normative":
        return "permanent"
    return OF_OWN.get(document.kind or "", "d30")


def read(proposal: str, wanted: str, reason: str) -> tuple[str, str]:
    """The retention that a person chose, "" for the proposed one, with his reason.

    Raises Invalid at ``retention`` for what is none, at ``reason`` where another one than the
    proposed has no reason (ARC-12). What is as proposed needs none, and keeps none.
    """
    chosen = wanted or proposal
    if chosen not in RETENTIONS:
        raise Invalid.at("retention", f"保管期限请从{'、'.join(RETENTIONS.values())}中选择。")
    if chosen == proposal:
        return chosen, ""
    written = remarks.read("reason", "改动保管期限的理由", reason, remarks.SHORT)
    if not written:
        said = f"期限表建议{RETENTIONS[proposal]}，改为{RETENTIONS[chosen]}须写明理由。（ARC-12）"
        raise Invalid.at("reason", said)
    return chosen, written
