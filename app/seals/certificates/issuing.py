"""What the authority does about granted applications: issue, or end, as each says.

The signer makes the keys before (``key_making``): neither waits for the other, and what one could
not do is done at its next turn.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, DomainError
from app.organization import Person, Unit
from app.seals.authority import issuing, profiles
from app.seals.certificates import asking, causes
from app.seals.certificates.applying import record
from app.seals.certificates.entering import People, change, end, enter, want_back
from app.seals.certificates.models import Application
from app.seals.certificates.office import Office
from app.seals.models import Certificate, Key, Seal

BY = audit.signed_by_rule("按批准的申请签发证书（SIG-35）")
KEY_LIFE = timedelta(days=6 * 365)
"""How long one key may be used, extensions included (SIG-37)."""
BATCH = 20
SAME_KEY = ("extend", "revoke")
_PROFILES: Mapping[str, profiles.Profile] = {
    "sign": profiles.PERSON,
    "login": profiles.LOGIN,
    "seal": profiles.SEAL,
}


def issue_granted(session: Session, office: Office, at: datetime) -> int:
    """In the authority: carry out each granted application; how many."""
    ready = sa.or_(Application.key_id.is_not(None), Application.verb.in_(SAME_KEY))
    found = granted(session, ready)
    for application in found:
        _carry_out_alone(session, office, application, at)
    return len(found)


def _carry_out_alone(
    session: Session, office: Office, application: Application, at: datetime
) -> None:
    """One that cannot be carried out is refused with the reason, and stops no other."""
    try:
        with session.begin_nested():
            carry_out(session, office, application, at)
    except (DomainError, ValueError) as fault:
        why = f"不能签发：{fault}"
        application.state, application.opinion = "refused", why
        record(session, "certificate.refused", BY, application, at, reason=why)


def carry_out(
    session: Session, office: Office, application: Application, at: datetime
) -> Certificate | None:
    """Issue, or end, as the application says; what the rules no longer permit is refused.

    The authority trusts nobody's word that it was granted: it looks at the people and at the
    holder's certificates itself.
    """
    old = asking.latest(session, application.person_id, application.seal_id)
    subject = _subject(session, application)
    why = _why_not(session, application, subject, at)
    if why:
        application.state, application.opinion = "refused", why
        record(session, "certificate.refused", BY, application, at, reason=why)
        return None
    behind = People(application.asked_by_id, application.reviewed_by_id, application.case_id)
    made = None
    if subject and application.verb != "revoke":
        made = _issue(session, office, application, subject, old, behind, at)
    if old and application.verb != "issue":
        _end_old(session, application, old, made, behind, at)
    application.state, application.result_id = "done", made.id if made else None
    session.flush()
    return made


def _why_not(
    session: Session, application: Application, subject: issuing.Name | None, at: datetime
) -> str:
    """What has come up since it was granted: a loss report, a second certificate, a leaver."""
    people = (application.asked_by_id, application.reviewed_by_id, application.decided_by_id)
    if None in people[1:] or len(set(people)) < len(people):
        return "申请、审核和签发不是三个人，不予签发。"
    if subject is None and application.verb not in ("change", "revoke"):
        return "持有人已不在岗，或者印章已缴销，不予签发。"
    try:
        asking.check(
            session,
            application.verb,
            application.cause,
            application.person_id,
            application.seal_id,
            at,
        )
    except Conflict as refusal:
        return refusal.message
    return ""


def _issue(
    session: Session,
    office: Office,
    application: Application,
    subject: issuing.Name,
    old: Certificate | None,
    behind: People,
    at: datetime,
) -> Certificate:
    key = _key(session, application, old)
    profile = _PROFILES[application.purpose]
    row, issuer = office.issuer(session, at)
    period = issuing.Period.longest(profile, at, issuer.certificate)
    period = issuing.Period(at, min(period.until, key.made_at + KEY_LIFE))
    der = issuing.issue(issuer, profile, subject, key.public_key, period, base=office.base)
    made = enter(
        session,
        der,
        "seal" if application.seal_id else "person",
        at,
        issuer_id=row.id,
        key_id=key.id,
        unit_id=application.unit_id,
        person_id=application.person_id,
        seal_id=application.seal_id,
        replaces_id=old.id if old else None,
    )
    change(
        session,
        made,
        application.verb,
        BY,
        at,
        reason=application.reason,
        people=behind,
        application=application.id,
        granted_by=application.decided_by_id,
    )
    return made


def _end_old(
    session: Session,
    application: Application,
    old: Certificate,
    made: Certificate | None,
    behind: People,
    at: datetime,
) -> None:
    verb, cause = application.verb, application.cause
    if old.state != "revoked":
        end(
            session,
            old,
            BY,
            at,
            revocation=causes.reason(verb, cause),
            reason=application.reason,
            people=behind,
            cause=cause,
            application=application.id,
            replaced_by=made.id if made else None,
        )
    if verb in ("change", "revoke") or (verb, cause) == ("replace", "damaged"):
        want_back(session, old, causes.words(verb, cause), at)


def _key(session: Session, application: Application, old: Certificate | None) -> Key:
    if application.verb == "extend":
        assert old is not None  # noqa: S101  (``asking.check`` saw to it)
        return session.get_one(Key, old.key_id)
    return session.get_one(Key, application.key_id)


def _subject(session: Session, application: Application) -> issuing.Name | None:
    """Name of the holder as it is now; None when he is not there any more."""
    if application.seal_id:
        seal = session.get_one(Seal, application.seal_id)
        unit = session.get_one(Unit, seal.unit_id)
        number = f"S{seal.id}"
        return issuing.name(seal.wording, unit.name, number) if seal.state != "retired" else None
    person = session.get_one(Person, application.person_id)
    if not person.active:
        return None
    unit = session.get_one(Unit, person.unit_id)
    return issuing.name(person.name, unit.name, person.login)


def granted(session: Session, *more: sa.ColumnElement[bool]) -> list[Application]:
    """The next granted applications, locked."""
    query = (
        sa.select(Application)
        .where(Application.state == "granted", *more)
        .order_by(Application.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))
