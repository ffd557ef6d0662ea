"""The order of sign-off, number, seal and dispatch, and what a return takes back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.documents import (
    Document,
    IncomingFields,
    OutgoingFields,
    close_incoming,
    create_outgoing,
    elements,
    mark_cancelled,
    mark_dispatched,
    mark_moving,
    mark_numbered,
    mark_sealed,
    mark_signed,
    numbering,
    queries,
    read,
    register_incoming,
    return_incoming,
    revise,
    take_back_marks,
)
from app.documents.errors import NotSigned, Stale, WrongState
from app.errors import DomainError, Invalid
from tests.documents.conftest import AT, DRAFTER, LEADER, NOTICE
from tests.documents.numbers import book
from tests.documents.snapshot import snapshot
from tests.documents.test_fields import RECEIVED

Step = Callable[[Session, Document], Any]


def at(hours: int) -> Any:
    return AT + timedelta(hours=hours)


ACTS: dict[str, Step] = {
    "sign": lambda session, it: mark_signed(session, it, LEADER, at(1)),
    "number": lambda session, it: mark_numbered(session, it, DRAFTER, at(2)),
    "seal": lambda session, it: mark_sealed(session, it, DRAFTER, at(3)),
    "dispatch": lambda session, it: mark_dispatched(session, it, DRAFTER, at(4)),
    "cancel": lambda session, it: mark_cancelled(session, it, DRAFTER, at(5)),
    "void": lambda session, it: numbering.void(session, it, DRAFTER, at(5), "印错"),
    "take": lambda session, it: numbering.take(session, it, DRAFTER, at(2)),
    "return": lambda session, it: take_back_marks(session, it, DRAFTER, at(5), since=at(1)),
}
ROUTE = ["sign", "number", "seal", "dispatch"]

ORDER = [
    # done before    act         state, or the refusal
    (0, "sign", "signed"),
    (0, "number", NotSigned),
    (0, "take", NotSigned),
    (0, "seal", NotSigned),
    (0, "dispatch", NotSigned),
    (0, "void", WrongState),
    (0, "cancel", "cancelled"),
    (0, "return", "reviewing"),
    (1, "sign", WrongState),
    (1, "number", "numbered"),
    (1, "seal", WrongState),
    (1, "dispatch", WrongState),
    (1, "cancel", "cancelled"),
    (1, "return", "reviewing"),
    (2, "sign", WrongState),
    (2, "number", "numbered"),
    (2, "take", "numbered"),
    (2, "seal", "sealed"),
    (2, "dispatch", "dispatched"),
    (2, "void", "signed"),
    (2, "cancel", "cancelled"),
    (3, "number", WrongState),
    (3, "seal", WrongState),
    (3, "dispatch", "dispatched"),
    (3, "void", "signed"),
    (3, "return", "reviewing"),
    (4, "dispatch", WrongState),
    (4, "sign", WrongState),
    (4, "void", WrongState),
    (4, "cancel", WrongState),
    (4, "return", WrongState),
]


@pytest.mark.parametrize(("done", "act", "result"), ORDER, ids=str)
def test_order(session: Session, draft: Document, done: int, act: str, result: Any) -> None:
    mark_moving(draft)
    for name in ROUTE[:done]:
        ACTS[name](session, draft)
    if isinstance(result, str):
        ACTS[act](session, draft)
        assert draft.state == result
        return
    before = snapshot(session)
    with pytest.raises(result):
        ACTS[act](session, draft)
    assert snapshot(session) == before


def test_the_signatory_is_whoever_signs(session: Session, draft: Document) -> None:
    """OUT-13, and the paper carries the day of the sign-off as its date."""
    assert elements(draft)["signatories"] == ()
    assert elements(draft)["draft"]
    mark_signed(session, draft, LEADER, at(1))
    assert (draft.signatory, draft.signed_at) == ("分管领导乙", at(1))
    paper = elements(draft)
    assert paper["signatories"] == ("分管领导乙",)
    assert paper["date"].isoformat() == "2026-11-23"
    assert not paper["draft"]
    take_back_marks(session, draft, DRAFTER, at(2), since=at(1))
    assert draft.signatory is None
    for name in ("signatory", "signed_at"):
        with pytest.raises(Invalid, match="没有"):
            revise(session, draft, LEADER, at(2), "leader_sign", {name: "他人"})


def test_what_was_read_is_what_is_signed(session: Session, draft: Document) -> None:
    """S11: the signatory's page carries the hash of what he read."""
    read_hash = draft.content_sha256
    revise(session, draft, DRAFTER, at(1), "office_check", {"note": "改后"})
    before = snapshot(session)
    with pytest.raises(Stale):
        mark_signed(session, draft, LEADER, at(1), seen=read_hash)
    assert snapshot(session) == before
    mark_signed(session, draft, LEADER, at(1), seen=draft.content_sha256)
    mark_numbered(session, draft, DRAFTER, at(2))
    mark_sealed(session, draft, DRAFTER, at(3))
    assert draft.content_sha256 == queries.version_lines(session, draft.id)[-1].sha256


