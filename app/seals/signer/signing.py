"""One signature from the order to the answer: who, whether, what, and only then the key."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock, faults
from app.database import reading
from app.documents.models import Document
from app.documents.storage import Store
from app.errors import DomainError
from app.organization import Person
from app.seals.keys import KeyKeeper, SigningKey
from app.seals.models import Seal, Signature
from app.seals.registry import keeping
from app.seals.signer import alarms
from app.seals.signer.approvals import Approvals, Need, Page
from app.seals.signer.credentials import Credential, credential
from app.seals.signer.errors import (
    NoApproval,
    PageChanged,
    SignerUnavailable,
    TooManySignatures,
)
from app.seals.signer.identity import Identities
from app.seals.signer.orders import Order, Signed
from app.seals.signer.registering import Made, answer, made_before, register, standing
from app.seals.signer.server import Operation

HOUR = timedelta(hours=1)
Check = Callable[[Session, Need, Page, datetime], None]


class Pen(Protocol):
    """Puts a signature into its field of a page."""

    def sign(
        self,
        page: Page,
        need: Need,
        credential: Credential,
        key: SigningKey,
        seal: Seal | None,
        at: datetime,
    ) -> Made:
        """Raises a DomainError when it cannot be done; nothing was signed then."""


@dataclass(frozen=True)
class Signer:
    """What the process of the keys does.

    sessions  of its own, not those of the web process
    keepers   by ``Key.keeper``
    check     refuses a page that is no longer what was signed on it
    per_hour  how often one certificate signs within an hour at most
    """

    sessions: Callable[[], Session]
    approvals: Approvals
    keepers: Mapping[str, KeyKeeper]
    pen: Pen
    store: Store
    identities: Identities
    per_hour: int
    check: Check

    def operations(self) -> Mapping[str, Operation]:
        """What may be asked over the socket, by name."""
        return {"sign": self.sign, "signed": self.look_up}

    def sign(self, given: dict[str, Any], until: float) -> dict[str, Any]:
        """Steps, each of which may refuse: identity, rehearsal, page, certificate, key, rows.

        No transaction is open while the key is used: a token or a service may take seconds.
        ``until``: of time.monotonic; later nobody waits for the answer, and nothing is kept.
        """
        order = Order.from_wire(given)
        try:
            who = self.identities.ensure(order.person_id, order.proof, order.address)
            signed = self._before(order) or self._once(order, who.how, until)
        except DomainError as refusal:
            self._note(order, refusal)
            raise
        faults.reach("after-signature-kept")
        return {**asdict(signed), "token": who.token}

    def look_up(self, given: dict[str, Any], _until: float) -> dict[str, Any]:
        """Whether the permit of a stay and field was used, and what came of it."""
        with reading(), self.sessions() as session:
            found = standing(session, int(given["task_id"]), str(given["field"]))
            return {"signed": asdict(answer(session, found)) if found else None}

    def _before(self, order: Order) -> Signed | None:
        with reading(), self.sessions() as session:
            found = made_before(session, order)
            seal_id = session.get_one(Signature, found.signature_id).seal_id if found else None
        if found is None or (seal_id is not None and self._other_seal(order, seal_id)):
            return None
        return found

    def _other_seal(self, order: Order, seal_id: int) -> bool:
        """Whether the act asks for another seal by now: the keeper had taken the wrong one."""
        with self.sessions() as session:
            try:
                return self.approvals.need(session, order).used_id != seal_id
            except DomainError:
                return False  # it lacks nothing, or was done

    def _once(self, order: Order, how: str, until: float) -> Signed:
        """Another process may have signed meanwhile: then the act lacks nothing any more."""
        try:
            return self._signed(order, how, until)
        except (NoApproval, IntegrityError):
            earlier = self._before(order)
            if earlier is None:
                raise
            return earlier

    def _signed(self, order: Order, how: str, until: float) -> Signed:
        with self.sessions() as session:
            need = self._approved(session, order)
        with reading(), self.sessions() as session:
            at = clock.now(session)
            page = self.approvals.page(session, need)
            if page.shown_sha256 != order.expected_sha256:
                raise PageChanged
            self.check(session, need, page, at)
            proven = credential(session, need, at)
            self._ensure_not_too_many(session, proven, at)
            seal = session.get_one(Seal, need.used_id) if need.used_id is not None else None
        if time.monotonic() > until:
            raise SignerUnavailable("签名服务太忙，没有签名，此件留在原处。请稍后再试。")
        key = self._key(proven, f"{need.task_id}:{need.field}:{need.content_sha256}")
        made = self.pen.sign(page, need, proven, key, seal, at)
        faults.reach("before-signature-kept")
        if time.monotonic() > until:
            raise SignerUnavailable("签名服务太忙，没有签名，此件留在原处。请稍后再试。")
        return self._kept(order, need, page, made, proven, how)

    def _approved(self, session: Session, order: Order) -> Need:
        """The need of the act as played here and now; what the order says of it is compared."""
        need = self.approvals.need(session, order)
        said = (order.document_id, order.task_id, order.person_id, order.field)
        if said != (need.document_id, need.task_id, need.person_id, need.field):
            raise NoApproval
        if need.seal_id is not None:
            _ensure_keeper(session, need, need.seal_id)
        if need.stamp_id is not None:
            keeping.ensure_own_stamp(session, need.stamp_id, need.person_id)
        return need

    def _ensure_not_too_many(self, session: Session, proven: Credential, at: datetime) -> None:
        lately = sa.select(sa.func.count()).where(
            Signature.certificate_id == proven.certificate_id, Signature.at > at - HOUR
        )
        if (session.scalar(lately) or 0) >= self.per_hour:
            raise TooManySignatures(self.per_hour)

    def _key(self, proven: Credential, permit: str) -> SigningKey:
        keeper = self.keepers.get(proven.keeper)
        if keeper is None:
            raise SignerUnavailable(
                "保管这个密钥的密码设备或服务没有接入，没有签名。请联系系统管理员。"
            )
        return keeper.open(proven.reference, permit)

    def _kept(
        self, order: Order, need: Need, page: Page, made: Made, proven: Credential, how: str
    ) -> Signed:
        """File before rows; the act is played once more under its locks, for time has passed."""
        self.store.put(made.content)
        with self.sessions() as session:
            if self._approved(session, order) != need:
                raise PageChanged
            at = clock.now(session)
            if credential(session, need, at).certificate_id != proven.certificate_id:
                raise PageChanged
            kept = register(session, order, need, page, made, proven, how, at)
            found = answer(session, kept)
            session.commit()
            return found

    def _note(self, order: Order, refusal: DomainError) -> None:
        with self.sessions() as session:
            alarms.note(session, order, refusal, clock.now(session))
            session.commit()


def _ensure_keeper(session: Session, need: Need, seal_id: int) -> None:
    """Asked here again, whatever the rehearsal found (SIG-04, SIG-15)."""
    seal = session.get_one(Seal, seal_id, populate_existing=True)
    kind = session.get_one(Document, need.document_id).kind
    person = session.get_one(Person, need.person_id)
    at = clock.now(session)
    keeping.ensure_usable(session, seal, person.unit_id, person.id, kind, at)
