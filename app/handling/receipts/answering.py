"""What the recipients answered, written down one by one until everybody has."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import remarks
from app.handling.act import Act, hold_case
from app.handling.receipts import notifying, rights
from app.handling.receipts.models import ANSWERS, KINDS, ReceiptAnswer, ReceiptCheck
from app.handling.receipts.opening import SUBJECT, Recipient, recipients
from app.handling.recording import record_act
from app.organization import Actor, Person

Received = dict[tuple[int, Recipient], datetime]
"""By id of the check and recipient."""


@dataclass(frozen=True)
class Answer:
    """What was found out about one recipient, and with ``channel`` how he was told (TRN-05).

    seen   id of the answer that was known when the form was drawn, 0 for none; None: do not ask
    field  what its fields are called in the form, put before their names, such as ``0-``
    """

    kind: str
    recipient: str
    answer: str
    answered_by: str = ""
    note: str = ""
    channel: str = ""
    number: str = ""
    seen: int | None = None
    field: str = ""


def answer(
    session: Session, actor: Actor, check_id: int, answers: Sequence[Answer]
) -> ReceiptCheck:
    """Keep what was found out. The check is complete as soon as every recipient has an answer.

    Of an urgent document everybody must have been told too (TRN-05). Answers of a complete one
    may be set right; they are added, and the last one counts.
    Raises NotFound; NotAllowed for who neither owns it nor stands in for its owner; Conflict
    where somebody has answered since; Invalid naming the field, or without any answer.
    """
    act, check = _hold(session, actor, check_id)
    if not session.scalar(_is_his(check_id, act)):
        name = session.get_one(Person, check.owner_id).name
        raise NotAllowed(f"接收情况由{name}核查，请联系{name}登记。")
    if not answers:
        raise Invalid("请至少填写一个收文单位的接收情况。")
    known = recipients(act.document)
    _ensure_unmoved(act, check, answers)
    rows = [_row(act, check, each, known) for each in answers]
    told = [notifying.read(each.field, each.channel, each.number) for each in answers]
    session.add_all(rows)
    session.flush()
    for each, how in zip(rows, told, strict=True):
        said = f"{each.recipient}：{ANSWERS[each.answer]}"
        by = f"（{each.answered_by}）" if each.answered_by else ""
        record_act(act, "receipt_check.answered", reason=each.note or None, whom=f"{said}{by}")
        if how.channel:
            notifying.note(act, check, (each.kind, each.recipient), how, each.answered_by)
    session.flush()
    if check.done_at is None and _is_complete(act, check, known):
        check.done_at = act.at
        deadlines.close_limits(session, SUBJECT, [check_id], act.at)
        record_act(act, "receipt_check.done", late=act.at > check.due_at)
    session.flush()
    return check


def received_since(session: Session, check_ids: Collection[int]) -> Received:
    """Since when a recipient has been known to have it, and nobody has said otherwise since."""
    query = sa.select(ReceiptAnswer).where(ReceiptAnswer.check_id.in_(check_ids))
    found: Received = {}
    for each in session.scalars(query.order_by(ReceiptAnswer.id)):
        key = each.check_id, (each.kind, each.recipient)
        if each.answer == "not_received":
            found.pop(key, None)
        else:
            found.setdefault(key, each.at)
    return found


def drawn(
    session: Session, check_id: int, answer_ids: Collection[int]
) -> Mapping[int, ReceiptAnswer]:
    """The answers that a form of this check was drawn with, by id."""
    query = sa.select(ReceiptAnswer).where(
        ReceiptAnswer.check_id == check_id, ReceiptAnswer.id.in_(answer_ids)
    )
    return {each.id: each for each in session.scalars(query)}


def _is_complete(act: Act, check: ReceiptCheck, known: Collection[Recipient]) -> bool:
    if not set(known) <= set(latest(act.session, check.id)):
        return False
    told = notifying.first_notices(act.session, check.id)
    return not notifying.is_urgent(act.document) or set(known) <= set(told)


def _ensure_unmoved(act: Act, check: ReceiptCheck, answers: Sequence[Answer]) -> None:
    """Two forms drawn at once: the second one does not write over what the first one said."""
    present = latest(act.session, check.id)
    for each in answers:
        found = present.get((each.kind, each.recipient))
        if each.seen is None or each.seen == (found.id if found else 0):
            continue
        said = f"{_name(act, found)}登记为“{ANSWERS[found.answer]}”" if found else "改动"
        message = f"“{each.recipient}”的接收情况刚由{said}，请核对后再登记。"
        raise Conflict(message, code="receipt_answered")


def _name(act: Act, given: ReceiptAnswer) -> str:
    return act.session.get_one(Person, given.by_id).name


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
