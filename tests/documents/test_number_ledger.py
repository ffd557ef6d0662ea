"""Numbers kept back, left out and struck off by the registry, and the book that shows them all."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.documents import Document, mark_dispatched, mark_numbered, mark_sealed, numbering
from app.documents.errors import Classified, NotSigned, WrongState
from app.documents.numbering import ledger, register
from app.documents.numbering.choosing import listed
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.documents.conftest import AT, CLERK, DRAFTER, LEADER, PARTY
from tests.documents.numbers import PARTY_CODE, book, party_series, signed, states
from tests.documents.snapshot import snapshot

TODAY = date(2026, 11, 23)
TOMORROW = AT + timedelta(days=1)


def reserve(session: Session, count: int = 2, until: date = TODAY) -> list[int]:
    lines = ledger.reserve(
        session, "江水", CLERK, AT, count=count, purpose="表彰大会文件", until=until
    )
    return [line.id for line in lines]


def skip(session: Session, count: int) -> None:
    ledger.skip(session, "江水", CLERK, AT, count=count, reason="启用前已在纸质登记簿使用")


def test_what_is_reserved_is_passed_over_and_taken_on_purpose(session: Session) -> None:
    reserve(session)
    assert mark_numbered(session, signed(session), DRAFTER, AT) == "江水〔2026〕3号"
    assert mark_numbered(session, signed(session), DRAFTER, AT, "江水:2") == "江水〔2026〕2号"
    assert states(session) == [(1, "reserved"), (2, "used"), (3, "used")]
    assert [line.words for line in book(session)] == ["表彰大会文件", "表彰大会文件", ""]


def test_what_is_reserved_needs_the_sign_off_too(session: Session, draft: Document) -> None:
    """OUT-09."""
    reserve(session)
    before = snapshot(session)
    with pytest.raises(NotSigned):
        mark_numbered(session, draft, DRAFTER, AT, "江水:1")
    assert snapshot(session) == before


def test_what_has_expired_is_the_next_to_be_taken(session: Session) -> None:
    reserve(session)
    mark_numbered(session, signed(session), DRAFTER, AT)
    assert states(session, at=TOMORROW)[:2] == [(1, "expired"), (2, "expired")]
    taken = [mark_numbered(session, signed(session), DRAFTER, TOMORROW) for _ in range(3)]
    assert taken == ["江水〔2026〕1号", "江水〔2026〕2号", "江水〔2026〕4号"]


def test_a_reservation_holds_until_the_end_of_its_day(session: Session) -> None:
    reserve(session, 1)
    last = AT.replace(hour=15, minute=59, second=59)  # 23:59:59 in Shanghai
    assert states(session, at=last) == [(1, "reserved")]
    assert states(session, at=last + timedelta(seconds=1)) == [(1, "expired")]


def test_what_is_released_is_the_next_to_be_taken(session: Session) -> None:
    first, _ = reserve(session)
    ledger.release(session, first, CLERK, AT)
    assert mark_numbered(session, signed(session), DRAFTER, AT) == "江水〔2026〕1号"
    assert states(session) == [(1, "used"), (2, "reserved")]


def test_what_has_expired_is_reserved_and_skipped_before_new_numbers(session: Session) -> None:
    reserve(session, 3)
    later = ledger.reserve(
        session, "江水", CLERK, TOMORROW, count=2, purpose="年报", until=date(2026, 11, 30)
    )
    assert [line.number for line in later] == [1, 2]
    more = ledger.skip(session, "江水", CLERK, TOMORROW, count=2, reason="纸质已用")
    assert [line.number for line in more] == [3, 4]
    assert mark_numbered(session, signed(session), DRAFTER, TOMORROW) == "江水〔2026〕5号"


def test_what_is_skipped_is_never_taken(session: Session) -> None:
    skip(session, 57)
    assert mark_numbered(session, signed(session), DRAFTER, AT) == "江水〔2026〕58号"
    with pytest.raises(Conflict, match="不是预留的号"):
        mark_numbered(session, signed(session), DRAFTER, AT, "江水:57")
    (first, *_) = book(session)
    assert (first.state, first.words, first.by) == (
        "skipped",
        "启用前已在纸质登记簿使用",
        CLERK.name,
    )


def test_a_reserved_number_can_be_skipped_with_its_reason(session: Session) -> None:
    first, second = reserve(session)
    ledger.skip_reserved(session, first, CLERK, AT, "会议取消")
    ledger.skip_reserved(session, second, CLERK, TOMORROW, "会议取消")
    assert states(session) == [(1, "skipped"), (2, "skipped")]
    assert mark_numbered(session, signed(session), DRAFTER, AT) == "江水〔2026〕3号"


def test_a_number_is_voided_in_the_book_until_it_is_sealed(session: Session) -> None:
    document = signed(session)
    mark_numbered(session, document, DRAFTER, AT)
    (line,) = book(session)
    ledger.void_line(session, line.id, CLERK, AT, "编号印错")
    assert (document.number, document.state) == (None, "signed")
    assert mark_numbered(session, document, DRAFTER, AT) == "江水〔2026〕2号"
    mark_sealed(session, document, DRAFTER, AT)
    before = snapshot(session)
    with pytest.raises(WrongState, match="已经用印"):
        ledger.void_line(session, book(session)[1].id, CLERK, AT, "编号印错")
    assert snapshot(session) == before
    mark_dispatched(session, document, DRAFTER, AT)
    with pytest.raises(WrongState, match="已经发出"):
        ledger.void_line(session, book(session)[1].id, CLERK, AT, "编号印错")


def test_the_book_counts_and_names_what_went_out_under_no_document(session: Session) -> None:
    reserve(session)
    skip(session, 1)
    mark_numbered(session, signed(session), DRAFTER, AT)
    (series,) = listed(session, 1)
    found = register.register(session, series, 2026, AT)
    assert found.counts == {"used": 1, "reserved": 2, "skipped": 1}
    assert [line.text for line in found.gaps] == [f"江水〔2026〕{n}号" for n in (1, 2, 3)]
    assert found.lines[3].title == "关于某事的通知"
    assert register.years(session, series) == [2026]


def test_a_book_that_nobody_opened_is_empty(session: Session) -> None:
    """A page shows it before the first number, without writing."""
    (series,) = listed(session, 1)
    before = snapshot(session)
    assert register.register(session, series, 2026, AT).lines == []
    assert register.years(session, series) == []
    assert snapshot(session) == before


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"count": 0}, Invalid, "1 至 50"),
    ({"count": 51}, Invalid, "1 至 50"),
    ({"until": TODAY - timedelta(days=1)}, Invalid, "到期日"),
    ({"until": date(2027, 1, 1)}, Invalid, "12月31日"),
    ({"purpose": "\u3000\u200b"}, Invalid, "用途"),
    ({"purpose": "长" * 201}, Invalid, "用途不能超过"),
    ({"purpose": "机密★一年"}, Classified, "国家秘密"),
    ({"by": DRAFTER}, NotAllowed, "文印室"),
    ({"by": PARTY}, NotAllowed, "文印室"),
    ({"code": "他水"}, NotFound, "."),
    ({"count": 0, "purpose": " "}, Invalid, "有 2 处"),
]


@pytest.mark.parametrize(("wrong", "error", "words"), REFUSED, ids=str)
def test_a_wrong_reservation_keeps_nothing_back(
    session: Session, wrong: dict[str, Any], error: type[Exception], words: str
) -> None:
    mark_numbered(session, signed(session), DRAFTER, AT)
    before = snapshot(session)
    given: dict[str, Any] = {"count": 1, "purpose": "备用", "until": TODAY, **wrong}
    code, by = given.pop("code", "江水"), given.pop("by", CLERK)
    with pytest.raises(error, match=words):
        ledger.reserve(session, code, by, AT, **given)
    assert snapshot(session) == before


@pytest.mark.parametrize("count", [0, 2001])
def test_so_many_are_not_skipped_at_once(session: Session, count: int) -> None:
    with pytest.raises(Invalid, match="1 至 2000"):
        skip(session, count)


@pytest.mark.parametrize("act", [ledger.void_line, ledger.skip_reserved])
def test_a_number_is_struck_off_with_a_reason_by_its_own_office(session: Session, act: Any) -> None:
    (kept,) = reserve(session, 1)
    mark_numbered(session, signed(session), DRAFTER, AT)
    used = book(session)[1].id
    line = used if act is ledger.void_line else kept
    before = snapshot(session)
    with pytest.raises(Invalid, match="原因"):
        act(session, line, CLERK, AT, "\u3000")
    with pytest.raises(NotAllowed):
        act(session, line, LEADER, AT, "印错")
    with pytest.raises(WrongState):
        act(session, kept if line == used else used, CLERK, AT, "印错")
    with pytest.raises(NotFound):
        act(session, 10**6, CLERK, AT, "印错")
    assert snapshot(session) == before


def test_what_is_used_or_expired_is_not_released(session: Session) -> None:
    (kept,) = reserve(session, 1)
    with pytest.raises(WrongState, match="已经到期"):
        ledger.release(session, kept, CLERK, TOMORROW)
    numbering.take(session, signed(session), DRAFTER, AT, "江水:1")
    with pytest.raises(WrongState, match="不是预留"):
        ledger.release(session, kept, CLERK, AT)


def test_an_expired_number_cannot_be_asked_for(session: Session) -> None:
    reserve(session, 1)
    with pytest.raises(Conflict, match="已经到期"):
        mark_numbered(session, signed(session), DRAFTER, TOMORROW, "江水:1")


def test_each_office_keeps_the_book_of_its_own_series(session: Session) -> None:
    """OUT-29."""
    party_series(session)
    given: dict[str, Any] = {"count": 1, "reason": "纸质已用"}
    with pytest.raises(NotAllowed, match="党委办公室"):
        ledger.skip(session, PARTY_CODE, CLERK, AT, **given)
    ledger.skip(session, PARTY_CODE, PARTY, AT, **given)
    assert states(session, PARTY_CODE) == [(1, "skipped")]
