"""The life of a password: initial, changed, remembered (SEC-05, SEC-06, decision 10)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import FieldError, NotAllowed, NotFound
from app.organization import failures, passwords, rights, roles
from app.organization.actors import Actor
from app.organization.errors import PasswordRefused
from app.organization.models import Account, PasswordUsed, Person, Unit
from app.organization.policy import POLICY
from app.organization.rights import Author
from app.organization.sessions import SignedIn, end_sessions, end_tokens, open_session


def set_initial_password(
    session: Session, person: Person, at: datetime, *, by: Author | None = None
) -> str:
    """Give a random password, good for 24 hours; also the reset of a lost one.

    Shown once to the person; sessions and tokens end. ``by`` is the system administrator of the
    unit, or a rule; without it the command line signs.
    """
    author = by or audit.signed_by_rule("命令行设置初始密码")
    signature = rights.signed(author, roles.SYSTEM_ADMIN, person.unit_id)
    rights.ensure_not_oneself(author, person)
    password = passwords.random_password()
    account = open_account(session, person, passwords.hasher().hash(password), at)
    account.must_change = True
    account.initial_expires_at = at + POLICY.initial_valid
    session.flush()
    end_sessions(session, person.id, at)
    end_tokens(session, person.id, at)
    audit.record(session, "password.reset", signature, at=at, subject=("person", person.id))
    return password


def change_password(session: Session, actor: Actor, old: str, new: str, at: datetime) -> SignedIn:
    """Take a new password; all sessions and tokens end, and a new session opens in their place.

    Raises PasswordRefused with the fields ``old`` or ``new``. A wrong present password counts
    as a failed sign-in, so the caller commits also then; the fifth ends all sessions. Raises
    NotAllowed for a sign-in whose code is still missing: it would be a way past the code.
    """
    if actor.awaits == "code":
        raise NotAllowed("请先输入验证码，完成登录。")
    account = _locked(session, actor.person_id)
    if not passwords.hasher().matches(account.password_hash, old):
        failures.count(session, account, account.password_hash, actor.address, at)
        if account.locked_until is not None:
            end_sessions(session, actor.person_id, at)
        raise _refused("old", ["当前密码不正确。"])
    if found := passwords.faults(new, _words_of(session, actor)):
        raise _refused("new", found)
    if _used_before(session, actor.person_id, new):
        raise _refused("new", [f"不能使用最近 {POLICY.remembered} 次用过的密码。"])
    _store(session, account, passwords.hasher().hash(new), at)
    account.must_change, account.initial_expires_at = False, None
    account.failures, account.locked_until = 0, None
    session.flush()
    end_sessions(session, actor.person_id, at)
    end_tokens(session, actor.person_id, at)
    token = open_session(session, actor.person_id, actor.address, at, actor.awaits)
    audit.record(
        session, "password.changed", actor.signature(), at=at, subject=("person", actor.person_id)
    )
    return SignedIn(token, actor.person_id, must_change=False, awaits=actor.awaits)


def open_account(session: Session, person: Person, password_hash: str, at: datetime) -> Account:
    """The account of a person with this password in force, unlocked; made when there is none."""
    account = session.get(Account, person.id, with_for_update=True)
    if account is None:
        account = Account(
            person_id=person.id,
            password_hash=password_hash,
            must_change=False,
            failures=0,
            changed_at=at,
        )
        session.add(account)
        session.flush()
    _store(session, account, password_hash, at)
    account.failures, account.locked_until = 0, None
    return account


def _locked(session: Session, person_id: int) -> Account:
    account = session.get(Account, person_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NotFound("没有这个账号。")
    return account


def _words_of(session: Session, actor: Actor) -> list[str]:
    unit = session.get_one(Unit, actor.unit_id)
    return [actor.login, actor.name, unit.key, unit.name, unit.short_name, unit.agency_code]


def _used_before(session: Session, person_id: int, new: str) -> bool:
    query = sa.select(PasswordUsed.password_hash).where(PasswordUsed.person_id == person_id)
    return any(passwords.hasher().matches(used, new) for used in session.scalars(query))


def _store(session: Session, account: Account, password_hash: str, at: datetime) -> None:
    """Put a password in force and remember it among the last ones."""
    account.password_hash, account.changed_at = password_hash, at
    session.add(PasswordUsed(person_id=account.person_id, password_hash=password_hash, at=at))
    session.flush()
    kept = (
        sa.select(PasswordUsed.id)
        .where(PasswordUsed.person_id == account.person_id)
        .order_by(PasswordUsed.id.desc())
        .limit(POLICY.remembered)
    )
    session.execute(
        sa.delete(PasswordUsed).where(
            PasswordUsed.person_id == account.person_id, PasswordUsed.id.not_in(kept)
        )
    )


def _refused(field: str, sentences: list[str]) -> PasswordRefused:
    return PasswordRefused("".join(sentences), [FieldError(field, text) for text in sentences])
