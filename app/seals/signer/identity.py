"""Who asks for a signature: a fresh proof, asked for here, or one given here two minutes ago."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app import clock
from app.database import reading
from app.organization import proofs
from app.organization.errors import ProofRefused
from app.seals.signer.errors import ProofTooOld
from app.seals.signer.orders import ByPassword, ByToken

MOST_TOKENS = 1000


@dataclass(frozen=True)
class Identity:
    """``how`` it was proved, for the record; ``token``: the same proof for further documents."""

    how: str
    token: str = field(repr=False)


class Identities:
    """Proofs given to this process. They live in its memory alone and end with it."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions
        self._given: dict[str, proofs.Proof] = {}
        self._lock = threading.Lock()

    def ensure(self, person_id: int, proof: ByPassword | ByToken, address: str | None) -> Identity:
        """Raises ProofRefused, TooManyRequests, ProofTooOld. Wrong answers count and are kept."""
        if isinstance(proof, ByToken):
            return self._still(person_id, proof.token)
        with self._sessions() as session:
            try:
                given = proofs.prove(
                    session,
                    person_id,
                    proof.password,
                    proof.code,
                    clock.now(session),
                    address=address,
                )
            except ProofRefused:
                session.commit()
                raise
            session.commit()
        return Identity(given.how, self._keep(given))

    def _still(self, person_id: int, token: str) -> Identity:
        with reading(), self._sessions() as session:
            at = clock.now(session)
        with self._lock:
            given = self._given.get(token)
        if given is None or given.person_id != person_id or not proofs.fresh(given, at):
            raise ProofTooOld
        return Identity(given.how, token)

    def _keep(self, given: proofs.Proof) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            while len(self._given) >= MOST_TOKENS:
                del self._given[next(iter(self._given))]
            self._given[token] = given
        return token
