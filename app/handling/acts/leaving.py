"""岗位交接: who leaves hands everything to a successor, in one act that a leader signs (ORG-24).

Until then nothing moves, the account is open, and the hand-over stays on the list (ORG-13).
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock, organization
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import remarks
from app.handling.acts import inventory
from app.handling.acts.inventory import Item
from app.handling.models import PostHandover
from app.handling.stays import taking_over
from app.handling.stays.staffing import WATCHERS
from app.handling.stays.taking_over import Passage
from app.organization import Actor, Person, changes, operations
from app.organization.posts import in_force


def prepare(
    session: Session, actor: Actor, login: str, successor: str, reason: str
) -> PostHandover:
    """Write down who leaves and who takes over; by the system administrator or the person himself.

    Raises NotAllowed for anybody else, Invalid at ``person``, ``successor`` or ``reason``, Conflict
    while another hand-over of this person waits.
    """
    person_id = _named(session, actor, "person", login)
    if not _may_prepare(actor, person_id):
        raise NotAllowed("岗位交接由本人或本单位系统管理员提交，请联系系统管理员。")
    successor_id = _named(session, actor, "successor", successor)
    _ensure_fit(session, person_id, successor_id)
    written = remarks.read("reason", "交接原因", reason)
    if not written:
        raise Invalid.at("reason", "请写明交接原因，如调动、退休。")
    at = clock.now(session)
    _lock(session, person_id)
    if session.scalars(_waiting(person_id)).first() is not None:
        raise Conflict("此人已有待签字的岗位交接，请先由领导签字或撤销。")
    handover = PostHandover(
        person_id=person_id,
        successor_id=successor_id,
        reason=written,
        prepared_by_id=actor.person_id,
        prepared_at=at,
    )
    session.add(handover)
    session.flush()
    _record(session, "handover.prepared", actor.signature(), at, handover)
    return handover


def confirm(session: Session, actor: Actor, handover_id: int) -> PostHandover:
    """Sign for it, and let all of it happen at once: stays, cases, delegations, posts, account.

    Raises NotAllowed for anybody but a leader of the unit who is neither of both and has not
    prepared it; Conflict when it has been decided, or would leave nobody to mend stopped cases.
    """
    handover = _held(session, actor, handover_id)
    _ensure_supervises(actor, handover)
    person = session.get_one(Person, handover.person_id)
    successor = session.get_one(Person, handover.successor_id)
    _ensure_fit(session, person.id, successor.id)
    _lock(session, person.id)
    taking_over.hold_cases(session, person.unit_id)
    _ensure_stopped_cases_are_mended(session, person)
    at = clock.now(session)
    listed = inventory.items(session, person.id)
    passage = Passage(person, successor, actor, handover.reason)
    passed = taking_over.pass_stays(session, passage, at)
    handover.moved = [_as_it_went(each, passed) for each in listed]
    taking_over.pass_cases(session, passage, at)
    taking_over.pass_checks(session, passage, at)
    taking_over.pass_unread(session, passage)
    handover.state, handover.decided_by_id, handover.decided_at = "done", actor.person_id, at
    session.flush()
    _close(session, handover, person, actor, at)
    _record(session, "handover.done", actor.signature(), at, handover, moved=handover.moved)
    return handover


def drop(session: Session, actor: Actor, handover_id: int) -> PostHandover:
    """Give up a hand-over that nobody has signed for; by those who may prepare it."""
    handover = _held(session, actor, handover_id)
    if not _may_prepare(actor, handover.person_id):
        raise NotAllowed("岗位交接由本人或本单位系统管理员撤销，请联系系统管理员。")
    at = clock.now(session)
    handover.state, handover.decided_by_id, handover.decided_at = "dropped", actor.person_id, at
    session.flush()
    _record(session, "handover.dropped", actor.signature(), at, handover)
    return handover


def _as_it_went(item: Item, passed: Sequence[int]) -> str:
    """What the successor must not do, such as signing off without being a leader, is not his."""
    if item.task_id is None or item.task_id in passed:
        return item.words
    return f"{item.words}（按规定接替人不能办理，由其他任职人办理或由流程管理员指定）"


def _named(session: Session, actor: Actor, field: str, login: str) -> int:
    if not login.strip():
        raise Invalid.at(field, "请选择人员。")
    try:
        return organization.named(session, [login], actor.unit_id).people[0].person_id
    except Invalid as error:
        raise Invalid.at(field, error.message) from None


def _may_prepare(actor: Actor, person_id: int) -> bool:
    return inventory.administers(actor) or actor.person_id == person_id


def _ensure_fit(session: Session, person_id: int, successor_id: int) -> None:
    if person_id == successor_id:
        raise Invalid.at("successor", "接替人不能是离岗人本人。")
    successor = session.get_one(Person, successor_id)
    if not successor.active:
        raise Invalid.at("successor", f"{successor.name}的账号已停用，请撤销后另选接替人。")
    held = {post.role for post in organization.actor(session, successor_id).posts}
    if held & WATCHERS:
        message = f"{successor.name}是系统、安全管理员或审计员，不能接办公文。"
        raise Invalid.at("successor", message)


def _ensure_supervises(actor: Actor, handover: PostHandover) -> None:
    if not inventory.supervises(actor):
        raise NotAllowed("岗位交接由本单位领导监交签字，请联系分管领导。（ORG-24）")
    parties = (handover.person_id, handover.successor_id, handover.prepared_by_id)
    if actor.person_id in parties:
        raise NotAllowed("交接双方和提交人不能自己监交，请由其他领导签字。（ORG-24）")


def _ensure_stopped_cases_are_mended(session: Session, person: Person) -> None:
    """A stopped case lies with the process administrators; one of them at least must remain."""
    found = organization.process_administrators(session, person.unit_id).people
    if {each.person_id for each in found} == {person.id}:
        raise Conflict(f"{person.name}是本单位唯一的流程管理员，请先任命另一位，再办交接。")


def _held(session: Session, actor: Actor, handover_id: int) -> PostHandover:
    """A waiting hand-over under its lock. Raises NotFound, or Conflict when it is decided."""
    handover = session.scalars(
        sa.select(PostHandover)
        .where(PostHandover.id == handover_id, inventory.visible_to(actor))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if handover is None:
        raise NotFound("没有这项岗位交接，或者您无权查看。")
    if handover.state != "prepared":
        raise Conflict("这项岗位交接已经签字或撤销，请刷新页面。")
    return handover


def _lock(session: Session, person_id: int) -> None:
    """The person before the cases, as everybody does who changes posts."""
    lock = sa.select(Person.id).where(Person.id == person_id)
    session.execute(lock.with_for_update(key_share=True))


def _close(
    session: Session, handover: PostHandover, person: Person, actor: Actor, at: datetime
) -> None:
    """Posts, delegations and account end by the rule, which names who asked and who signed."""
    prepared_by = session.get_one(Person, handover.prepared_by_id)
    rule = f"岗位交接：{prepared_by.name}提交，{actor.name}监交签字（ORG-24）"
    signature = audit.signed_by_rule(rule)
    with changes.told_once(session):
        for post in in_force(session, person):
            operations.end_appointment(session, signature, at, post=post)
        operations.deactivate(session, signature, at, person=person)


def _waiting(person_id: int) -> sa.Select[int]:
    return sa.select(PostHandover.id).where(
        PostHandover.person_id == person_id, PostHandover.state == "prepared"
    )


def _record(
    session: Session,
    action: str,
    by: audit.Signature,
    at: datetime,
    handover: PostHandover,
    **detail: object,
) -> None:
    audit.record(
        session,
        action,
        by,
        at=at,
        subject=("post_handover", handover.id),
        reason=handover.reason,
        detail={
            "person": session.get_one(Person, handover.person_id).login,
            "successor": session.get_one(Person, handover.successor_id).login,
            **detail,
        },
    )
