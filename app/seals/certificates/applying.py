"""申请、审核、签发: three acts of three people, before the authority issues anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import NotAllowed
from app.organization import Actor, Person, roles
from app.seals.certificates import causes, rights
from app.seals.certificates.asking import check, holder_unit
from app.seals.certificates.errors import (
    ApplicationRefused,
    NoSuchCertificate,
    WrongCertificateState,
)
from app.seals.certificates.models import Application
from app.seals.models import Seal

OPEN = ("asked", "reviewed", "granted")


@dataclass(frozen=True)
class Evidence:
    """A proof that lies in the store: name and SHA-256 in hexadecimal."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Wanted:
    """What is applied for; meanings and codes as in ``models.Application``."""

    verb: str
    reason: str
    person_id: int | None = None
    seal_id: int | None = None
    purpose: str = "sign"
    cause: str = ""
    evidence: Sequence[Evidence] = ()
    form: str = ""


def ask(
    session: Session, actor: Actor, wanted: Wanted, at: datetime, case_id: int | None = None
) -> Application:
    """Enter an application (SIG-24, SIG-34) by the holder, the keeper of the seal, or the office.

    Raises ApplicationRefused, SecondCertificate or WrongCertificateState for what the rules do
    not permit, NotAllowed for somebody else's certificate.
    """
    unit_id = holder_unit(session, wanted.person_id, wanted.seal_id)
    if not rights.is_holder(session, actor, wanted.person_id, wanted.seal_id):
        rights.signed(session, actor, unit_id)
    _ensure_proved(wanted)
    ensure_none_open(session, wanted.person_id, wanted.seal_id)
    about = check(session, wanted.verb, wanted.cause, wanted.person_id, wanted.seal_id, at)
    application = Application(
        verb=wanted.verb,
        purpose="seal" if wanted.seal_id else wanted.purpose,
        unit_id=unit_id,
        person_id=wanted.person_id,
        seal_id=wanted.seal_id,
        certificate_id=about.id if about else None,
        cause=wanted.cause,
        reason=wanted.reason.strip(),
        evidence=[{"name": each.name, "sha256": each.sha256} for each in wanted.evidence],
        form=wanted.form,
        case_id=case_id,
        asked_by_id=actor.person_id,
        asked_at=at,
    )
    session.add(application)
    session.flush()
    record(session, "certificate.asked", actor.signature(), application, at)
    return application


def _ensure_proved(wanted: Wanted) -> None:
    if wanted.verb not in causes.VERBS or wanted.purpose not in ("sign", "login"):
        raise ApplicationRefused.at("verb", "没有这种申请，请重新选择。")
    known = causes.CAUSES.get(wanted.verb, {})
    if known and wanted.cause not in known:
        raise ApplicationRefused.at("cause", f"请选择{causes.VERBS[wanted.verb]}的原因。")
    if not wanted.reason.strip():
        raise ApplicationRefused.at("reason", "请写明申请的理由。")
    if not wanted.evidence:
        raise ApplicationRefused.at("evidence", "请附上身份或者事由的证明材料（SIG-24）。")
    if not wanted.form:
        raise ApplicationRefused.at("form", "请附上加盖单位公章的申请表（SIG-34）。")


def ensure_none_open(session: Session, person_id: int | None, seal_id: int | None) -> None:
    """One application of a holder at a time. The holder's row is locked against another."""
    holder = sa.select(Person.id).where(Person.id == person_id)
    if seal_id:
        holder = sa.select(Seal.id).where(Seal.id == seal_id)
    session.execute(holder.with_for_update(key_share=True))
    mine = Application.seal_id == seal_id if seal_id else Application.person_id == person_id
    found = session.scalar(
        sa.select(Application.verb).where(mine, Application.state.in_(OPEN)).limit(1)
    )
    if found:
        raise WrongCertificateState(
            f"此前的{causes.VERBS[found]}申请尚未办结，请等它办结后再申请。"
        )


