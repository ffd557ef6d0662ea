"""What the desk of certificates reads: lists, one certificate, applications, figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization import Actor, Person, Unit, roles
from app.organization.actors import Statement
from app.seals.authority.profiles import PURPOSES, purposes
from app.seals.certificates import causes, rights, status
from app.seals.certificates.errors import NoSuchCertificate
from app.seals.certificates.models import APPLICATION_STATES, Application, CarrierReturn
from app.seals.models import CERTIFICATE_ROLES, Certificate, Seal

SOON = timedelta(days=60)
LOOKING = (roles.AUDITOR, roles.SECURITY_ADMIN)
MAY_LOOK = (*rights.OFFICE, *LOOKING)
FILTERS: Mapping[str, str] = {
    "": "全部",
    "valid": "有效",
    "soon": "60 天内到期",
    "suspended": "冻结",
    "revoked": "已撤销",
    "expired": "已过期",
    "returning": "载体待交回",
}


@dataclass(frozen=True)
class Row:
    """A certificate in a list; ``returning``: its carrier has not come back yet."""

    id: int
    role: str
    holder: str
    unit: str
    serial: str
    state: str
    since: datetime | None
    revocation: str
    not_before: datetime
    not_after: datetime
    accepted: bool
    returning: bool

    @property
    def state_words(self) -> str:
        return status.WORDS[self.state]

    @property
    def role_words(self) -> str:
        return CERTIFICATE_ROLES[self.role]


@dataclass(frozen=True)
class ApplicationRow:
    """An application; ``case_id`` where it goes along the route of certificates."""

    id: int
    verb: str
    cause: str
    state: str
    holder: str
    unit: str
    reason: str
    opinion: str
    asked_by: str | None
    asked_at: datetime
    case_id: int | None

    @property
    def words(self) -> str:
        return f"证书{causes.VERBS[self.verb]}"

    @property
    def cause_words(self) -> str:
        return causes.words(self.verb, self.cause)

    @property
    def state_words(self) -> str:
        return APPLICATION_STATES[self.state]


@dataclass(frozen=True)
class Wanted:
    """Of a list: state of ``FILTERS``, and words of a holder or digits of a serial."""

    state: str = ""
    words: str = ""
    unit_id: int | None = None


def listed(
    session: Session, actor: Actor, wanted: Wanted, at: datetime, limit: int, offset: int = 0
) -> list[Row]:
    """Certificates of people and seals that somebody may see, the newest first (SIG-19)."""
    query = _rows().where(_seen(session, actor), *_narrowed(wanted, at))
    query = query.order_by(Certificate.id.desc()).limit(limit).offset(offset)
    return [_row(each, at) for each in session.execute(query)]


def own(session: Session, actor: Actor, at: datetime) -> list[Row]:
    """One's own, and those of the seals that one keeps, the newest first."""
    query = _rows().where(_own(actor)).order_by(Certificate.id.desc()).limit(50)
    return [_row(each, at) for each in session.execute(query)]


def row(session: Session, actor: Actor, certificate_id: int, at: datetime) -> Row:
    """Raises NoSuchCertificate for what is not there or not this person's to see."""
    query = _rows().where(
        Certificate.id == certificate_id, sa.or_(_seen(session, actor), _own(actor))
    )
    found = session.execute(query).first()
    if found is None:
        raise NoSuchCertificate
    return _row(found, at)


def purposes_of(certificate: Certificate) -> str:
    named = purposes(certificate.role, certificate.der)
    return "、".join(words for key, words in PURPOSES.items() if key in named)


def by_serial(session: Session, serial: str) -> Certificate:
    """For whoever asks about the state: that is public (SIG-18). Raises NoSuchCertificate."""
    plain = serial.strip().lower().replace(":", "").replace(" ", "").lstrip("0")
    query = sa.select(Certificate).where(Certificate.serial == plain)
    found = session.scalars(query.order_by(Certificate.id)).first()
    if not plain or found is None:
        raise NoSuchCertificate
    return found


def counts(session: Session, actor: Actor, at: datetime) -> list[tuple[str, Mapping[str, int]]]:
    """Per unit how many are in which state (SIG-19)."""
    state = sa.case(
        (Certificate.state != "valid", Certificate.state),
        (Certificate.not_after <= at, "expired"),
        (Certificate.not_before > at, "not_yet_valid"),
        else_="valid",
    ).label("present")
    query = (
        sa.select(Unit.short_name, state, sa.func.count())
        .join(Unit, Unit.id == Certificate.unit_id)
        .where(Certificate.role.in_(("person", "seal")), _seen(session, actor))
        .group_by(Unit.id, Unit.rank, Unit.short_name, "present")
        .order_by(Unit.rank, Unit.id)
    )
    found: dict[str, dict[str, int]] = {}
    for unit, present, count in session.execute(query):
        found.setdefault(unit, {})[present] = count
    return list(found.items())


