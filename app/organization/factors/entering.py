"""The second step of signing in: the code, after the password was right."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import actors, failures, sessions
from app.organization.errors import CodeRefused
from app.organization.factors import codes, policies
from app.organization.factors.models import SecondFactor
from app.organization.models import Account
from app.organization.policy import POLICY
from app.organization.sessions import SignedIn


def is_enrolled(session: Session, person_id: int) -> bool:
    in_use = sa.and_(SecondFactor.person_id == person_id, SecondFactor.sealed.is_not(None))
    return session.scalar(sa.select(SecondFactor.person_id).where(in_use)) is not None


def awaited(session: Session, person_id: int) -> str | None:
    """What the right password is not enough without: ``code``, ``enrolment``, or nothing."""
    if is_enrolled(session, person_id):
        return "code"
    return "enrolment" if policies.asked_of(session, person_id) else None


def enter_code(
    session: Session, token: str, typed: str, address: str | None, at: datetime
) -> SignedIn:
    """Complete the sign-in that ``token`` began; a new session opens in its place.

    Wrong codes count with wrong passwords, and the right password alone does not set the count
    back: else whoever knows it could try codes without end. The fifth ends the half sign-in too.
    **The caller commits also when CodeRefused is raised.**
    """
    failures.ensure_open(session, address, at)
    half = sessions.proven_by_session(session, token, at, address)
    if half is None or half.actor.awaits != "code":
        raise CodeRefused(over=True)
    person_id = half.actor.person_id
    account = session.get_one(Account, person_id, with_for_update=True, populate_existing=True)
    usable = failures.is_open(account, at)
    way = codes.take(session, person_id, typed, at) if usable else None
    if way is None:
        failures.note_address(session, address, at)
        locked = failures.count_code(session, account, usable, address, at)
        if locked:
            sessions.end_session(session, token, at)
        raise CodeRefused(over=locked)
    account.failures, account.locked_until = 0, None
    sessions.end_session(session, token, at)
    opened = sessions.open_session(session, person_id, address, at)
    who = actors.actor(session, person_id, address)
    used = {"factor": way, "recovery_left": codes.left(session, person_id)}
    subject = ("person", person_id)
    audit.record(session, "signed.in", who.signature(), at=at, subject=subject, detail=used)
    aged = account.changed_at + POLICY.max_age <= at
    return SignedIn(opened, person_id, account.must_change or aged)
