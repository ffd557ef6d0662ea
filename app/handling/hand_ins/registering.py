"""The office takes in a paper for review and sign-off, or does not accept it (不予受理)."""

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Invalid, NotAllowed
from app.handling import remarks
from app.handling.act import Act, hold_case
from app.handling.hand_ins.models import HandIn
from app.handling.models import CASE_STATES, Case
from app.handling.recording import record_act
from app.organization import Actor, roles

FIELD = "case"
TAKES_IN = (roles.OFFICE_SECRETARY, roles.DISPATCHER, roles.OFFICE_HEAD)
"""Who takes papers in for the office; all of them see every case of their unit."""

_REFUSED = "送审纸质件须同时提交电子公文，否则不予受理。（DRF-19）"


def register(session: Session, actor: Actor, number: str, remark: str = "") -> HandIn:
    """Note that the paper of a document has come, which then goes on electronically.

    number  件号 of the electronic document, as its process sheet bears it
    Raises NotAllowed for who takes in no papers, Invalid where there is no such document on its
    way: it is still with its drafter, has been signed or has ended. Nothing is begun then.
    """
    ensure_takes_in(actor)
    written = remarks.read("remark", "说明", remark, remarks.SHORT)
    act = _case(session, actor, number)
    _ensure_handed_in_as_well(act)
    paper = HandIn(
        case_id=act.case.id,
        version=act.document.version,
        received_by_id=actor.person_id,
        received_by_name=actor.name,
        received_at=act.at,
        remark=written,
    )
    session.add(paper)
    record_act(act, "paper.handed_in", reason=written or None)
    return paper


def of_case(session: Session, case_id: int) -> list[HandIn]:
    """The papers that came with a case, oldest first."""
    query = sa.select(HandIn).where(HandIn.case_id == case_id).order_by(HandIn.id)
    return list(session.scalars(query))


def ensure_takes_in(actor: Actor) -> None:
    """Raises NotAllowed, as registering would; asked before an empty form is shown."""
    if not any(actor.holds(role, unit_id=actor.unit_id) for role in TAKES_IN):
        raise NotAllowed("纸质送审由办公室登记，请把纸质件交给办公室秘书或者收发员。")


def _case(session: Session, actor: Actor, number: str) -> Act:
    """The case of this number, of the actor's own unit, under its lock."""
    text = number.strip()
    if not text:
        raise Invalid.at(FIELD, f"请填写电子公文的件号。{_REFUSED}")
    found = int(text) if re.fullmatch("[0-9]{1,18}", text, re.ASCII) else 0
    own = sa.select(Case.id).where(Case.id == found, Case.unit_id == actor.unit_id)
    if session.scalar(own) is None:
        raise Invalid.at(FIELD, f"没有件号为“{text[:20]}”的电子公文。{_REFUSED}")
    return hold_case(session, actor, found)


def _ensure_handed_in_as_well(act: Act) -> None:
    title = "".join(act.document.title.split("\n"))
    if act.document.flow != "outgoing" or act.document.scanned:
        raise Invalid.at(FIELD, f"“{title}”不是本单位拟稿的公文，不作纸质送审登记，请核对件号。")
    if act.case.state != "running":
        state = CASE_STATES[act.case.state]
        raise Invalid.at(FIELD, f"“{title}”{state}，不能再送审，请核对件号。")
    if act.document.state == "draft":
        raise Invalid.at(FIELD, f"“{title}”的电子公文还在拟稿人手上，没有提交。{_REFUSED}")
    if act.document.state != "reviewing":
        raise Invalid.at(FIELD, f"“{title}”已经签发，不需要再送审，请核对件号。")
