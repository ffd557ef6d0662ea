"""收回 and 催读: what a sender can still do about the copies that he gave."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import access, remarks
from app.handling.act import Act, hold_case
from app.handling.acts.copies import announce, unread
from app.handling.models import Circulation
from app.handling.recording import record_act
from app.organization import Actor, Person


def recall(session: Session, actor: Actor, document_id: int, circulation_id: int) -> Circulation:
    """Take an unread copy back: its reader has and sees it no more, the record keeps it (CIR-02).

    Raises NotAllowed for anybody but the sender, above all for the reader (CIR-08), and Conflict
    once it was read (OUT-18) or taken back.
    """
    act = hold_case(session, actor, access.document_of(session, actor, document_id)[1].id)
    copy = _hold(act, circulation_id)
    _ensure_his(act, copy)
    reader = session.get_one(Person, copy.reader_id)
    if copy.recalled_at is not None:
        raise Conflict(f"送{reader.name}的一份已经收回。", code="already_recalled")
    if copy.read_at is not None:
        when = f"{copy.read_at.astimezone(SHANGHAI):%m-%d %H:%M}"
        message = f"{reader.name}已于 {when} 阅读此件，不能收回。（OUT-18）"
        raise Conflict(message, code="already_read")
    copy.recalled_at = act.at
    announce(act, [copy.reader_id])
    record_act(
        act, "circulation.recalled", circulation=copy.id, to=[reader.login], names=[reader.name]
    )
    return copy


def _hold(act: Act, circulation_id: int) -> Circulation:
    """Under its lock: reading takes only that one, never the case's."""
    query = sa.select(Circulation).where(
        Circulation.id == circulation_id, Circulation.case_id == act.case.id
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    copy = act.session.scalars(locked).first()
    known = copy is not None and (
        act.actor.person_id in (copy.sender_id, copy.reader_id) or oversees(act)
    )
    if copy is None or not known:
        raise NotFound(hidden=copy is not None)
    return copy


def _ensure_his(act: Act, copy: Circulation) -> None:
    if copy.sender_id == act.actor.person_id:
        return
    sender = act.session.get_one(Person, copy.sender_id).name
    if copy.reader_id == act.actor.person_id:
        message = f"收到的传阅件不能删除，只有发送人{sender}可以收回。（CIR-02、CIR-08）"
        raise NotAllowed(message, code="not_the_sender")
    raise NotAllowed(f"只有发送人{sender}可以收回。（CIR-02）", code="not_the_sender")


def oversees(act: Act) -> bool:
    """Who may follow all copies of the case: its starter, and the registry (CIR-18)."""
    return act.case.starter_id == act.actor.person_id or access.of_registry(act.actor, act.case)


def urge_readers(session: Session, actor: Actor, document_id: int, reason: str) -> Sequence[int]:
    """Tell those who have not read it yet once more; how many, by their ids.

    A sender urges his own readers, the starter and the registry all of them. Raises Conflict when
    there is nobody left to urge.
    """
    act = hold_case(session, actor, access.document_of(session, actor, document_id)[1].id)
    written = remarks.read("reason", "原因", reason, remarks.SHORT)
    if not written:
        raise Invalid.at("reason", "催读须写明原因或要求。")
    copies = sa.exists().where(
        Circulation.case_id == act.case.id, Circulation.reader_id == Person.id, unread()
    )
    if not oversees(act):
        copies = copies.where(Circulation.sender_id == actor.person_id)
    people = session.scalars(sa.select(Person).where(copies).order_by(Person.id)).all()
    if not people:
        raise Conflict("没有可催读的人：您送出的都已阅读或者收回。", code="nobody_unread")
    waiting = [person.id for person in people]
    announce(act, waiting, f"{actor.name}催读：{written}")
    record_act(
        act,
        "circulation.urged",
        reason=written,
        to=[person.login for person in people],
        names=[person.name for person in people],
    )
    return waiting
