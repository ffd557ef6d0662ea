"""What a document says of itself beside its text: who was at the meeting, and its 主题词."""

from collections import Counter
from collections.abc import Iterator

from app.documents import kinds
from app.documents.preflight.addressing import WEIGHTY
from app.documents.preflight.findings import Spot
from app.documents.preflight.paper import Paper


def attendance_there(paper: Paper) -> Iterator[Spot]:
    if paper.kind == kinds.MINUTES and not paper.present:
        yield Spot("present", "纪要没有写出席人员，请填写；请假和列席的，需要时写明。")


def attended_once(paper: Paper) -> Iterator[Spot]:
    """Who was present was not excused; a namesake is told apart by his unit."""
    names = Counter((*paper.present, *paper.excused, *paper.observers))
    for name, times in names.items():
        if times > 1:
            yield Spot(
                "present",
                f"“{name}”在出席、请假、列席中写了 {times} 次，请核对；同名的写明单位或者职务。",
            )


def keywords_there(paper: Paper) -> Iterator[Spot]:
    if not paper.keywords and (paper.kind in WEIGHTY or paper.urgency != "none"):
        yield Spot("keywords", "重要公文宜填写主题词，选有代表性的词，便于以后查找。")