def open_applications(session: Session, actor: Actor) -> list[ApplicationRow]:
    """What waits to be checked, granted or issued in the units that one serves."""
    units = rights.units_served(session, actor)
    if not units:
        return []
    query = _applications().where(
        Application.unit_id.in_(units), Application.state.in_(("asked", "reviewed", "granted"))
    )
    return [_application(each) for each in session.execute(query.order_by(Application.id))]


def application(session: Session, actor: Actor, application_id: int) -> ApplicationRow:
    """One that the office of its unit may see. Raises NoSuchCertificate."""
    query = _applications().where(Application.id == application_id)
    found = session.execute(query).first()
    if found is None or found.Application.unit_id not in rights.units_served(session, actor):
        raise NoSuchCertificate
    return _application(found)


def _rows() -> Statement:
    back = sa.exists().where(
        CarrierReturn.certificate_id == Certificate.id, CarrierReturn.confirmed_at.is_(None)
    )
    return (
        sa.select(
            Certificate,
            sa.func.coalesce(Seal.wording, Person.name).label("holder"),
            Unit.short_name.label("unit"),
            back.label("still_out"),
        )
        .join(Unit, Unit.id == Certificate.unit_id)
        .outerjoin(Person, Person.id == Certificate.person_id)
        .outerjoin(Seal, Seal.id == Certificate.seal_id)
        .where(Certificate.role.in_(("person", "seal")))
    )


def _row(found: sa.Row[Any], at: datetime) -> Row:
    certificate = found.Certificate
    now = status.now(certificate, at)
    return Row(
        id=certificate.id,
        role=certificate.role,
        holder=found.holder,
        unit=found.unit,
        serial=certificate.serial,
        state=now.state,
        since=now.since,
        revocation=now.revocation,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        accepted=certificate.accepted_at is not None,
        returning=found.still_out,
    )


def _seen(session: Session, actor: Actor) -> sa.ColumnElement[bool]:
    """The office sees the units that it serves, auditor and security administrator their own."""
    units = set(rights.units_served(session, actor))
    units |= {post.unit_id for post in actor.posts if post.role in LOOKING}
    return Certificate.unit_id.in_(units)


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(
        Certificate.person_id == actor.person_id,
        Seal.keeper_id == actor.person_id,
        Seal.deputy_id == actor.person_id,
    )


def _narrowed(wanted: Wanted, at: datetime) -> Sequence[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    alive = sa.and_(Certificate.state == "valid", Certificate.not_after > at)
    states: Mapping[str, sa.ColumnElement[bool]] = {
        "valid": alive,
        "soon": sa.and_(alive, Certificate.not_after <= at + SOON),
        "suspended": Certificate.state == "suspended",
        "revoked": Certificate.state == "revoked",
        "expired": sa.and_(Certificate.state == "valid", Certificate.not_after <= at),
        "returning": sa.exists().where(
            CarrierReturn.certificate_id == Certificate.id, CarrierReturn.confirmed_at.is_(None)
        ),
    }
    if wanted.state in states:
        found.append(states[wanted.state])
    if wanted.unit_id:
        found.append(Certificate.unit_id == wanted.unit_id)
    if words := wanted.words.strip():
        names = (Person.name, Person.login, Seal.wording)
        named = [name.contains(words, autoescape=True) for name in names]
        digits = words.lower().replace(":", "").replace(" ", "")
        found.append(sa.or_(*named, Certificate.serial.startswith(digits, autoescape=True)))
    return found


def _applications() -> Statement:
    asker = sa.orm.aliased(Person)
    return (
        sa.select(
            Application,
            sa.func.coalesce(Seal.wording, Person.name).label("holder"),
            Unit.short_name.label("unit"),
            asker.name.label("asked_by"),
        )
        .join(Unit, Unit.id == Application.unit_id)
        .outerjoin(Person, Person.id == Application.person_id)
        .outerjoin(Seal, Seal.id == Application.seal_id)
        .outerjoin(asker, asker.id == Application.asked_by_id)
    )


def _application(found: sa.Row[Any]) -> ApplicationRow:
    row = found.Application
    return ApplicationRow(
        id=row.id,
        verb=row.verb,
        cause=row.cause,
        state=row.state,
        holder=found.holder,
        unit=found.unit,
        reason=row.reason,
        opinion=row.opinion,
        asked_by=found.asked_by,
        asked_at=row.asked_at,
        case_id=row.case_id,
    )
