"""扫描件发文: a paper finished outside the system is sent out as it is (OUT-17).

The scan is its attachment and counts; nothing is set for it. What stands on the paper is typed,
the signatory too, and the record says so; everywhere else nobody types a signatory (OUT-13).
"""

from datetime import datetime, time

from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents import content, history, kinds, pictures, wording
from app.documents.errors import WrongState, WrongType
from app.documents.fields import ScanFields
from app.documents.models import Document
from app.documents.numbering import papers
from app.documents.text import stored
from app.errors import FieldError, Invalid, NotAllowed
from app.organization import Actor

MEDIA_TYPES = ("application/pdf", "image/tiff", "image/jpeg")
"""What a scanner makes (ATT-09), and PDF."""

FLAG = "扫描件，签发人为手工录入"
"""How record and pages mark such a document."""


def register(
    session: Session, by: Actor, at: datetime, given: ScanFields, *, step: str
) -> Document:
    """A scanned paper of the caller's unit; its number is entered in the ledger when it is sent.

    Raises Invalid for a paper of the future, or a number that the ledger could not take now.
    """
    ensure_plausible(session, by.unit_id, at, given)
    new = pictures.ensure_usable(session, by.unit_id, by, given.body, None)
    same = given.model_dump(include={*content.SCANNED} & {*content.OUTGOING} - {"body"})
    document = Document(
        unit_id=by.unit_id,
        department_id=by.department_id,
        drafter_id=by.person_id,
        flow="outgoing",
        state="draft",
        created_at=at,
        joint_issuers=[],
        note="",
        scanned=True,
        text=stored(given.body),
        source_number=given.paper_number,
        document_date=given.paper_date,
        paper_signatory=given.paper_signatory,
        **same,
    )
    history.begin(session, document, by, at, step)
    pictures.link(session, document, new)
    history.record(
        session,
        document,
        "document.scan_registered",
        by,
        at,
        step=step,
        paper_number=given.paper_number,
        flag=FLAG,
    )
    return document


def ensure_plausible(session: Session, unit_id: int, at: datetime, given: ScanFields) -> None:
    """What can be told while it is typed. Raises Invalid."""
    if given.paper_date > at.astimezone(SHANGHAI).date():
        raise Invalid.at("paper_date", "成文日期不能晚于今天，请照纸质件核对。")
    papers.ensure_free(session, unit_id, given.kind, given.paper_number, given.paper_date, at)


def ensure_scan(document: Document, media_type: str) -> None:
    """A file of a scanned document is its scan (ATT-09). Raises WrongType."""
    if document.scanned and media_type not in MEDIA_TYPES:
        raise WrongType("扫描件只接收 PDF、TIFF 和 JPEG，请把纸质件扫描后上传。（ATT-09）")


def ensure_complete(document: Document) -> None:
    """Raises Invalid naming each element that is missing before it can be checked (OUT-17)."""
    missing = []
    if wording.is_blank(document.paper_signatory or ""):
        missing.append(FieldError("paper_signatory", "请照纸质件填写签发人。（OUT-17）"))
    if not content.current(document):
        missing.append(FieldError("file", "请上传扫描件。（OUT-17）"))
    kind = kinds.kind(document.kind or "")
    if not document.main_recipients and not (kind and kind.without_recipient):
        missing.append(FieldError("main_recipients", "请填写主送机关。（DRF-03）"))
    if missing:
        raise Invalid("公文要素不全：" + "".join(each.message for each in missing), missing)


def enter(session: Session, document: Document, by: Actor, at: datetime) -> None:
    """Checked against the paper: signatory and day are taken over, the number is entered.

    ``signed_at`` becomes the beginning of the day that the paper bears (成文日期): the system does
    not know the hour. Raises WrongState for a document that is no scan or not on its way,
    NotAllowed for whoever registered it, Invalid where something is missing or the ledger has the
    number on another document.
    """
    history.hold(session, document)
    if not document.scanned:
        raise WrongState("只有扫描件的签发人可以手工录入，此件不是扫描件。（OUT-17）")
    if by.person_id == document.drafter_id:
        raise NotAllowed("扫描件须由登记人以外的人核对，请交另一位秘书办理。（OUT-17）")
    if document.state not in ("draft", "reviewing") or document.document_date is None:
        raise WrongState(f"此件{kinds.STATES[document.state]}，不能再登记扫描件的字号。")
    ensure_complete(document)
    line = papers.enter(session, document, by, at)
    document.number, document.numbered_at = line.text, at
    document.signatory = document.paper_signatory
    document.signed_at = datetime.combine(document.document_date, time(), SHANGHAI)
    document.state = "numbered"
    history.record(
        session,
        document,
        "document.scan_entered",
        by,
        at,
        number=line.text,
        signatory=document.signatory,
        flag=FLAG,
    )
