"""登记外出, and 出差: who travels wants to be told by SMS what arrives (DDL-16)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Invalid
from app.messages import contacts
from app.organization import Actor, absences
from app.organization.models import Absence


def go_away(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    since: datetime,
    until: datetime,
    words: str,
    travelling: bool = False,
) -> Absence:
    """Record that one is away. Raises like ``absences.set_absence``.

    Raises Invalid at ``travelling`` where no telephone is known that an SMS could go to.
    """
    if travelling and not contacts.contact_of(session, actor.person_id).phone:
        message = "出差期间用短信提醒，请先在“我的提醒”里填写手机号码。"
        raise Invalid.at("travelling", message)
    return absences.set_absence(
        session, actor, at, since=since, until=until, words=words, travelling=travelling
    )
