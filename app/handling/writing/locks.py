"""编辑锁: one person at a time writes a text, and nobody waits for ever for another one (SRC-10).

The version that a form was drawn from is checked all the same (``documents.history``): the lock
only spares people the surprise. Whoever waits for a colleague asks him; without an answer the
text goes over to him, and what the first one had typed stays in his drafts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.clock import SHANGHAI
from app.database import insert_once
from app.errors import Conflict
from app.handling.act import Act
from app.handling.errors import HandlingError
from app.handling.models import Task
from app.handling.writing.models import EditLock
from app.organization import Actor, Person

OPENED = timedelta(minutes=20)
"""How long opening the page keeps the text in hand, for pages without script."""

RENEWED = timedelta(minutes=3)
"""How long an open page keeps it from each sign of life on."""

ANSWER = timedelta(minutes=2)
"""How long the holder has for an answer before the text goes over."""

ASKING = timedelta(minutes=10)
"""How long a request stands whose asker has not come back for the text."""


@dataclass(frozen=True)
class Held:
    """Who has a text in hand, as one person sees it.

    holder    name of the other one who has it; "" when it is this person's
    asker     to the holder: name of the colleague who wants to take over since ``asked_at``
    asking    to that colleague: he has asked at ``asked_at`` and waits
    refused   to that colleague: the holder has declined
    """

    since: datetime
    holder: str = ""
    asker: str = ""
    asked_at: datetime | None = None
    asking: bool = False
    refused: bool = False

    @property
    def mine(self) -> bool:
        return not self.holder

    @property
    def sentence(self) -> str:
        """What the page says of it; "" to a holder whom nobody has asked."""
        if self.asked_at is None:
            return "" if self.mine else f"{self.holder}正在修改此件（{_clock(self.since)} 起）。"
        over = _clock(self.asked_at + ANSWER)
        if self.mine:
            return f"{self.asker}请求接手修改。您在 {over} 以前不答复，就转给{self.asker}。"
        return f"{self.holder}正在修改此件。已请求接手，{over} 以前没有答复就转给您。"


class BeingEdited(HandlingError, Conflict):
    """Somebody else has the text in hand; nothing is wrong, nothing was saved."""

    code = "being_edited"

    def __init__(self, name: str, since: datetime) -> None:
        super().__init__(
            f"{name}正在修改此件（{_clock(since)} 起），您的修改没有保存。"
            "请等其保存以后再改，或者在修改页面上请求接手。"
        )


def take(act: Act, lasting: timedelta = OPENED) -> Held:
    """Take the text in hand, or keep it, unless it is somebody else's; who has it then.

    A colleague's is taken when it has lapsed, when the stay at which he wrote is over, or when he
    has left the request of the actor without an answer. ``act`` comes from
    ``editing.look_editable``: who may not write cannot keep others from it.
    """
    lock = _held_row(act)
    if lock.person_id != act.actor.person_id:
        if _is_in_force(act, lock) and not _is_due_to(act, lock):
            return _seen(act, lock)
        if _is_asked_by(act, lock):
            _record(act, lock, "document.taken_over", "没有答复")
        _give(act, lock, act.actor.person_id)
    elif not _is_in_force(act, lock):
        _give(act, lock, act.actor.person_id)
    lock.until = act.at + lasting
    return _seen(act, lock)


def ask(act: Act) -> Held:
    """Ask the holder to hand over. Raises Conflict while another colleague is asking."""
    held = take(act)
    lock = _held_row(act)
    if held.mine or _is_asked_by(act, lock):
        return held
    if _is_asked(act, lock):
        raise Conflict("已有人请求接手此件，请稍后再试。", code="already_asked")
    lock.asked_by_id, lock.asked_at, lock.refused_id = act.actor.person_id, act.at, None
    _record(act, lock, "document.takeover_asked")
    return _seen(act, lock)


def answer(act: Act, *, consent: bool) -> Held:
    """The holder consents or declines. Raises Conflict when there is nothing left to answer."""
    lock = _held_row(act)
    asker = lock.asked_by_id
    if lock.person_id != act.actor.person_id or asker is None or not _is_asked(act, lock):
        raise Conflict("没有等您答复的接手请求，或者已经转给对方。", code="nothing_asked")
    if consent:
        _record(act, lock, "document.handed_over")
        _give(act, lock, asker)
        lock.until = act.at + OPENED
    else:
        _record(act, lock, "document.takeover_refused")
        lock.asked_by_id, lock.asked_at, lock.refused_id = None, None, asker
        lock.until = max(lock.until, act.at + RENEWED)
    return _seen(act, lock)


def release(session: Session, actor: Actor, document_id: int) -> None:
    """The text was saved and its page left: whoever comes next need not wait."""
    own = (EditLock.document_id == document_id, EditLock.person_id == actor.person_id)
    session.execute(sa.delete(EditLock).where(*own))


def ensure_not_held_by_other(act: Act) -> None:
    """Raises BeingEdited while somebody else has the text in hand; nobody need have it."""
    lock = _row(act)
    if lock is None or lock.person_id == act.actor.person_id or not _is_in_force(act, lock):
        return
    raise BeingEdited(act.session.get_one(Person, lock.person_id).name, lock.since)


def _row(act: Act) -> EditLock | None:
    """Under its lock: of two who take at once the second waits and sees the first."""
    query = sa.select(EditLock).where(EditLock.document_id == act.document.id).with_for_update()
    return act.session.scalars(query.execution_options(populate_existing=True)).first()


def _held_row(act: Act) -> EditLock:
    """The same; where nobody has the text, it is the actor's from now on."""
    act.session.flush()
    found = _row(act)
    if found is None:
        mine = {"person_id": act.actor.person_id, "task_id": act.stay.id}
        times = {"since": act.at, "until": act.at + OPENED}
        insert_once(act.session, EditLock, {"document_id": act.document.id, **mine, **times})
        found = _row(act)
    if found is None:
        raise Conflict("此件刚由他人保存，请重试。")  # and let go of, between the two statements
    return found


