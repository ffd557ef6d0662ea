"""Signing in by certificate: what a proxy checked the key of, held against the register.

Who knows the certificates is the room of seals above; create_app names it (``use``).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import actors, alarms
from app.organization.errors import CertificateRefused
from app.organization.models import Account, Person
from app.organization.policy import POLICY
from app.organization.sessions import SignedIn, open_session


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is, where that is known; ``refusal``: why it opens nothing, or ""."""

    person_id: int | None
    refusal: str = ""


class CertificateStanding(Protocol):
    """What the register of certificates says."""

    def holder_of(self, session: Session, der: bytes, at: datetime) -> Holder:
        """The one person of a certificate of ours that is in force at ``at``.

        Checked are issuer, time, status and purpose; never that the caller has the key.
        """


_standing: list[CertificateStanding] = []


def use(standing: CertificateStanding | None) -> None:
    """Ask this register; None: no certificates are taken here. Called by create_app."""
    _standing[:] = [standing] if standing is not None else []


def are_taken() -> bool:
    """Whether people may sign in by certificate in this installation."""
    return bool(_standing)


def sign_in_by_certificate(
    session: Session, der: bytes, address: str | None, at: datetime, *, present: int | None = None
) -> SignedIn:
    """Open a session for the holder; no code is asked, the carrier and its PIN are two factors.

    present  who is signed in at this browser: nobody else gets in there meanwhile (SIG-41)
    A lock by wrong passwords does not count here: who guesses them has no key. **The caller
    commits also when CertificateRefused is raised.**
    """
    holder = _standing[0].holder_of(session, der, at)
    if holder.person_id is None or holder.refusal:
        raise _alarming(session, holder.refusal, holder.person_id, address, at)
    if present not in (None, holder.person_id):
        sentence = (
            "这台电脑上登录的是另一个人，证书不能转借他人使用。请先退出，再用本人的证书登录。"
        )
        raise _alarming(session, sentence, holder.person_id, address, at)
    account = session.scalar(
        sa.select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(Person.id == holder.person_id, Person.active)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    if account is None or account.reported_at is not None:
        sentence = "账号已停用或者已报失封锁，请联系安全管理员。"
        raise _alarming(session, sentence, holder.person_id, address, at)
    token = open_session(session, holder.person_id, address, at)
    who = actors.actor(session, holder.person_id, address)
    audit.record(
        session,
        "signed.in",
        who.signature(),
        at=at,
        subject=("person", who.person_id),
        detail={"factor": "certificate", "sha256": hashlib.sha256(der).hexdigest()},
    )
    aged = account.changed_at + POLICY.max_age <= at
    return SignedIn(token, holder.person_id, account.must_change or aged)


def refused(
    session: Session, sentence: str, person_id: int | None, address: str | None, at: datetime
) -> CertificateRefused:
    """Put on record that a certificate was refused, or missing."""
    audit.record(
        session,
        "sign-in.refused",
        audit.Signature(None, "", "未登录者", authority="证书登录", address=address),
        at=at,
        subject=("person", person_id) if person_id else None,
        outcome="refused",
        reason=sentence,
    )
    return CertificateRefused(sentence)


def _alarming(
    session: Session, sentence: str, person_id: int | None, address: str | None, at: datetime
) -> CertificateRefused:
    """The same, with an alarm where the holder is known."""
    if person_id is not None:
        alarms.sound(session, "certificate", person_id, address, at)
    return refused(session, sentence, person_id, address, at)