INCOMPLETE = [
    ({"body": ""}, ["body"]),
    ({"body": "\u3000\n\u200b"}, ["body"]),
    ({"main_recipients": []}, ["main_recipients"]),
    ({"body": " ", "main_recipients": []}, ["body", "main_recipients"]),
]


@pytest.mark.parametrize(("given", "fields"), INCOMPLETE, ids=repr)
def test_an_incomplete_draft_does_not_leave(
    session: Session, given: dict[str, Any], fields: list[str]
) -> None:
    """DRF-02, DRF-03, ATT-04: every missing element is named."""
    document = create_outgoing(session, DRAFTER, AT, read(OutgoingFields, {**NOTICE, **given}))
    before = snapshot(session)
    with pytest.raises(Invalid, match="公文要素不全") as refused:
        mark_moving(document)
    assert [error.field for error in refused.value.errors] == fields
    with pytest.raises(Invalid, match="公文要素不全"):
        mark_signed(session, document, LEADER, AT)
    assert snapshot(session) == before


def test_a_public_announcement_needs_no_recipient(session: Session) -> None:
    given = read(OutgoingFields, {**NOTICE, "kind": "公告", "main_recipients": []})
    document = create_outgoing(session, DRAFTER, AT, given)
    mark_moving(document)
    assert document.state == "reviewing"


RETURNS = [
    # back to the stay that ended at   state       signed  sealed
    (0, "reviewing", False, False),
    (1, "reviewing", False, False),
    (2, "numbered", True, False),
    (3, "numbered", True, False),
    (4, "sealed", True, True),
]


@pytest.mark.parametrize(("hours", "state", "signed", "sealed"), RETURNS)
def test_a_return_takes_back_the_marks_that_came_after(
    session: Session, draft: Document, hours: int, state: str, signed: bool, sealed: bool
) -> None:
    mark_moving(draft)
    for name in ROUTE[:3]:
        ACTS[name](session, draft)
    take_back_marks(session, draft, DRAFTER, at(5), since=at(hours))
    assert draft.state == state
    assert (draft.signatory is not None, draft.sealed_at is not None) == (signed, sealed)
    assert draft.number == "江水〔2026〕1号"


def test_a_return_consumes_no_number(session: Session, draft: Document) -> None:
    """Decision 7: signed again, the document takes up the number that it has."""
    for name in ROUTE[:3]:
        ACTS[name](session, draft)
    take_back_marks(session, draft, DRAFTER, at(5), since=at(1))
    revise(session, draft, DRAFTER, at(6), "draft", {"note": "已按意见修改"})
    mark_signed(session, draft, LEADER, at(26))
    assert mark_numbered(session, draft, DRAFTER, at(27)) == "江水〔2026〕1号"
    assert len(book(session)) == 1
    paper = elements(draft)
    assert paper["printed_on"] >= paper["date"]


def test_cancelling_voids_the_number_with_a_reason(session: Session, draft: Document) -> None:
    for name in ROUTE[:2]:
        ACTS[name](session, draft)
    mark_cancelled(session, draft, DRAFTER, at(5), "事项已取消")
    assert (draft.state, draft.number) == ("cancelled", None)
    (line,) = book(session)
    assert (line.state, line.words, line.text) == ("void", "事项已取消", "江水〔2026〕1号")


INCOMING = [
    ("registered", lambda session, it: mark_moving(it), "handling"),
    ("registered", lambda session, it: close_incoming(session, it, DRAFTER, AT), "closed"),
    ("handling", lambda session, it: close_incoming(session, it, DRAFTER, AT), "closed"),
    ("handling", lambda session, it: return_incoming(session, it, DRAFTER, AT, "错送"), "returned"),
    ("handling", lambda session, it: return_incoming(session, it, DRAFTER, AT, " "), Invalid),
    ("handling", lambda session, it: mark_cancelled(session, it, DRAFTER, AT, "重复"), "cancelled"),
    ("handling", lambda session, it: mark_signed(session, it, LEADER, AT), WrongState),
    ("closed", lambda session, it: close_incoming(session, it, DRAFTER, AT), WrongState),
    ("closed", lambda session, it: return_incoming(session, it, DRAFTER, AT, "错送"), WrongState),
    ("returned", lambda session, it: mark_cancelled(session, it, DRAFTER, AT), WrongState),
]


@pytest.mark.parametrize(("state", "act", "result"), INCOMING)
def test_incoming(session: Session, state: str, act: Step, result: str | type[DomainError]) -> None:
    document = register_incoming(session, DRAFTER, AT, read(IncomingFields, RECEIVED))
    document.state = state
    before = snapshot(session)
    if isinstance(result, str):
        act(session, document)
        assert document.state == result
        return
    with pytest.raises(result):
        act(session, document)
    assert snapshot(session) == before


def test_no_source_no_forwarding(session: Session) -> None:
    """INC-05."""
    given = read(IncomingFields, {**RECEIVED, "source": "\u3000"})
    document = register_incoming(session, DRAFTER, AT, given)
    with pytest.raises(Invalid, match="INC-05"):
        mark_moving(document)
    revise(session, document, DRAFTER, AT, "register", {"source": "上级来文"})
    mark_moving(document)
    assert document.state == "handling"