def _is_in_force(act: Act, lock: EditLock) -> bool:
    return lock.until > act.at and act.session.get_one(Task, lock.task_id).state == "open"


def _is_asked(act: Act, lock: EditLock) -> bool:
    return lock.asked_at is not None and act.at < lock.asked_at + ASKING


def _is_asked_by(act: Act, lock: EditLock) -> bool:
    return _is_asked(act, lock) and lock.asked_by_id == act.actor.person_id


def _is_due_to(act: Act, lock: EditLock) -> bool:
    """Whether the actor asked, and has waited long enough for an answer."""
    asked = lock.asked_at
    return _is_asked_by(act, lock) and asked is not None and act.at >= asked + ANSWER


def _give(act: Act, lock: EditLock, person_id: int) -> None:
    lock.person_id, lock.task_id, lock.since = person_id, act.stay.id, act.at
    lock.asked_by_id, lock.asked_at, lock.refused_id = None, None, None


def _seen(act: Act, lock: EditLock) -> Held:
    mine = lock.person_id == act.actor.person_id
    asked = lock.asked_at if _is_asked(act, lock) else None
    if mine:
        asker = _name(act, lock.asked_by_id) if asked else ""
        return Held(lock.since, asker=asker, asked_at=asked)
    asking = _is_asked_by(act, lock)
    return Held(
        lock.since,
        holder=_name(act, lock.person_id),
        asking=asking,
        asked_at=asked if asking else None,
        refused=lock.refused_id == act.actor.person_id,
    )


def _record(act: Act, lock: EditLock, action: str, reason: str | None = None) -> None:
    """Who wrote and who wanted to; times are the entry's own and ``since``."""
    audit.record(
        act.session,
        action,
        act.signature,
        at=act.at,
        subject=("document", act.document.id),
        case_id=act.case.id,
        document_id=act.document.id,
        step=act.stay.step,
        reason=reason,
        detail={
            "holder": _name(act, lock.person_id),
            "since": lock.since.isoformat(),
            "asker": _name(act, lock.asked_by_id),
            "version": act.document.version,
        },
    )


def _name(act: Act, person_id: int | None) -> str:
    return act.session.get_one(Person, person_id).name if person_id else ""


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%H:%M}"
