"""What may deviate from the diagram, in words; one table."""

from dataclasses import dataclass
from datetime import datetime

from app.audit import Entry

LAWFUL = {
    "measure": "管理措施",
    "migrated": "换版本办理",
    "withdrawn": "撤回",
    "unsealed": "撤销用印",
    "late": "超过时限",
}
"""Exceptions that the rules know: done with a right, a reason and a name, and told all the same."""

WRONG = {
    "order": "未到环节先办",
    "jump": "不按流程流转",
    "choice": "条件不成立的去向",
    "skipped": "漏办必经环节",
    "return": "退回到不允许的环节",
    "outcome": "结论不在流程之内",
    "not_entitled": "无权办理",
    "unfinished": "未走完流程即办结",
    "tables": "数据与记录不符",
    "record": "记录残缺",
}
"""What no act of this system does: somebody went past it, or there is a fault in it."""

KINDS = {**LAWFUL, **WRONG}


@dataclass(frozen=True)
class Deviation:
    """One deviation of a case.

    seq        the entry that shows it; None where an entry is missing
    person     who did it, "自动" for a rule; authority: by what right, as the record has it
    reason     as it was given at the act; "" where none was
    said       what deviates, a sentence
    """

    kind: str
    seq: int | None
    at: datetime
    step: str
    step_name: str
    person: str
    reason: str
    authority: str
    said: str

    @property
    def wrong(self) -> bool:
        return self.kind in WRONG


def of_entry(kind: str, entry: Entry, said: str, step: str = "", name: str = "") -> Deviation:
    """A deviation that an entry shows, with the person, the reason and the right it names."""
    detail = entry.detail
    clause = str(detail.get("clause") or "")
    authority = f"{entry.authority}；依据：{clause}" if clause else entry.authority
    return Deviation(
        kind=kind,
        seq=entry.seq,
        at=entry.at,
        step=step or entry.step or "",
        step_name=name or str(detail.get("step_name") or ""),
        person=entry.actor_name,
        reason=entry.reason or str(detail.get("opinion") or ""),
        authority=authority,
        said=said,
    )
