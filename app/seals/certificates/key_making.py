"""What the signer does about keys: made for granted applications, destroyed after a revocation.

A token or a service may take seconds for either, and may fail for one key and not for the next.
So each key is a piece of its own: the keeper works while no transaction is open, and its row is
written and committed for itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock
from app.database import reading
from app.errors import DomainError
from app.seals.authority import issuing
from app.seals.certificates.issuing import BATCH, SAME_KEY, granted
from app.seals.certificates.models import Application
from app.seals.keys import ECDSA_P256, KeyKeeper
from app.seals.models import Certificate, Key

Sessions = Callable[[], Session]
Piece = Callable[[], None]

_LACKS = (Application.key_id.is_(None), Application.verb.not_in(SAME_KEY))


@dataclass(frozen=True)
class Fresh:
    """A pair of keys that no row names yet. ``keeper``: of ``KEY_KEEPERS``."""

    keeper: str
    reference: str
    public_key: bytes = field(repr=False)


def fresh(keeper: KeyKeeper, kind: str = "") -> Fresh:
    reference = keeper.make()
    return Fresh(kind or keeper.kind, reference, keeper.open(reference).public_key)


def enter_key(session: Session, made: Fresh, at: datetime) -> Key:
    """The row of a new key."""
    key = Key(
        keeper=made.keeper,
        reference=made.reference,
        algorithm=ECDSA_P256,
        public_key=made.public_key,
        sha256=issuing.key_digest(made.public_key),
        made_at=at,
    )
    session.add(key)
    session.flush()
    return key


def make_wanted_keys(session: Session, keeper: KeyKeeper, at: datetime) -> int:
    """Keys for all that lack one, in the transaction of the caller: for keys in files only."""
    found = granted(session, *_LACKS)
    for application in found:
        application.key_id = enter_key(session, fresh(keeper), at).id
    session.flush()
    return len(found)


def pieces(sessions: Sessions, keeper: KeyKeeper, *, makes: bool) -> Iterator[Piece]:
    """What there is to do with one keeper, a key to a piece.

    makes  new keys are made there; otherwise it only has keys from before
    """
    with reading(), sessions() as session:
        wanted = _wanted(session) if makes else []
        ended = _ended(session, keeper.kind)
    for application_id in wanted:
        yield partial(_make, sessions, keeper, application_id)
    for key_id, reference in ended:
        yield partial(_destroy, sessions, keeper, key_id, reference)


def done(found: Iterator[Piece]) -> int:
    """Do each piece; how many. Raises the first refusal when all have had their turn."""
    count, refused = 0, list[DomainError]()
    for piece in found:
        try:
            piece()
            count += 1
        except DomainError as refusal:
            refused.append(refusal)
    if refused:
        raise refused[0]
    return count


def _wanted(session: Session) -> Sequence[int]:
    query = sa.select(Application.id).where(Application.state == "granted", *_LACKS)
    return session.scalars(query.order_by(Application.id).limit(BATCH)).all()


def _make(sessions: Sessions, keeper: KeyKeeper, application_id: int) -> None:
    """A key that nobody wants any more once it is made is destroyed; it has signed nothing.

    One whose process ends in between stays behind unused.
    """
    made = fresh(keeper)
    with sessions() as session:
        found = granted(session, *_LACKS, Application.id == application_id)
        for application in found:
            application.key_id = enter_key(session, made, clock.now(session)).id
        session.commit()
    if not found:
        keeper.destroy(made.reference)


def _ended(session: Session, kind: str) -> Sequence[tuple[int, str]]:
    """Keys of people and seals all of whose certificates are revoked."""
    used = sa.select(Certificate.id).where(Certificate.key_id == Key.id)
    ours = Certificate.role.in_(("person", "seal"))
    query = (
        sa.select(Key.id, Key.reference)
        .where(
            Key.keeper == kind,
            Key.destroyed_at.is_(None),
            used.where(ours).exists(),
            ~used.where(Certificate.state != "revoked").exists(),
        )
        .order_by(Key.id)
        .limit(BATCH)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _destroy(sessions: Sessions, keeper: KeyKeeper, key_id: int, reference: str) -> None:
    """First the key, then the word of it: a revoked certificate never comes back."""
    keeper.destroy(reference)
    with sessions() as session:
        key = session.get_one(Key, key_id, with_for_update=True, populate_existing=True)
        if key.destroyed_at is None:
            key.destroyed_at = at = clock.now(session)
            audit.record(
                session,
                "certificate.key_destroyed",
                audit.signed_by_rule("证书撤销后销毁密钥"),
                at=at,
                subject=("signing_key", key.id),
                detail={"sha256": key.sha256},
            )
        session.commit()
