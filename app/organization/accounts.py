"""Accounts: signing in here; sessions, tokens and changes of password from the files beside."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import actors, certificates, failures, names
from app.organization.errors import SignInRefused
from app.organization.factors import policies
from app.organization.factors.entering import awaited, enter_code
from app.organization.models import Account, Person
from app.organization.password_changes import change_password, open_account, set_initial_password
from app.organization.passwords import Attempt
from app.organization.policy import POLICY
from app.organization.sessions import (
    SignedIn,
    actor_of_session,
    actor_of_token,
    end_other_sessions,
    end_sessions,
    end_token,
    end_tokens,
    new_token,
    open_session,
    proven_by_session,
    proven_by_token,
    sign_out,
)

__all__ = [
    "SignedIn",
    "actor_of_session",
    "actor_of_token",
    "change_password",
    "end_other_sessions",
    "end_sessions",
    "end_token",
    "end_tokens",
    "enter_code",
    "new_token",
    "open_account",
    "proven_by_session",
    "proven_by_token",
    "set_initial_password",
    "sign_in",
    "sign_out",
    "usable_hash",
]

CARD = "本单位要求您用证书登录，请插好证书介质，点“用证书登录”。介质遗失的，请联系安全管理员。"


def usable_hash(session: Session, login: str, address: str | None, at: datetime) -> str | None:
    """What a password is to be tried against; None for unknown, locked, expired, closed accounts.

    Reads only. Raises TooManyRequests for an address with too many failures.
    """
    failures.ensure_open(session, address, at)
    found = session.scalar(_by_login(login))
    return found.password_hash if found and failures.is_open(found, at) else None


def sign_in(
    session: Session, login: str, attempt: Attempt, address: str | None, at: datetime
) -> SignedIn:
    """Open a session for the right password, tried against what :func:`usable_hash` gave.

    Under the lock the account is asked again: whoever was locked out or changed the password
    meanwhile is not let in. Where a second factor is due, what opens awaits it. Unknown login,
    wrong password, locked, expired and closed accounts get one answer (G2). **The caller commits
    also when SignInRefused is raised**: the failure counts. So he does for CertificateRefused:
    the password was right, but the unit takes only a certificate of this person (SEC-07). Raises
    TooManyRequests too, and counts nothing then.
    """
    failures.ensure_open(session, address, at)
    found = session.scalar(
        _by_login(login).with_for_update(of=Account).execution_options(populate_existing=True)
    )
    usable = found.password_hash if found and failures.is_open(found, at) else None
    if not attempt.right or found is None or usable != attempt.stored:
        failures.note_address(session, address, at)
        failures.count(session, found, usable, address, at)
        raise SignInRefused
    if policies.asked_of(session, found.person_id) == policies.CERTIFICATE:
        raise certificates.refused(session, CARD, found.person_id, address, at)
    found.password_hash = attempt.renewed or found.password_hash
    awaits = awaited(session, found.person_id)
    if awaits == "code":  # the count stays: only the code shows that nobody guesses any more
        token = open_session(session, found.person_id, address, at, awaits)
        return SignedIn(token, found.person_id, must_change=False, awaits=awaits)
    found.failures, found.locked_until = 0, None
    session.flush()
    token = open_session(session, found.person_id, address, at, awaits)
    who = actors.actor(session, found.person_id, address)
    audit.record(session, "signed.in", who.signature(), at=at, subject=("person", who.person_id))
    aged = found.changed_at + POLICY.max_age <= at
    return SignedIn(token, found.person_id, found.must_change or aged, awaits)


def _by_login(login: str) -> sa.Select[Account]:
    """The account of an active person."""
    return (
        sa.select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(Person.login == names.folded(login), Person.active)
    )