def review(
    session: Session, actor: Actor, application_id: int, at: datetime, opinion: str = ""
) -> Application:
    """审核通过: identity, authority and form of the name were checked (SIG-35)."""
    application = held(session, application_id, "asked")
    signature = rights.signed(session, actor, application.unit_id, roles.CERTIFICATE_OFFICER)
    rights.ensure_other(actor, application.asked_by_id, application.person_id)
    application.state, application.opinion = "reviewed", opinion.strip()
    application.reviewed_by_id, application.reviewed_at = actor.person_id, at
    record(session, "certificate.reviewed", signature, application, at, reason=opinion.strip())
    return application


def grant(session: Session, actor: Actor, application_id: int, at: datetime) -> Application:
    """同意签发, by another person than asked and checked; the authority issues next (SIG-35).

    What is applied for is held against the rules once more: days may have passed.
    """
    application = held(session, application_id, "reviewed")
    signature = rights.signed(session, actor, application.unit_id, roles.CERTIFICATE_ISSUER)
    rights.ensure_other(
        actor, application.asked_by_id, application.reviewed_by_id, application.person_id
    )
    check(
        session,
        application.verb,
        application.cause,
        application.person_id,
        application.seal_id,
        at,
    )
    application.state = "granted"
    application.decided_by_id, application.decided_at = actor.person_id, at
    record(session, "certificate.granted", signature, application, at)
    return application


def refuse(
    session: Session, actor: Actor, application_id: int, at: datetime, opinion: str
) -> Application:
    """不予通过, at either step; the application stays on record with the reason."""
    application = held(session, application_id, "asked", "reviewed")
    role = roles.CERTIFICATE_OFFICER if application.state == "asked" else roles.CERTIFICATE_ISSUER
    signature = rights.signed(session, actor, application.unit_id, role)
    if not opinion.strip():
        raise ApplicationRefused.at("opinion", "请写明不予通过的理由。")
    application.state, application.opinion = "refused", opinion.strip()
    application.decided_by_id, application.decided_at = actor.person_id, at
    record(session, "certificate.refused", signature, application, at, reason=opinion.strip())
    return application


def withdraw(session: Session, actor: Actor, application_id: int, at: datetime) -> Application:
    """Taken back by whoever asked, as long as nobody has granted it."""
    application = held(session, application_id, "asked", "reviewed")
    if actor.person_id not in (application.asked_by_id, application.person_id):
        raise NotAllowed("只有申请人可以撤回申请，请联系申请人。")
    application.state, application.opinion = "refused", "申请人撤回"
    application.decided_by_id, application.decided_at = actor.person_id, at
    record(session, "certificate.withdrawn", actor.signature(), application, at)
    return application


def set_aside(session: Session, application_id: int, at: datetime) -> Application:
    """What its case left behind stands in nobody's way, whoever had asked for it."""
    application = held(session, application_id, "asked", "reviewed")
    application.state, application.opinion = "refused", "所在的件已撤销或者重新提交"
    application.decided_at = at
    record(session, "certificate.withdrawn", audit.signed_by_rule("证书申请"), application, at)
    return application


def ask_again(session: Session, application_id: int) -> None:
    """The case is back at the check: what was checked is to be checked anew."""
    application = held(session, application_id, "asked", "reviewed")
    application.state = "asked"
    application.reviewed_by_id = application.reviewed_at = None


def ensure_off_route(session: Session, application_id: int) -> None:
    """Raises Conflict for an application that people decide on its route."""
    case = session.scalar(sa.select(Application.case_id).filter_by(id=application_id))
    if case is not None:
        raise WrongCertificateState("这份申请在流程上办理，请到“我的公文”待办中审核或签发。")


def held(session: Session, application_id: int, *states: str) -> Application:
    """The application under lock, in one of these states."""
    found = session.get(
        Application, application_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        raise NoSuchCertificate
    if found.state not in states:
        raise WrongCertificateState("这份申请已经办过这一步，请刷新页面。")
    return found


def record(
    session: Session,
    action: str,
    by: audit.Signature,
    application: Application,
    at: datetime,
    **more: Any,
) -> None:
    detail = {
        "verb": application.verb,
        "cause": application.cause,
        "person": application.person_id,
        "seal": application.seal_id,
        **more.pop("detail", {}),
    }
    audit.record(
        session,
        action,
        by,
        at=at,
        subject=("certificate_application", application.id),
        case_id=application.case_id,
        detail=detail,
        **more,
    )
