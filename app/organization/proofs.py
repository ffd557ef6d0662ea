"""A fresh proof of identity before a signature or a seal (`seal.proof`).

A session shows who sat down in the morning, a proof who sits there now. It counts with the
failures of signing in, or a stolen session could try passwords here without end. Nothing here
knows of pages: the process that holds the keys asks as well.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.organization import failures, passwords
from app.organization.errors import ProofRefused
from app.organization.factors import codes, entering
from app.organization.models import Account, Person
from app.organization.policy import POLICY
from app.organization.sessions import end_sessions

How = Literal["password", "totp", "recovery"]


@dataclass(frozen=True)
class Proof:
    """That a person proved who it is.

    how  the password alone, or what was given beside it: ``totp``, the code of the authenticator,
         or ``recovery``, a code for when that is lost
    """

    person_id: int
    at: datetime
    how: How


def prove(
    session: Session,
    person_id: int,
    password: str,
    code: str | None,
    at: datetime,
    *,
    address: str | None = None,
    enrolling: bool = False,
) -> Proof:
    """Ask the person once more for password and, where a second factor is in use, code.

    enrolling  the password will do for somebody who has no factor yet, whatever the unit asks:
               it is what the first one is made with
    Raises ProofRefused, with one sentence for a wrong password and a wrong code, and
    TooManyRequests. **The caller commits also when ProofRefused is raised**: the failure counts
    with those of signing in, and the fifth locks the account and ends its sessions.
    """
    failures.ensure_open(session, address, at)
    found = session.scalar(_open(person_id))
    attempt = passwords.tried(_asked(found, at), password)
    account = session.scalar(
        _open(person_id).with_for_update(of=Account).execution_options(populate_existing=True)
    )
    stored = _asked(account, at)
    if account is None or stored is None:
        raise _refused(session, person_id, address, at, "closed", _closed(account, at))
    if not attempt.right or attempt.stored != stored:
        _count(session, account, address, at)
    how = _second(session, account, code or "", address, at, enrolling)
    account.failures, account.locked_until = 0, None
    session.flush()
    return Proof(person_id, at, how)


def fresh(proof: Proof, at: datetime, *, within: timedelta = POLICY.proof_valid) -> bool:
    """Whether a proof still counts at ``at``; one from the future never does."""
    return timedelta() <= at - proof.at <= within


def _second(
    session: Session,
    account: Account,
    code: str,
    address: str | None,
    at: datetime,
    enrolling: bool,
) -> How:
    """What was given beside the right password; always raises where something is missing."""
    awaited = entering.awaited(session, account.person_id)
    if awaited is None or (awaited == "enrolment" and enrolling):
        return "password"
    if awaited == "enrolment":
        sentence = "本单位要求您使用双因素，请先在“我的登录”里启用，再来办理这一步。"
        raise _refused(session, account.person_id, address, at, "no factor", sentence)
    way = codes.take(session, account.person_id, code, at)
    if way is None:
        _count(session, account, address, at)
    return way


def _open(person_id: int) -> sa.Select[Account]:
    return (
        sa.select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(Person.id == person_id, Person.active)
    )


def _asked(account: Account | None, at: datetime) -> str | None:
    """The hash that a password must fit; an initial one proves nothing, others know it."""
    if account is None or account.must_change or not failures.is_open(account, at):
        return None
    return account.password_hash


def _closed(account: Account | None, at: datetime) -> str:
    if account is None:
        return "账号不存在或者已停用，请联系系统管理员。"
    if account.reported_at is not None:
        return "账号已报失封锁，请向安全管理员书面申请解锁。"
    if account.locked_until is not None and account.locked_until > at:
        minutes = -(-int((account.locked_until - at).total_seconds()) // 60)
        return f"账号已锁定，请约 {minutes} 分钟后再试，或者联系系统管理员。"
    return "您的密码是初始密码，请先修改密码，再来验证身份。"


def _count(session: Session, account: Account, address: str | None, at: datetime) -> NoReturn:
    """Count a wrong answer, password or code, and say no more of which it was."""
    failures.note_address(session, address, at)
    if failures.against(session, account, address, at):
        end_sessions(session, account.person_id, at)
        sentence = "密码或验证码不正确。已连续输错五次，账号锁定 30 分钟，登录已结束。"
        raise _refused(session, account.person_id, address, at, "locked", sentence)
    left = POLICY.lock_after - account.failures
    sentence = f"密码或验证码不正确，请重新输入。再错 {left} 次账号将锁定 30 分钟。"
    raise _refused(session, account.person_id, address, at, "wrong", sentence)


def _refused(
    session: Session,
    person_id: int,
    address: str | None,
    at: datetime,
    reason: str,
    sentence: str,
) -> ProofRefused:
    """Put the refusal on record."""
    person = session.get(Person, person_id)
    login, name = (person.login, person.name) if person else ("", "未知人员")
    audit.record(
        session,
        "proof.refused",
        audit.Signature(person_id if person else None, login, name, "本人", address=address),
        at=at,
        subject=("person", person_id),
        outcome="refused",
        reason=reason,
    )
    return ProofRefused(sentence)
