"""What acts on the route write on a document: sign-off, number, seal, dispatch, and their undoing.

Each checks the order (OUT-09), writes, and records the hash of the content it stands for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.documents import kinds, numbering, requests, scans, wording
from app.documents.errors import NotSigned, Stale, WrongState
from app.documents.history import hold, record
from app.documents.models import Document
from app.errors import FieldError, Invalid
from app.organization import Actor

SIGNED = ("signed", "numbered", "sealed", "dispatched")
ENDED = ("dispatched", "cancelled", "closed", "returned", "approved", "refused")


def mark_moving(document: Document) -> None:
    """The document leaves whoever drafted or registered it; later moves change nothing.

    Raises Invalid naming each element still missing (DRF-02, DRF-03, ATT-04; INC-05).
    """
    if document.state == "draft":
        _ensure_may_leave(document)
        document.state = "reviewing"
    elif document.state == "registered":
        if wording.is_blank(document.source or ""):
            raise Invalid.at("source", "请填写公文来源后再送出。（INC-05）")
        document.state = "handling"


def mark_home(document: Document) -> None:
    """The document is back with whoever drafted or registered it, to be changed as a draft."""
    if document.state == "reviewing":
        document.state = "draft"
    elif document.state == "handling":
        document.state = "registered"


def mark_signed(
    session: Session, document: Document, by: Actor, at: datetime, *, seen: str | None = None
) -> None:
    """Sign-off (签发). Name and 职务 of who signs are written here and nowhere else (OUT-13).

    seen  hash of the content that the signatory had before him; Stale when it has changed (S11)
    """
    hold(session, document)
    if document.flow == "request":
        raise WrongState("审批事项不是公文，不作签发。请检查流程图。")
    if document.scanned:
        raise WrongState("扫描件已在纸上签发，不再签发。请检查流程图。（OUT-17）")
    if document.state not in ("draft", "reviewing"):
        raise _wrong(document, "签发")
    if seen is not None and seen != document.content_sha256:
        raise Stale("您看到的稿子已经被修改，签发没有生效。请阅看最新稿后再签发。")
    _ensure_complete(document)
    document.state, document.signatory, document.signed_at = "signed", by.name, at
    document.signatory_post = by.posts[0].title if by.posts else None
    record(
        session,
        document,
        "document.signed",
        by,
        at,
        signatory=by.name,
        post=document.signatory_post,
    )


@dataclass(frozen=True)
class Print:
    """What is said of the print at the registration (REC-03); None where nothing was asked.

    copies       份数, 0 where only the electronic text goes out
    proofreader  name of who proof-read (校对)
    """

    copies: int | None = None
    proofreader: str | None = None


NOT_ASKED = Print()


def mark_numbered(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    choice: str = "",
    printed: Print = NOT_ASKED,
) -> str:
    """Give a number of the year of ``at`` in Asia/Shanghai, or confirm the one it has.

    choice  which series or reserved number, see ``numbering.choosing.chosen``
    """
    hold(session, document)
    if document.state == "numbered" and document.number:
        return document.number
    if document.state not in SIGNED:
        raise NotSigned("此件尚未签发，不能编号。请先送领导签发。（OUT-09）")
    if document.state != "signed":
        raise _wrong(document, "编号")
    number = numbering.take(session, document, by, at, choice)
    document.state, document.numbered_at = "numbered", at
    document.copies, document.proofreader = printed.copies, printed.proofreader
    session.flush()
    said = {"copies": printed.copies, "proofreader": printed.proofreader}
    record(session, document, "document.numbered", by, at, number=number, print=said)
    return number


def mark_sealed(session: Session, document: Document, by: Actor, at: datetime, **said: Any) -> None:
    """The seal goes on a numbered document only, and on none without a text (SIG-07, SIG-08).

    said  of the seal, for the record
    """
    _ensure_sealable(session, document)
    document.state, document.sealed_at = "sealed", at
    record(session, document, "document.sealed", by, at, number=document.number, **said)


def note_joint_seal(
    session: Session, document: Document, by: Actor, at: datetime, **said: Any
) -> None:
    """One seal of a joint document, while others follow: it is not sealed yet."""
    _ensure_sealable(session, document)
    record(session, document, "document.joint_sealed", by, at, number=document.number, **said)


def _ensure_sealable(session: Session, document: Document) -> None:
    hold(session, document)
    if document.state not in SIGNED:
        raise NotSigned("此件尚未签发，不能用印。请先送领导签发。")
    if document.state != "numbered":
        raise _wrong(document, "用印")
    if not document.scanned and wording.is_blank(document.body):
        raise WrongState("正文是空白的，不能用印。（SIG-07）")


def mark_dispatched(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    printed: Print = NOT_ASKED,
    **said: Any,
) -> None:
    """Sent. A kind without a seal, such as 纪要, goes out numbered.

    said  of the file that goes out, for the record
    """
    hold(session, document)
    if document.state not in SIGNED:
        raise NotSigned("此件尚未签发，不能发文。请先送领导签发。")
    if document.state not in ("numbered", "sealed"):
        raise _wrong(document, "发文")
    document.state, document.dispatched_at = "dispatched", at
    if printed != NOT_ASKED:
        document.copies, document.proofreader = printed.copies, printed.proofreader
    record(session, document, "document.dispatched", by, at, number=document.number, **said)


def take_back_marks(
    session: Session, document: Document, by: Actor, at: datetime, *, since: datetime
) -> None:
    """After a return: marks set at ``since`` or later no longer hold; the number stays.

    The state follows from the marks that remain (decision 7). A document that never left its
    drafter, has ended or loses no mark is left as it is.
    """
    hold(session, document)
    if document.dispatched_at is not None:
        raise _wrong(document, "退回")
    if document.state == "approved":
        document.state = "reviewing"
        record(session, document, "document.marks_taken_back", by, at, lost=["approved"])
    lost = [name for name in ("signed", "sealed") if _reached(document, name, since)]
    if not lost:
        return
    if "signed" in lost:
        document.signatory = document.signatory_post = document.signed_at = None
        document.amended_keywords = None
    document.sealed_at = None
    document.state = _state_by_marks(document)
    record(session, document, "document.marks_taken_back", by, at, lost=lost)


def mark_cancelled(
    session: Session, document: Document, by: Actor, at: datetime, reason: str | None = None
) -> None:
    """The document ends without result. A number it had is voided and stays in the ledger."""
    hold(session, document)
    if document.state in ENDED and document.state != "approved":
        raise _wrong(document, "撤销")
    if document.number is not None:
        numbering.void(session, document, by, at, reason or "公文已撤销。")
    document.state = "cancelled"
    record(session, document, "document.cancelled", by, at, reason=reason)


def close_incoming(session: Session, document: Document, by: Actor, at: datetime) -> None:
    """The received document has been dealt with (办结)."""
    hold(session, document)
    if document.state not in ("registered", "handling"):
        raise _wrong(document, "办结")
    document.state = "closed"
    record(session, document, "document.closed", by, at)


def return_incoming(
    session: Session, document: Document, by: Actor, at: datetime, reason: str
) -> None:
    """Send a received document back to its sender (退文) with the reason; its number stays."""
    if wording.is_blank(reason):
        raise Invalid.at("reason", "退文须写明原因。")
    hold(session, document)
    if document.state not in ("registered", "handling"):
        raise _wrong(document, "退文")
    document.state = "returned"
    record(session, document, "document.returned", by, at, reason=reason.strip())


def _ensure_may_leave(document: Document) -> None:
    if document.flow == "request":
        requests.ensure_complete(document)
    elif document.scanned:
        scans.ensure_complete(document)
    else:
        _ensure_complete(document)


def _ensure_complete(document: Document) -> None:
    missing = []
    if wording.is_blank(document.body):
        missing.append(FieldError("body", "请填写正文；正文不能用附件代替。（ATT-04）"))
    kind = kinds.kind(document.kind or "")
    if not document.main_recipients and not (kind and kind.without_recipient):
        missing.append(FieldError("main_recipients", "请填写主送机关。（DRF-03）"))
    if missing:
        raise Invalid("公文要素不全：" + "".join(each.message for each in missing), missing)


def _reached(document: Document, mark: str, since: datetime) -> bool:
    set_at: datetime | None = getattr(document, f"{mark}_at")
    return set_at is not None and set_at >= since


def _state_by_marks(document: Document) -> str:
    if document.signed_at is None:
        return "reviewing"
    return "numbered" if document.number else "signed"


def _wrong(document: Document, act: str) -> WrongState:
    return WrongState(f"此件{kinds.STATES[document.state]}，不能{act}。请刷新页面查看最新情况。")
