"""What the scheduler does for the record: checkpoints in time, with a copy for each witness."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app import clock
from app.audit import checkpoints, witnesses
from app.audit.accesses import sealing
from app.audit.errors import RecordNotWhole

log = logging.getLogger(__name__)

Sessions = Callable[[], Session]


def keeper(
    key: Ed25519PrivateKey, folders: Sequence[Path]
) -> Callable[[Sessions, Callable[[], bool]], int]:
    """An errand of the scheduler; several schedulers may run it, with one key between them."""

    def keep_checkpoints(sessions: Sessions, stopping: Callable[[], bool]) -> int:
        if stopping():
            return 0
        made = 0
        with sessions() as session:
            try:
                made += checkpoints.make(session, key, clock.now(session)) is not None
                session.commit()
            except RecordNotWhole as refusal:
                session.rollback()
                log.critical("no checkpoint: entry %s of the record does not fit", refusal.seq)
            for folder in folders:
                _hand_over(session, folder)
        return made

    return keep_checkpoints


def _hand_over(session: Session, folder: Path) -> None:
    """A witness that cannot be reached keeps no other waiting, and gets everything later."""
    try:
        witnesses.hand_over(session, folder)
    except (OSError, ValueError) as failure:
        log.warning("the witness %s did not take the checkpoints: %s", folder, failure)


def seal_accesses(sessions: Sessions, stopping: Callable[[], bool]) -> int:
    """An errand of the scheduler: what people looked at is bound to the chain within minutes."""
    sealed = 0
    while not stopping():
        with sessions() as session:
            now = clock.now(session)
            some = sealing.seal(session, now) if sealing.is_due(session, now) else 0
            session.commit()
        sealed += some
        if some < sealing.MOST:
            break
    return sealed
