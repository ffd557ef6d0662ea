"""阅读情况: who has read a circulated document and when, for whom it concerns (CIR-18)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.clock import SHANGHAI
from app.errors import NotAllowed
from app.handling.act import Act
from app.handling.acts.circulating import may_circulate
from app.handling.acts.copies import KINDS
from app.handling.acts.recalling import oversees
from app.handling.models import Circulation
from app.organization import Department, Person


@dataclass(frozen=True)
class Copy:
    """What one reader got. ``mine``: the person who looks has sent it."""

    id: int
    sender: str
    reader_login: str
    reader: str
    department: str
    kind: str
    words: str
    sent_at: datetime
    read_at: datetime | None
    recalled_at: datetime | None
    mine: bool

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def unread(self) -> bool:
        return self.read_at is None and self.recalled_at is None


@dataclass(frozen=True)
class Reading:
    """All copies that the person may follow, oldest first.

    received  his own copies
    bulletin  检查通报: the same in words, to be posted or sent on
    """

    copies: Sequence[Copy]
    may_circulate: bool
    received: Sequence[Copy] = ()
    bulletin: str = ""

    @property
    def waiting(self) -> list[Copy]:
        return [each for each in self.copies if each.unread]

    @property
    def read(self) -> list[Copy]:
        return [each for each in self.copies if each.read_at is not None]


def reading(act: Act) -> Reading:
    """What the actor may follow of the circulation of a case; nothing for a mere reader."""
    me = act.actor.person_id
    copies = _copies(act, *(() if oversees(act) else (Circulation.sender_id == me,)))
    received = _copies(act, Circulation.reader_id == me, Circulation.recalled_at.is_(None))
    return Reading(copies, may_circulate(act), received, _bulletin(act, copies))


def status(act: Act) -> Reading:
    """The same for who asks for it. Raises NotAllowed for who can follow nothing here."""
    found = reading(act)
    if not found.copies and not found.may_circulate and not oversees(act):
        raise NotAllowed("阅读情况只供发送人、拟稿人和办公室查看。（CIR-18）")
    return found


def _copies(act: Act, *conditions: sa.ColumnElement[bool]) -> list[Copy]:
    sender, reader = aliased(Person), aliased(Person)
    query = (
        sa.select(Circulation, sender.name, reader.login, reader.name, Department.name)
        .join(sender, sender.id == Circulation.sender_id)
        .join(reader, reader.id == Circulation.reader_id)
        .outerjoin(Department, Department.id == reader.department_id)
        .where(Circulation.case_id == act.case.id, *conditions)
        .order_by(Circulation.id)
    )
    return [
        Copy(
            id=copy.id,
            sender=by,
            reader_login=login,
            reader=name,
            department=department or "",
            kind=copy.kind,
            words=copy.words,
            sent_at=copy.sent_at,
            read_at=copy.read_at,
            recalled_at=copy.recalled_at,
            mine=copy.sender_id == act.actor.person_id,
        )
        for copy, by, login, name, department in act.session.execute(query)
    ]


def _bulletin(act: Act, copies: Sequence[Copy]) -> str:
    """``截至…，应阅 3 人，已阅 2 人：…；未阅 1 人：…。``; copies taken back do not count."""
    first_read: dict[str, str] = {}
    names = {each.reader_login: each.reader for each in copies if each.recalled_at is None}
    if not names:
        return ""
    for each in copies:
        if each.read_at is not None:
            first_read.setdefault(each.reader_login, f"{each.reader}（{_time(each.read_at)}）")
    waiting = [name for login, name in names.items() if login not in first_read]
    return (
        f"关于《{act.document.title.replace(chr(10), '')}》阅读情况的通报："
        f"截至 {_time(act.at)}，应阅 {len(names)} 人，"
        f"已阅 {len(first_read)} 人{_listed(first_read.values())}；"
        f"未阅 {len(waiting)} 人{_listed(waiting)}。"
    )


def _listed(names: Iterable[str]) -> str:
    text = "、".join(names)
    return f"：{text}" if text else ""


def _time(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
