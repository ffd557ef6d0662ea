"""The acts of this room as the signer asks for them: played again, and taken back.

The rules that bind the act bind the key: whatever would refuse the act refuses the signature, and
an act that lacks no signature gets none.
"""

from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from app import organization
from app.errors import Invalid
from app.handling.act import hold_task
from app.handling.acts.completing import Completion, complete
from app.handling.signing import pages
from app.handling.signing.needs import SignatureNeeded
from app.seals.signer import NoApproval
from app.seals.signer.approvals import Need, Page
from app.seals.signer.orders import Order

_COMPLETION = TypeAdapter(Completion)


def act_of(form: Completion) -> dict[str, Any]:
    """What a person submits, as it goes to the signer."""
    return {**asdict(form), "next": list(form.next)}


class Acts:
    """``Approvals`` of the signer."""

    def need(self, session: Session, order: Order) -> Need:
        try:
            form = _COMPLETION.validate_python(dict(order.act))
        except ValidationError:
            raise Invalid("签名请求里的办理内容不完整，没有签名。", code="bad_order") from None
        actor = organization.actor(session, order.person_id, order.address)
        hold_task(session, actor, order.task_id)  # a lock of the savepoint would end with it
        savepoint = session.begin_nested()
        try:
            complete(session, actor, order.task_id, form)
        except SignatureNeeded as lacking:
            return lacking.need
        finally:
            savepoint.rollback()
        raise NoApproval

    def page(self, session: Session, need: Need) -> Page:
        return pages.page(session, need)
