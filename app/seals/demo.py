"""The demonstration office signs with keys: throw-away authority, seals, certificates of leaders.

One bureau does, the others go on as most offices begin: name and seal on record alone. Everything
goes through the real operations; only the root key is not put away but forgotten, so that nothing
can ever be issued above it again.
"""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from app import organization
from app.documents.storage import Store
from app.organization import Actor, Unit
from app.organization.demo import CITY, UNITS
from app.seals.certificates import (
    applying,
    founding,
    holding,
    issuing,
    key_making,
    publishing,
)
from app.seals.certificates.applying import Evidence, Wanted
from app.seals.certificates.office import Office
from app.seals.keys import SoftwareKeys
from app.seals.models import Certificate, Seal
from app.seals.registry import making, policies
from app.seals.registry.making import Making

SIGNATORIES = ("leader", "leader2", "leader3", "unit.head")
REASON = "演示。"
CURVE = ec.SECP256R1()
PROOF = "演示用的证明材料，没有内容。\n".encode()

Who = Callable[[str], Actor]
"""Somebody of the unit, by the login of his post."""


def is_installed(session: Session) -> bool:
    """Whether there is an authority, of the demonstration or another."""
    return session.scalar(sa.select(Certificate.id).limit(1)) is not None


def install(
    session: Session, office: Office, keys: SoftwareKeys, store: Store, at: datetime
) -> None:
    """A seal for every bureau; authority, certificates and keys for the one of the city.

    The demonstration organization must be there. Commits nothing.
    """
    city = _of(session, "city.")
    present = [city(each).name for each in ("unit.head", "office.head", "auditor")]
    unit = session.scalars(sa.select(Unit).filter_by(key=CITY)).one()
    founding.found(session, office, unit, ec.generate_private_key(CURVE), at, present=present)
    seals = {each.key: _seal(session, each.name, _of(session, each.prefix), at) for each in UNITS}
    proof = Evidence("演示证明材料.txt", store.put(PROOF))
    asked = [Wanted("issue", REASON, person_id=city(each).person_id) for each in SIGNATORIES]
    asked.append(Wanted("issue", REASON, seal_id=seals[CITY].id))
    for wanted in asked:
        _certify(session, city, wanted, proof, at)
    _carry_out(session, office, keys, at)
    _accept(session, city, seals[CITY], at)
    for each in UNITS:
        _choose(session, _of(session, each.prefix)("system.admin"), each.key == CITY, at)


def _choose(session: Session, admin: Actor, digital: bool, at: datetime) -> None:
    """The bureaus below would inherit from the city's."""
    chosen = {"sign_off": "digital", "seal": "digital"} if digital else policies.USUAL
    policies.choose(session, admin.unit_id, chosen, REASON, admin, at, source="演示单位说明")


def _of(session: Session, prefix: str) -> Who:
    def who(login: str) -> Actor:
        person = organization.person_by_login(session, prefix + login)
        return organization.actor(session, person.id)

    return who


def _seal(session: Session, wording: str, who: Who, at: datetime) -> Seal:
    wanted = Making("unit", wording, 42, who("seal.keeper").login, REASON)
    return making.make(session, who("office.head"), at, wanted)


def _certify(session: Session, who: Who, wanted: Wanted, proof: Evidence, at: datetime) -> None:
    """Asked by the holder or keeper, checked and granted by the two people of the office."""
    asking = next(
        (who(each) for each in SIGNATORIES if who(each).person_id == wanted.person_id),
        who("seal.keeper"),
    )
    given = Wanted(
        wanted.verb,
        wanted.reason,
        wanted.person_id,
        wanted.seal_id,
        evidence=(proof,),
        form=proof.sha256,
    )
    application = applying.ask(session, asking, given, at)
    applying.review(session, who("secretary"), application.id, at, "材料齐全。")
    applying.grant(session, who("archivist"), application.id, at)


def _carry_out(session: Session, office: Office, keys: SoftwareKeys, at: datetime) -> None:
    """What the two processes do at their turns."""
    key_making.make_wanted_keys(session, keys, at)
    issuing.issue_granted(session, office, at)
    publishing.renew_lists(session, office, at)
    session.flush()


def _accept(session: Session, who: Who, seal: Seal, at: datetime) -> None:
    holders = {who(each).person_id: who(each) for each in SIGNATORIES}
    query = sa.select(Certificate).where(
        sa.or_(Certificate.person_id.in_(holders), Certificate.seal_id == seal.id)
    )
    for each in session.scalars(query).all():
        holding.accept(session, holders.get(each.person_id or 0) or who("seal.keeper"), each.id, at)
