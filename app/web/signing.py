"""A signature within a request: the act is tried, the signer is asked, the act is tried again.

No transaction is open while the signer works: it plays the act in a session of its own.
"""

from dataclasses import dataclass

from flask import request

from app.database import current_session
from app.handling.acts.completing import Completion
from app.handling.signing.approvals import act_of
from app.handling.signing.needs import SignatureNeeded
from app.seals import signer
from app.seals.signer import ByPassword, Order

SHOWN = "paper_sha256"


@dataclass(frozen=True)
class Given:
    """What the person gives with a signature: proof of identity, and which page he has seen."""

    password: str
    code: str
    shown_sha256: str


def have_signed(needed: SignatureNeeded, form: Completion, given: Given) -> None:
    """Raises what the signer refuses, or SignerUnavailable; nothing has changed then."""
    current_session().rollback()
    need = needed.need
    order = Order(
        document_id=need.document_id,
        task_id=need.task_id,
        person_id=need.person_id,
        field=need.field,
        act=act_of(form),
        proof=ByPassword(given.password, given.code or None),
        expected_sha256=given.shown_sha256,
        address=request.remote_addr,
    )
    signer.client().sign(order)
