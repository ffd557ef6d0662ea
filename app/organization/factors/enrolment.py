"""Taking a second factor into use, changing it, and its reset when it is lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, Invalid, NotFound
from app.organization import names, rights, roles, sessions
from app.organization.actors import Actor
from app.organization.errors import ProofRefused
from app.organization.factors import codes, policies, sealing
from app.organization.factors.models import RecoveryCode, SecondFactor
from app.organization.models import Account, Person
from app.organization.proofs import Proof, fresh
from app.organization.rights import Author
from app.organization.sessions import SignedIn

SETTING_UP = timedelta(minutes=15)
LONGEST = 200
"""Characters of what a reset rests on."""


@dataclass(frozen=True)
class Standing:
    """What a person has: since when, how many recovery codes are left, and whether it is asked."""

    since: datetime | None
    recovery_left: int
    asked: bool


@dataclass(frozen=True)
class Offer:
    """A secret that waits for its first code: the address for a picture, and it in letters."""

    address: str
    letters: str


@dataclass(frozen=True)
class Enrolled:
    """The session that goes on, and the recovery codes, which nobody can show again."""

    signed_in: SignedIn
    recovery_codes: list[str]


def standing(session: Session, person_id: int) -> Standing:
    since = session.scalar(sa.select(SecondFactor.since).where(SecondFactor.person_id == person_id))
    return Standing(
        since, codes.left(session, person_id), policies.asked_of(session, person_id) is not None
    )


def begin(session: Session, actor: Actor, at: datetime, proof: Proof | None) -> None:
    """Make a new secret and let it wait for its first code; the one in use stays in use.

    proof  fresh, of this person; whoever must enrol to get in has just given the password
    """
    if actor.awaits != "enrolment":
        _ensure_proven(actor, proof, at)
    factor = _factor(session, actor.person_id)
    factor.pending = sealing.seal(codes.new_secret(), actor.person_id)
    factor.pending_at = at
    session.flush()


def offered(session: Session, actor: Actor, at: datetime) -> Offer | None:
    """What waits for its first code; None after a quarter of an hour."""
    factor = session.get(SecondFactor, actor.person_id, populate_existing=True)
    if factor is None or factor.pending is None or not _is_waiting(factor, at):
        return None
    secret = sealing.unseal(factor.pending, actor.person_id)
    return Offer(codes.address(secret, actor.login), codes.spelled(secret))


def confirm(session: Session, actor: Actor, typed: str, at: datetime) -> Enrolled:
    """Take the waiting secret into use by its first code, with new recovery codes.

    All sessions end, and a new one opens in the place of this one. Raises Invalid for a wrong
    code: it opens nothing yet, so it does not count as a failure; and Conflict when nothing waits.
    """
    session.get(Account, actor.person_id, with_for_update=True)
    factor = _factor(session, actor.person_id)
    if factor.pending is None or not _is_waiting(factor, at):
        raise Conflict("设置已超过 15 分钟，请重新开始。", code="nothing_offered")
    secret = sealing.unseal(factor.pending, actor.person_id)
    step = codes.step_of(secret, typed, at, after=0)
    if step is None:
        raise Invalid.at("code", "验证码不正确。请核对手机的时间，输入最新的 6 位数字。")
    changed = factor.sealed is not None
    factor.sealed, factor.since, factor.last_step = factor.pending, at, step
    factor.pending = factor.pending_at = None
    session.flush()
    made = codes.renew_recovery(session, actor.person_id)
    sessions.end_sessions(session, actor.person_id, at)
    opened = sessions.open_session(session, actor.person_id, actor.address, at)
    action = "factor.changed" if changed else "factor.enrolled"
    _record(session, action, actor.signature(), actor.person_id, at)
    return Enrolled(SignedIn(opened, actor.person_id, actor.must_change), made)


def renew_recovery_codes(session: Session, actor: Actor, at: datetime, proof: Proof) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more."""
    _ensure_proven(actor, proof, at)
    if _factor(session, actor.person_id).sealed is None:
        raise Conflict("您还没有启用双因素。", code="no_factor")
    made = codes.renew_recovery(session, actor.person_id)
    _record(session, "factor.codes_renewed", actor.signature(), actor.person_id, at)
    return made


def give_up(session: Session, actor: Actor, at: datetime, proof: Proof) -> None:
    """Stop using a second factor where none is asked. Raises Conflict where it is."""
    _ensure_proven(actor, proof, at)
    if policies.asked_of(session, actor.person_id):
        raise Conflict(
            "本单位要求您使用双因素，不能停用；换手机的，请选更换。", code="factor_asked"
        )
    _forget(session, actor.person_id)
    _record(session, "factor.given_up", actor.signature(), actor.person_id, at)


def reset(session: Session, by: Author, person: Person, basis: str, at: datetime) -> None:
    """Take away a lost second factor (遗失重置); sessions and tokens end.

    By the security administrator of the unit, who cannot set passwords, as the system
    administrator, who can, cannot do this: neither gets into an account alone.
    basis  the written request and how the identity was checked (SEC-09)
    """
    signature = rights.signed(by, roles.SECURITY_ADMIN, person.unit_id)
    rights.ensure_not_oneself(by, person)
    words = names.words("basis", "本人申请和身份核对情况", basis, longest=LONGEST)
    found = session.get(SecondFactor, person.id)
    if found is None or found.sealed is None:
        raise NotFound("此人没有启用双因素。")
    _forget(session, person.id)
    sessions.end_sessions(session, person.id, at)
    sessions.end_tokens(session, person.id, at)
    _record(session, "factor.reset", signature, person.id, at, reason=words)


def _factor(session: Session, person_id: int) -> SecondFactor:
    """The row of a person, made when there is none."""
    found = session.get(SecondFactor, person_id, with_for_update=True, populate_existing=True)
    if found is None:
        found = SecondFactor(person_id=person_id, last_step=0)
        session.add(found)
    return found


def _is_waiting(factor: SecondFactor, at: datetime) -> bool:
    return factor.pending_at is not None and at < factor.pending_at + SETTING_UP


def _forget(session: Session, person_id: int) -> None:
    for table in (RecoveryCode, SecondFactor):
        session.execute(sa.delete(table).where(table.person_id == person_id))


def _ensure_proven(actor: Actor, proof: Proof | None, at: datetime) -> None:
    if proof is None or proof.person_id != actor.person_id or not fresh(proof, at):
        raise ProofRefused("请重新输入密码和验证码，再办理这一步。")


def _record(
    session: Session,
    action: str,
    by: audit.Signature,
    person_id: int,
    at: datetime,
    reason: str | None = None,
) -> None:
    audit.record(session, action, by, at=at, subject=("person", person_id), reason=reason)
