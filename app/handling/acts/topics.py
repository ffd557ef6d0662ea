"""Service tasks of the diagrams: what the system itself does on the way, within the same act.

Each is part of the act of the person who set it off, and signed by him with the post that let
him act; the registry is filled once at start-up.
"""

from collections.abc import Callable, Mapping

from app.documents import marks, scans
from app.documents.errors import NotSigned, WrongState
from app.documents.numbering.choosing import FIELD
from app.handling.act import Act
from app.handling.receipts import opening
from app.handling.stays.notices import tell
from app.workflow.moves import ServiceCall


def write_signatory(call: ServiceCall) -> None:
    """The signatory's name is written by the system, never typed (OUT-13)."""
    act: Act = call.context
    _ensure_somebody(act, "签发（OUT-13）")
    marks.mark_signed(act.session, act.document, act.as_candidate, act.at)


def take_back_sign_off(call: ServiceCall) -> None:
    """What was approved no longer goes out: signature and seal go, the number stays (S11)."""
    act: Act = call.context
    signed_at = act.document.signed_at
    if signed_at is None:
        raise NotSigned("此件没有签发，不需要收回。")
    marks.take_back_marks(act.session, act.document, act.as_candidate, act.at, since=signed_at)


def register_number(call: ServiceCall) -> None:
    """A number of the series that the registrar chose; a document keeps the one it has.

    The choice is forgotten: after a number was voided, another one is chosen.
    """
    act: Act = call.context
    choice = str(call.variables.get(FIELD) or "")
    marks.mark_numbered(act.session, act.document, act.as_candidate, act.at, choice)
    if choice:
        call.variables[FIELD] = None


def enter_scan(call: ServiceCall) -> None:
    """What was typed off a scanned paper is taken over, its number entered (OUT-17)."""
    act: Act = call.context
    _ensure_somebody(act, "核对扫描件（OUT-17）")
    scans.enter(act.session, act.document, act.as_candidate, act.at)


def seal(call: ServiceCall) -> None:
    act: Act = call.context
    _ensure_somebody(act, "用印")
    marks.mark_sealed(act.session, act.document, act.as_candidate, act.at)


def dispatch(call: ServiceCall) -> None:
    """Sent; the drafter is told, and somebody has to ask whether it has arrived (DDL-08)."""
    act: Act = call.context
    marks.mark_dispatched(act.session, act.document, act.as_candidate, act.at)
    text = f"已发送，文号{act.document.number}。"
    check = opening.begin(act)
    if check is not None and check.owner_id == act.case.kept_by:
        text += opening.asked(check, act.document)
    tell(act.session, [act.case.kept_by], "dispatched", act.case.id, None, text, act.at)


def archive(call: ServiceCall) -> None:
    """The handler files what has been sent; his act names him as the archiver (OUT-14)."""
    act: Act = call.context
    if act.document.dispatched_at is None:
        raise WrongState("此件尚未发文，不能归档。请先发文。")


def countersign_done(call: ServiceCall) -> None:
    """The countersigners agreed to the present version; a newer one would be asked again."""
    act: Act = call.context
    act.case.countersigned_version = act.document.version
    act.case.countersigned_by = list(call.variables.get("countersigners") or [])
    call.variables["needs_countersign"] = False


def close_incoming(call: ServiceCall) -> None:
    act: Act = call.context
    marks.close_incoming(act.session, act.document, act.as_candidate, act.at)


def _ensure_somebody(act: Act, what: str) -> None:
    """A timer signs and seals nothing, whatever is drawn behind it."""
    if not act.actor.person_id:
        raise WrongState(f"{what}须由人办理，不能由定时器自动完成，请检查流程图。")


TOPICS: Mapping[str, Callable[[ServiceCall], None]] = {
    "write-signatory": write_signatory,
    "take-back-sign-off": take_back_sign_off,
    "register-number": register_number,
    "enter-scan": enter_scan,
    "seal": seal,
    "dispatch": dispatch,
    "archive": archive,
    "countersign-done": countersign_done,
    "close-incoming": close_incoming,
}
