"""审批事项: what somebody of the unit asks for, which is no 公文 (PAP-17).

It has a title, a reason and attachments as evidence; what its route asks for besides are form
values of the case. It gets no number, is not set as a page, and counts in no register of documents.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.documents import history, kinds, pictures, wording
from app.documents.errors import WrongState
from app.documents.fields import RequestFields
from app.documents.models import Document
from app.documents.text import stored
from app.errors import Invalid
from app.organization import Actor


def create(
    session: Session, by: Actor, at: datetime, given: RequestFields, *, step: str
) -> Document:
    """A new request of the caller's unit and department. Raises Invalid for a picture not his."""
    new = pictures.ensure_usable(session, by.unit_id, by, given.body, None)
    document = Document(
        unit_id=by.unit_id,
        department_id=by.department_id,
        drafter_id=by.person_id,
        flow="request",
        direction=kinds.INTERNAL,
        kind=None,
        title=given.title,
        urgency=given.urgency,
        state="draft",
        main_recipients=[],
        copy_recipients=[],
        joint_issuers=[],
        note="",
        text=stored(given.body),
        created_at=at,
    )
    history.begin(session, document, by, at, step)
    pictures.link(session, document, new)
    history.record(session, document, "document.requested", by, at, step=step)
    return document


def ensure_complete(document: Document) -> None:
    """Raises Invalid: nobody is asked to approve without being told why."""
    if wording.is_blank(document.body):
        raise Invalid.at("body", "请填写申请事由后再提交。")


def decide(
    session: Session, document: Document, by: Actor, at: datetime, *, approved: bool
) -> None:
    """The request has been decided (PAP-04). Raises WrongState unless it is under way."""
    history.hold(session, document)
    if document.flow != "request":
        raise WrongState("此件是公文，不按审批事项办结。请检查流程图。")
    if document.state not in ("draft", "reviewing"):
        raise WrongState(
            f"此件{kinds.STATES[document.state]}，不能再审批。请刷新页面查看最新情况。"
        )
    document.state = "approved" if approved else "refused"
    action = "document.approved" if approved else "document.refused"
    history.record(session, document, action, by, at)
