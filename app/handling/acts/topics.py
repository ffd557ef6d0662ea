"""Service tasks of the diagrams: what the system itself does on the way, within the same act.

Each is part of the act of the person who set it off, and signed by him with the post that let
him act; the registry is filled once at start-up.
"""

from collections.abc import Callable, Mapping

from app import deadlines
from app.documents import marks, scans
from app.documents.errors import NotSigned, WrongState
from app.documents.numbering.choosing import FIELD
from app.handling.act import Act
from app.handling.acts import prints, request_ends, seal_requests
from app.handling.errors import OutOfHours
from app.handling.filing import filing
from app.handling.receipts import notifying, opening
from app.handling.signing import checking, ending, filling, joint, needs
from app.handling.stays.notices import tell
from app.workflow.moves import ServiceCall


def write_signatory(call: ServiceCall) -> None:
    """The signatory's name is written by the system, never typed (OUT-13).

    Where the unit signs with keys, his own signature is on the page by then.
    """
    act: Act = call.context
    _ensure_somebody(act, "签发（OUT-13）")
    needs.sign_off(act)
    marks.mark_signed(act.session, act.document, act.as_candidate, act.at)


def take_back_sign_off(call: ServiceCall) -> None:
    """What was approved no longer goes out: signature and seal go, the number stays (S11)."""
    act: Act = call.context
    signed_at = act.document.signed_at
    if signed_at is None:
        raise NotSigned("此件没有签发，不需要收回。")
    marks.take_back_marks(act.session, act.document, act.as_candidate, act.at, since=signed_at)
    ending.follow(act, "签发已收回。")


def register_number(call: ServiceCall) -> None:
    """A number of the series that the registrar chose; a document keeps the one it has.

    The choice is forgotten: after a number was voided, another one is chosen. 份数 and 校对 of the
    form go onto the document (REC-03).
    """
    act: Act = call.context
    choice = str(call.variables.get(FIELD) or "")
    printed = prints.read(act, call.variables)
    marks.mark_numbered(act.session, act.document, act.as_candidate, act.at, choice, printed)
    filling.enter_number(act)
    call.variables[needs.WITHOUT_SEAL] = needs.without_seal(act)
    if choice:
        call.variables[FIELD] = None


def enter_scan(call: ServiceCall) -> None:
    """What was typed off a scanned paper is taken over, its number entered (OUT-17)."""
    act: Act = call.context
    _ensure_somebody(act, "核对扫描件（OUT-17）")
    scans.enter(act.session, act.document, act.as_candidate, act.at)


def seal(call: ServiceCall) -> None:
    """Sealed as the unit does it; that signatory and keeper are one person is on record.

    A joint document is sealed once the last of its units has set its seal.
    """
    act: Act = call.context
    _ensure_somebody(act, "用印")
    said = needs.seal(act, call.variables.get(needs.SEAL))
    said["same_person"] = act.document.signatory == act.actor.name
    more = bool(said) and needs.ways(act).seal == "digital" and joint.turn(act).more
    call.variables.update({joint.MORE: more, **({needs.SEAL: None} if more else {})})
    mark = marks.note_joint_seal if more else marks.mark_sealed
    mark(act.session, act.document, act.as_candidate, act.at, **said)


def dispatch(call: ServiceCall) -> None:
    """Sent; the drafter is told, and somebody has to ask whether it has arrived (DDL-08).

    The very file that goes out is verified before, its digests are on record (REC-04). Where the
    route has no registration of its own, 份数 and 校对 are said here.
    """
    act: Act = call.context
    _ensure_working_hours(act)
    printed = prints.read(act, call.variables)
    sent = checking.ensure_good(act) if not act.document.scanned else {}
    marks.mark_dispatched(act.session, act.document, act.as_candidate, act.at, printed, **sent)
    text = f"已发送，文号{act.document.number}。"
    check = opening.begin(act)
    if check is not None:
        notifying.tell_units(act, check)
        if check.owner_id == act.case.kept_by:
            text += opening.asked(check, act.document)
    tell(act.session, [act.case.kept_by], "dispatched", act.case.id, None, text, act.at)


def _ensure_working_hours(act: Act) -> None:
    """Only urgent documents go out at any hour; others can be set for the next opening (TRN-04).

    What a timer sends, the diagram has sent: nobody is there to be warned.
    """
    if act.any_hour or not act.actor.person_id or notifying.is_urgent(act.document):
        return
    calendar = deadlines.load(act.session, act.case.unit_id)
    if not calendar.is_open(act.at):
        raise OutOfHours(calendar.opening_after(act.at))


def approve_request(call: ServiceCall) -> None:
    """The request has passed; its applicant is told."""
    request_ends.approve(call.context)


def refuse_request(call: ServiceCall) -> None:
    """Any refusal on the way ends the request, and its applicant is told (PAP-04)."""
    request_ends.refuse(call.context)


def archive(call: ServiceCall) -> None:
    """The handler files what has been sent; his act names him as the archiver (OUT-14).

    It waits for transfer then; what a timer ends nobody has filed, and it waits to be filed.
    """
    act: Act = call.context
    if act.document.dispatched_at is None:
        raise WrongState("此件尚未发文，不能归档。请先发文。")
    if act.actor.person_id:
        filing.enter(act)


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
    "approve-request": approve_request,
    "refuse-request": refuse_request,
    "open-seal-request": seal_requests.open_request,
    "pass-seal-request": seal_requests.pass_request,
    "record-seal-use": seal_requests.record_use,
}
RESULTS = seal_requests.RESULTS
"""Variables that are set for sure after a topic, for diagrams to use."""
