"""What proves that a request comes from a person: browser sessions and personal API tokens.

Both are 256 random bits that the person's side keeps and the database knows as SHA-256 only.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid, NotFound
from app.organization import actors, names
from app.organization.actors import Actor, Statement
from app.organization.models import Account, ApiToken, Person, SignIn
from app.organization.policy import POLICY

_SEEN_EVERY = timedelta(minutes=1)
_PREFIX = "gw_"  # lets a scanner of leaked secrets know one


def fingerprint(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class SignedIn:
    """A new browser session; ``must_change``: nothing but the change of password is open.

    awaits  ``code`` or ``enrolment``: nothing but the second factor is open
    """

    token: str
    person_id: int
    must_change: bool
    awaits: str | None = None


def open_session(
    session: Session,
    person_id: int,
    address: str | None,
    at: datetime,
    awaits: str | None = None,
) -> str:
    """Start a browser session; the token for the cookie. One that awaits something ends soon."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=fingerprint(token),
            person_id=person_id,
            at=at,
            seen_at=at,
            ends_at=at + (POLICY.absolute if awaits is None else POLICY.awaiting),
            address=address,
            awaits=awaits,
        )
    )
    session.flush()
    return token


@dataclass(frozen=True)
class Proven:
    """Whom a token proves. ``note`` says that it is in use; None when that was said just now."""

    actor: Actor
    note: sa.Update | None


def actor_of_session(
    session: Session, token: str, at: datetime, address: str | None = None
) -> Actor | None:
    """Who is signed in with this token; None when it is unknown, idle too long, over or ended.

    One statement; at most once a minute a second one notes that the session is in use, which
    the caller commits.
    """
    return _noted(session, proven_by_session(session, token, at, address))


def proven_by_session(
    session: Session, token: str, at: datetime, address: str | None = None
) -> Proven | None:
    """The same without the note: one statement, which only reads.

    ``must_change`` also rises when the password gets too old.
    """
    digest = fingerprint(token)
    query = (
        _with_account(SignIn.seen_at, SignIn.awaits)
        .join(SignIn, SignIn.person_id == Account.person_id)
        .where(
            SignIn.token_hash == digest,
            SignIn.ends_at > at,
            SignIn.seen_at > at - POLICY.idle,
        )
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    note = None
    if rows[0].seen_at <= at - _SEEN_EVERY:
        note = sa.update(SignIn).where(SignIn.token_hash == digest).values(seen_at=at)
    must_change = rows[0].must_change or rows[0].changed_at + POLICY.max_age <= at
    awaits = rows[0].awaits
    return Proven(actors.from_rows(rows, address, must_change=must_change, awaits=awaits), note)


def sign_out(session: Session, token: str, at: datetime) -> None:
    """End this session. Unknown or ended ones are left as they are."""
    who = actor_of_session(session, token, at)
    if who is None:
        return
    end_session(session, token, at)
    audit.record(session, "signed.out", who.signature(), at=at, subject=("person", who.person_id))


def end_session(session: Session, token: str, at: datetime) -> None:
    """End one browser session."""
    _end(session, SignIn.token_hash == fingerprint(token), at)


def end_sessions(
    session: Session, person_id: int, at: datetime, *, keep: str | None = None
) -> None:
    """End a person's browser sessions: account closed, rights or password changed, own wish.

    ``keep`` is the token of the one session that goes on.
    """
    which = SignIn.person_id == person_id
    if keep is not None:
        which = sa.and_(which, SignIn.token_hash != fingerprint(keep))
    _end(session, which, at)


def end_other_sessions(session: Session, by: Actor, token: str | None, at: datetime) -> None:
    """End all of one's own browser sessions but that of ``token``, on record."""
    end_sessions(session, by.person_id, at, keep=token)
    subject = ("person", by.person_id)
    audit.record(session, "sessions.ended", by.signature(), at=at, subject=subject)


def new_token(
    session: Session,
    person_id: int,
    name: str,
    at: datetime,
    days: int = POLICY.token_days,
    *,
    by: audit.Signature | None = None,
) -> str:
    """A personal API token, good for ``days`` (1 to 365). It is shown this once only."""
    if not 1 <= days <= POLICY.token_days:
        raise Invalid.at("days", f"有效期应为 1 至 {POLICY.token_days} 天。")
    owner = actors.actor(session, person_id)
    token = _PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        token_hash=fingerprint(token),
        person_id=person_id,
        name=names.words("name", "令牌名称", name),
        at=at,
        expires_at=at + timedelta(days=days),
        last_used_at=None,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "token.created",
        by or owner.signature(),
        at=at,
        subject=("person", person_id),
        detail={"token": row.id, "name": row.name, "days": days},
    )
    return token


def actor_of_token(
    session: Session, token: str, at: datetime, address: str | None = None
) -> Actor | None:
    """Whose API token this is; None when unknown, expired, or the password must be changed first.

    One statement, and at most one a minute that notes its use, which the caller commits.
    """
    return _noted(session, proven_by_token(session, token, at, address))


def proven_by_token(
    session: Session, token: str, at: datetime, address: str | None = None
) -> Proven | None:
    """The same without the note: one statement, which only reads."""
    query = (
        _with_account(ApiToken.id.label("token_id"), ApiToken.last_used_at)
        .join(ApiToken, ApiToken.person_id == Account.person_id)
        .where(
            ApiToken.token_hash == fingerprint(token),
            ApiToken.expires_at > at,
            sa.not_(Account.must_change),
            Account.changed_at > at - POLICY.max_age,
        )
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    used, note = rows[0].last_used_at, None
    if used is None or used <= at - _SEEN_EVERY:
        note = sa.update(ApiToken).where(ApiToken.id == rows[0].token_id).values(last_used_at=at)
    return Proven(actors.from_rows(rows, address), note)


def _noted(session: Session, found: Proven | None) -> Actor | None:
    if found is None:
        return None
    if found.note is not None:
        session.execute(found.note)
    return found.actor


def end_token(session: Session, by: Actor, token_id: int, at: datetime) -> None:
    """End one of one's own tokens. Raises NotFound for those of others, as for absent ones."""
    token = session.get(ApiToken, token_id)
    if token is None or token.person_id != by.person_id:
        raise NotFound("没有这个令牌。")
    token.expires_at = min(token.expires_at, at)
    session.flush()
    audit.record(
        session,
        "token.ended",
        by.signature(),
        at=at,
        subject=("person", by.person_id),
        detail={"token": token_id},
    )


def end_tokens(session: Session, person_id: int, at: datetime) -> None:
    """End every API token of a person."""
    live = sa.and_(ApiToken.person_id == person_id, ApiToken.expires_at > at)
    session.execute(sa.update(ApiToken).where(live).values(expires_at=at))


def _end(session: Session, which: sa.ColumnElement[bool], at: datetime) -> None:
    session.execute(sa.update(SignIn).where(which, SignIn.ends_at > at).values(ends_at=at))


def _with_account(*columns: Any) -> Statement:
    query = actors.statement().add_columns(Account.must_change, Account.changed_at, *columns)
    return query.join(Account, Account.person_id == Person.id)
