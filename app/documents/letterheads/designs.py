"""Which letterhead a document has, and which ones are offered to a drafter (DRF-05, DRF-09)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import seal_sizes
from app.documents.letterheads.fields import KINDS, suits
from app.documents.letterheads.models import Letterhead, LetterheadVersion
from app.documents.models import Document
from app.errors import Invalid
from app.organization.queries import ListedUnit


@dataclass(frozen=True)
class Design:
    """A version of a template as the paper and the lists need it; ``id`` 0 is the unit's own.

    seal_diameter  mm
    sealed         whether the place of a seal is kept free: minutes bear none (10.3)
    """

    id: int
    name: str
    number: int
    description: str
    format: str
    words: str
    kinds: tuple[str, ...]
    signature: str
    printed_by: str
    seal_diameter: int
    author: str
    at: datetime | None
    offered: bool = True

    @property
    def sealed(self) -> bool:
        return self.format != "纪要"

    def fits(self, kind: str) -> bool:
        return kind in self.kinds if self.kinds else suits(self.format, kind)


def of_unit(session: Session, unit_id: int) -> tuple[Design, ...]:
    """The newest version of every template of a unit, oldest first, withdrawn ones last."""
    newest = sa.select(sa.func.max(LetterheadVersion.id)).group_by(LetterheadVersion.letterhead_id)
    query = (
        sa.select(Letterhead, LetterheadVersion)
        .join(LetterheadVersion, LetterheadVersion.letterhead_id == Letterhead.id)
        .where(Letterhead.unit_id == unit_id, LetterheadVersion.id.in_(newest))
        .order_by(Letterhead.id)
    )
    found = [_design(letterhead, version) for letterhead, version in session.execute(query)]
    return tuple(sorted(found, key=lambda design: not design.offered))


def versions(session: Session, unit_id: int, letterhead_id: int) -> tuple[Design, ...]:
    """Every version of a template, newest first; nothing for another unit's."""
    query = (
        sa.select(Letterhead, LetterheadVersion)
        .join(LetterheadVersion, LetterheadVersion.letterhead_id == Letterhead.id)
        .where(Letterhead.unit_id == unit_id, Letterhead.id == letterhead_id)
        .order_by(LetterheadVersion.number.desc())
    )
    return tuple(_design(letterhead, version) for letterhead, version in session.execute(query))


def fitting(designs: Sequence[Design], kind: str) -> tuple[Design, ...]:
    """Those that are offered for a kind: the ones made for it before those made for all."""
    offered = [each for each in designs if each.offered and each.fits(kind)]
    own = [each for each in offered if each.kinds]
    return tuple(own or offered)


def ensure_chosen(session: Session, unit_id: int, name: str, kind: str) -> None:
    """Raises Invalid for a template that is not offered, or when several are and none is chosen."""
    offered = fitting(of_unit(session, unit_id), kind)
    names = "、".join(each.name for each in offered)
    if name and name not in {each.name for each in offered}:
        hint = f"请改选：{names}。" if offered else "请不选，用本单位的发文机关标志。"
        raise Invalid.at("letterhead", f"红头模板“{name[:40]}”不适用于“{kind}”。{hint}（DRF-09）")
    if not name and len(offered) > 1:
        raise Invalid.at(
            "letterhead", f"“{kind}”有几个红头模板可用，请选择其一：{names}。（DRF-05）"
        )


def of_document(session: Session, document: Document, unit: ListedUnit) -> Design:
    """The letterhead of a document: as of its sign-off, before that the newest version."""
    query = (
        sa.select(Letterhead, LetterheadVersion)
        .join(LetterheadVersion, LetterheadVersion.letterhead_id == Letterhead.id)
        .where(Letterhead.unit_id == document.unit_id)
        .order_by(Letterhead.id, LetterheadVersion.number)
    )
    newest: dict[int, Design] = {}
    signed = document.signed_at
    for letterhead, version in session.execute(query):
        if signed is None or version.at <= signed:
            newest[letterhead.id] = _design(letterhead, version)
    kind = document.kind or ""
    return chosen(newest.values(), document.letterhead, kind) or default(unit, kind)


def chosen(designs: Iterable[Design], name: str, kind: str) -> Design | None:
    """The one of this name, else the one that is offered for the kind; None without any."""
    found = tuple(designs)
    offered = [each for each in found if each.name == name] or fitting(found, kind)
    return offered[0] if offered else None


def default(unit: ListedUnit, kind: str) -> Design:
    """What a unit without templates uses: its own 发文机关标志 in the format of the kind."""
    form = next((form for form, own in KINDS.items() if kind in own), "文件")
    words = unit.letterhead if form == "文件" else f"{unit.name}{form}"
    diameter = seal_sizes.usual(unit.name, unit.rank)
    return Design(0, "", 0, "", form, words, (), unit.name, unit.name, diameter, "", None)


def _design(letterhead: Letterhead, version: LetterheadVersion) -> Design:
    return Design(
        id=letterhead.id,
        name=letterhead.name,
        number=version.number,
        description=version.description,
        format=version.format,
        words=version.words,
        kinds=tuple(version.kinds),
        signature=version.signature,
        printed_by=version.printed_by,
        seal_diameter=version.seal_diameter,
        author=version.author_name,
        at=version.at,
        offered=version.offered,
    )
