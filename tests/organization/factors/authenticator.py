"""An authenticator as people carry it: it shares a secret and shows codes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
from sqlalchemy.orm import Session

from app.organization import Actor
from app.organization.factors import enrolment
from app.organization.proofs import Proof

STEP = timedelta(seconds=30)


@dataclass(frozen=True)
class Authenticator:
    secret: str

    @classmethod
    def scan(cls, address: str) -> "Authenticator":
        """Read what the picture of the enrolment page says."""
        return cls(parse_qs(urlsplit(address).query)["secret"][0])

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.secret).at(at)


def enrol(session: Session, actor: Actor, at: datetime) -> tuple[Authenticator, list[str]]:
    """Take a second factor into use; the authenticator and the recovery codes.

    The code of ``at`` is used up by it.
    """
    enrolment.begin(session, actor, at, Proof(actor.person_id, at, "password"))
    offer = enrolment.offered(session, actor, at)
    assert offer is not None
    phone = Authenticator.scan(offer.address)
    enrolled = enrolment.confirm(session, actor, phone.code(at), at)
    return phone, enrolled.recovery_codes
