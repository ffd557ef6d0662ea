"""What the recipients answered, written down one by one until everybody has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.errors import Invalid, NotAllowed, NotFound
from app.handling import remarks
from app.handling.act import Act, hold_case
from app.handling.receipts import rights
from app.handling.receipts.models import ANSWERS, KINDS, ReceiptAnswer, ReceiptCheck
from app.handling.receipts.opening import SUBJECT, recipients
from app.handling.recording import record_act
from app.organization import Actor, Person

Recipient = tuple[str, str]
"""Kind and name."""


@dataclass(frozen=True)
class Answer:
    """field  what its fields are called in the form, put before their names, such as ``0-``"""

    kind: str
    recipient: str
    answer: str
    answered_by: str = ""
    note: str = ""
    field: str = ""


def answer(
    session: Session, actor: Actor, check_id: int, answers: Sequence[Answer]
) -> ReceiptCheck:
    """Keep what was found out. The check is complete as soon as every recipient has an answer.

    Answers of a complete one may be set right; they are added, and the last one counts.
    Raises NotFound; NotAllowed for who neither owns it nor stands in for its owner; Invalid
    naming the field, or without any answer.
    """
    act, check = _hold(session, actor, check_id)
    if not session.scalar(_is_his(check_id, act)):
        name = session.get_one(Person, check.owner_id).name
        raise NotAllowed(f"接收情况由{name}核查，请联系{name}登记。")
    if not answers:
        raise Invalid("请至少填写一个收文单位的接收情况。")
    known = recipients(act.document)
    rows = [_row(act, check, each, known) for each in answers]
    session.add_all(rows)
    session.flush()
    for each in rows:
        said = f"{each.recipient}：{ANSWERS[each.answer]}"
        by = f"（{each.answered_by}）" if each.answered_by else ""
        record_act(act, "receipt_check.answered", reason=each.note or None, whom=f"{said}{by}")
    if check.done_at is None and set(known) <= set(latest(session, check_id)):
        check.done_at = act.at
        deadlines.close_limits(session, SUBJECT, [check_id], act.at)
        record_act(act, "receipt_check.done", late=act.at > check.due_at)
    session.flush()
    return check


def latest(session: Session, check_id: int) -> Mapping[Recipient, ReceiptAnswer]:
    """The answer that counts, by recipient."""
    query = sa.select(ReceiptAnswer).filter_by(check_id=check_id).order_by(ReceiptAnswer.id)
    return {(each.kind, each.recipient): each for each in session.scalars(query)}


def _hold(session: Session, actor: Actor, check_id: int) -> tuple[Act, ReceiptCheck]:
    """Case first, then the check: the sweep holds the check alone and leaves it at once."""
    query = sa.select(ReceiptCheck).where(ReceiptCheck.id == check_id)
    found = session.scalars(query).first()
    if found is None:
        raise NotFound
    act = hold_case(session, actor, found.case_id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return act, session.scalars(locked).one()


def _is_his(check_id: int, act: Act) -> sa.Select[bool]:
    right = rights.his(act.actor.person_id, act.at)
    return sa.select(sa.exists().where(ReceiptCheck.id == check_id, right))


def _row(act: Act, check: ReceiptCheck, given: Answer, known: Sequence[Recipient]) -> ReceiptAnswer:
    if (given.kind, given.recipient) not in known:
        wanted = f"{KINDS.get(given.kind, '')}“{given.recipient}”"
        raise Invalid.at(f"{given.field}recipient", f"此件没有发给{wanted}，请核对。")
    if given.answer not in ANSWERS:
        choices = "、".join(ANSWERS.values())
        raise Invalid.at(f"{given.field}answer", f"接收情况请从{choices}中选择。")
    by = remarks.read(f"{given.field}answered_by", "答复人", given.answered_by, 50)
    note = remarks.read(f"{given.field}note", "备注", given.note, remarks.SHORT)
    if given.answer == "phoned" and not by:
        message = f"{given.recipient}：电话联系的，请写明对方是谁。"
        raise Invalid.at(f"{given.field}answered_by", message)
    return ReceiptAnswer(
        check_id=check.id,
        kind=given.kind,
        recipient=given.recipient,
        answer=given.answer,
        answered_by=by,
        note=note,
        by_id=act.actor.person_id,
        at=act.at,
    )
