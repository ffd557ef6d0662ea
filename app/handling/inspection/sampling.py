"""抽样: drawn at random with a stated seed, so that anybody can draw the same again."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import AuditEntry
from app.errors import Conflict, FieldError, Invalid, NotFound
from app.handling.inspection import indexing, searching
from app.handling.inspection.searching import Wanted
from app.organization import Actor, names

ACTION = "audit.sampled"
ALGORITHM = (
    "把符合条件的编号从小到大排列；对每个编号 n 计算“种子:n”（UTF-8）的 SHA-256；"
    "按散列值从小到大取前若干个。"
)
MOST = 500
"""Of one sample."""
UNITS = {"case": "件", "entry": "条记录"}


@dataclass(frozen=True)
class Sample:
    """A sample that was drawn, as the record has it.

    among, digest  how many there were to draw from, and SHA-256 of their numbers joined by commas
    """

    seq: int
    at: datetime
    by: str
    of: str
    seed: str
    among: int
    digest: str
    asked: dict[str, Any]
    drawn: Sequence[int]

    @property
    def unit(self) -> str:
        return UNITS[self.of]


def draw(numbers: Iterable[int], seed: str, count: int) -> list[int]:
    """``count`` of the numbers by ``ALGORITHM``, in the order in which they are drawn."""
    return sorted(numbers, key=lambda number: _lot(seed, number))[:count]


def digest(numbers: Sequence[int]) -> str:
    return hashlib.sha256(",".join(map(str, numbers)).encode()).hexdigest()


def take(
    session: Session, by: Actor, at: datetime, wanted: Wanted, *, of: str, seed: str, count: str
) -> dict[str, Any]:
    """Draw from what a search finds, and put on record what was drawn from what; its detail.

    The search is bound to the present end of the record, so it finds the same later.
    Raises Invalid by field; Conflict where nothing is found, or the directory is behind.
    """
    said, size = _read(of, seed, count)
    if indexing.behind(session):
        raise Conflict("检索目录还没有跟上记录，请稍候再抽样。", code="index_behind")
    upto = min(wanted.upto or indexing.indexed(session), indexing.indexed(session))
    bound = Wanted(**{**vars(wanted), "upto": upto})
    found = searching.numbers_of(session, bound, of)
    if not found:
        raise Conflict("没有符合条件的，无从抽样，请放宽条件。", code="nothing_found")
    detail = {
        "asked": bound.as_asked(),
        "of": of,
        "seed": said,
        "among": len(found),
        "digest": digest(found),
        "drawn": draw(found, said, size),
    }
    audit.record(session, ACTION, by.signature(), at=at, detail=detail)
    return detail


def samples(session: Session, most: int = 20) -> list[Sample]:
    """Those drawn last, newest first."""
    query = sa.select(AuditEntry.body).where(AuditEntry.action == ACTION)
    bodies = session.scalars(query.order_by(AuditEntry.seq.desc()).limit(most))
    return [_sample(json.loads(body)) for body in bodies]


def sample(session: Session, seq: int) -> Sample:
    """Raises NotFound."""
    query = sa.select(AuditEntry.body).where(AuditEntry.seq == seq, AuditEntry.action == ACTION)
    body = session.scalar(query)
    if body is None:
        raise NotFound(f"第 {seq} 条记录不是抽样。")
    return _sample(json.loads(body))


def drawn_again(session: Session, drawn: Sample) -> bool:
    """Whether the same search and seed give the same sample now."""
    wanted = searching.read(drawn.asked)
    found = searching.numbers_of(session, wanted, drawn.of)
    again = draw(found, drawn.seed, len(drawn.drawn))
    return digest(found) == drawn.digest and again == list(drawn.drawn)


def _lot(seed: str, number: int) -> bytes:
    return hashlib.sha256(f"{seed}:{number}".encode()).digest()


def _read(of: str, seed: str, count: str) -> tuple[str, int]:
    errors: list[FieldError] = []
    said, size = "", 0
    if of not in UNITS:
        errors.append(FieldError("of", "请选择抽办件还是抽记录。"))
    try:
        said = names.words("seed", "种子", seed, longest=60)
    except Invalid as error:
        errors += error.errors
    if count.strip().isascii() and count.strip().isdigit() and len(count.strip()) < 6:
        size = int(count)
    if not 1 <= size <= MOST:
        errors.append(FieldError("count", f"抽取数应为 1 至 {MOST}。"))
    if errors:
        raise Invalid.of(errors)
    return said, size


def _sample(body: dict[str, Any]) -> Sample:
    detail = body["detail"]
    return Sample(
        seq=body["seq"],
        at=datetime.fromisoformat(body["at"]),
        by=body["actor"]["name"],
        **{name: detail[name] for name in ("of", "seed", "among", "digest", "asked", "drawn")},
    )
