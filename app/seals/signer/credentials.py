"""The certificate that signs, with its key and what proves it: all that a pen needs."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.seals.certificates import standing
from app.seals.models import Certificate, Key
from app.seals.signer.approvals import Need
from app.seals.signer.errors import NoKey


@dataclass(frozen=True)
class Credential:
    """A certificate that may be used at this moment. All encoded values are DER.

    keeper, reference  where the private half lies
    chain              authorities above it, its issuer first, the root last
    lists              the newest revocation list of each of these
    """

    certificate_id: int
    serial: str
    der: bytes = field(repr=False)
    keeper: str
    reference: str
    chain: tuple[bytes, ...] = field(repr=False)
    lists: tuple[bytes, ...] = field(repr=False)


def credential(session: Session, need: Need, at: datetime) -> Credential:
    """Of the person, or of the seal. Raises CertificateUnusable, ListTooOld, NoKey.

    A certificate that is reported lost is blocked at once, whatever the lists say (SIG-23).
    """
    row = _certificate(session, need, at)
    key = session.get(Key, row.key_id) if row.key_id is not None else None
    if key is None or key.destroyed_at is not None:
        raise NoKey
    return Credential(
        row.id,
        row.serial,
        row.der,
        key.keeper,
        key.reference,
        tuple(standing.chain(session, row)),
        tuple(standing.lists(session, row, at)),
    )


def _certificate(session: Session, need: Need, at: datetime) -> Certificate:
    if need.seal_id is not None:
        return standing.of_seal(session, need.seal_id, at)
    return standing.of_person(session, need.person_id, at)
