"""A refusal of the signer is no slip of a person: it is kept, and somebody is told at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import audit, organization
from app.errors import DomainError, NotFound
from app.organization import alarms
from app.seals.signer.orders import Order

QUIET = frozenset({"proof_refused", "too_many_requests", "signer_unavailable"})
"""Wrong passwords have counter, record and alarm of their own (``organization.proofs``); what is
wrong with this machine is in its log.
"""
NO_ATTEMPT = frozenset(
    (
        *("key_unusable", "service_silent", "service_refused", "stamp_refused"),
        *("no_key", "certificate_unusable", "certificate_not_accepted", "list_too_old"),
    )
)
"""Kept on record, but nobody has tried anything: a certificate, a token or a service fails."""


def note(session: Session, order: Order, refusal: DomainError, at: datetime) -> None:
    """The web process asks only for what its own rehearsal lacked, so every refusal is odd."""
    if refusal.code in QUIET:
        return
    try:
        signature = organization.actor(session, order.person_id, order.address).signature()
    except NotFound:
        signature = audit.Signature(None, "", "未知人员", "签名服务", address=order.address)
    audit.record(
        session,
        "signature.refused",
        signature,
        at=at,
        subject=("task", order.task_id),
        outcome="refused",
        reason=refusal.message,
        detail={"code": refusal.code, "field": order.field, "document": order.document_id},
    )
    if signature.person_id is not None and refusal.code not in NO_ATTEMPT:
        alarms.sound(session, "signing", order.person_id, order.address, at)
