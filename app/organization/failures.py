"""Wrong passwords, counted in the database for all hosts: per account and per address."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import alarms
from app.organization.errors import TooManyRequests
from app.organization.models import Account, SignInFailure
from app.organization.policy import POLICY


def ensure_open(session: Session, address: str | None, at: datetime) -> None:
    """Raise TooManyRequests, with the wait in seconds, after 20 failures in 10 minutes."""
    if address is None:
        return
    latest = (
        sa.select(SignInFailure.at)
        .where(SignInFailure.address == address, SignInFailure.at > at - POLICY.address_window)
        .order_by(SignInFailure.at.desc())
        .limit(POLICY.address_failures)
    )
    failures = list(session.scalars(latest))
    if len(failures) >= POLICY.address_failures:
        wait = failures[-1] + POLICY.address_window - at
        raise TooManyRequests(max(1, int(wait.total_seconds())))


def note_address(session: Session, address: str | None, at: datetime) -> None:
    """Count one refused sign-in, and forget what no longer counts."""
    if address is None:
        return
    old = SignInFailure.at <= at - POLICY.address_window
    session.execute(sa.delete(SignInFailure).where(SignInFailure.address == address, old))
    session.add(SignInFailure(address=address, at=at))
    session.flush()


def is_open(account: Account, at: datetime) -> bool:
    """Neither locked, nor closed after a report, nor with an initial password that has run out."""
    locked = account.locked_until is not None and account.locked_until > at
    expired = account.initial_expires_at is not None and account.initial_expires_at <= at
    return not locked and not expired and account.reported_at is None


def count(
    session: Session, account: Account | None, tried: str | None, address: str | None, at: datetime
) -> None:
    """Count a wrong password at the sign-in page and put the refusal on record.

    Tries against a locked account do not lengthen the lock. A login that nobody has is not
    written down: people type their password there by mistake.
    """
    reason = "unknown" if account is None else "closed" if tried is None else "wrong"
    if account is not None and tried is not None and against(session, account, address, at):
        reason = "locked"
    _refused(session, account.person_id if account else None, reason, address, at)


def count_code(
    session: Session, account: Account, usable: bool, address: str | None, at: datetime
) -> bool:
    """Count a wrong code after a right password; whether the account is locked now."""
    locked = not usable or against(session, account, address, at)
    reason = "code" if not locked else "locked" if usable else "closed"
    _refused(session, account.person_id, reason, address, at)
    return locked


def against(session: Session, account: Account, address: str | None, at: datetime) -> bool:
    """Count one wrong answer against the account in hand; whether that locks it."""
    over = account.locked_until is not None and account.locked_until <= at
    account.failures = 1 if over else account.failures + 1
    account.locked_until = None
    if account.failures >= POLICY.lock_after:
        account.locked_until = at + POLICY.lock_for
        alarms.sound(session, "locked", account.person_id, address, at)
    session.flush()
    return account.locked_until is not None


def _refused(
    session: Session, person_id: int | None, reason: str, address: str | None, at: datetime
) -> None:
    """Put a refused sign-in on record.

    reason  unknown, closed, wrong (password), code (wrong, password right) or locked
    """
    audit.record(
        session,
        "sign-in.refused",
        audit.Signature(None, "", "未登录者", authority="登录页面", address=address),
        at=at,
        subject=("person", person_id) if person_id else None,
        outcome="refused",
        reason=reason,
    )
