"""Scanned papers: what may be sent so, and their numbers in the ledger (OUT-17)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.documents import Document, marks, numbering, operations, read, scans
from app.documents.attachments import Upload, attach
from app.documents.errors import WrongState, WrongType
from app.documents.fields import ScanFields
from app.documents.models import DocumentVersion, IssuedNumber, NumberBook, NumberSeries
from app.documents.numbering import ledger
from app.errors import Invalid, NotAllowed
from tests.documents.conftest import AT, CLERK, DRAFTER, LEADER
from tests.documents.numbers import signed
from tests.documents.test_number_races import at_once

PAPER: dict[str, Any] = {
    "direction": "downward",
    "kind": "通知",
    "title": "江洲县水务局关于做好汛期值班的通知",
    "main_recipients": ["各镇人民政府"],
    "paper_number": "江水〔2026〕1号",
    "paper_date": "2026-11-20",
    "paper_signatory": "纸上签发人",
}
SCAN = Upload("扫描件.pdf", "application/pdf", 10, "a" * 64)


def registered(session: Session, **changes: Any) -> Document:
    given = read(ScanFields, {**PAPER, **changes})
    document = scans.register(session, DRAFTER, AT, given, step="register_scan")
    attach(session, document, DRAFTER, AT, SCAN)
    return document


def entered(session: Session, **changes: Any) -> Document:
    document = registered(session, **changes)
    marks.mark_moving(document)
    scans.enter(session, document, LEADER, AT)
    return document


def lines(session: Session) -> list[tuple[str, str]]:
    session.flush()
    query = sa.select(IssuedNumber.text, IssuedNumber.state).order_by(IssuedNumber.number)
    return [(text, state) for text, state in session.execute(query)]


def test_what_stands_on_the_paper_is_taken_over_and_marked(session: Session) -> None:
    document = entered(session)
    assert (document.state, document.number) == ("numbered", "江水〔2026〕1号")
    assert document.signatory == "纸上签发人"
    assert document.signed_at == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    assert (document.scanned, document.sealed_at) == (True, None)
    marks.mark_dispatched(session, document, LEADER, AT)
    assert document.state == "dispatched"


def test_what_was_typed_is_part_of_what_is_checked(session: Session) -> None:
    document = registered(session)
    before = document.content_sha256
    change = {"paper_signatory": "另一签发人"}
    version = operations.revise(session, document, DRAFTER, AT, "register_scan", change)
    assert document.content_sha256 != before
    assert "签发人由“纸上签发人”改为“另一签发人”" in version.difference or version.number == 3
    assert session.get_one(DocumentVersion, version.id).sha256 == document.content_sha256


@pytest.mark.parametrize("name", ["paper_signatory", "paper_number", "paper_date"])
def test_nothing_of_the_paper_may_be_left_out(name: str) -> None:
    for given in ({**PAPER, name: " "}, {key: PAPER[key] for key in PAPER if key != name}):
        with pytest.raises(Invalid) as refused:
            read(ScanFields, given)
        assert [each.field for each in refused.value.errors] == [name]


def test_a_paper_of_tomorrow_is_refused(session: Session) -> None:
    with pytest.raises(Invalid, match="成文日期不能晚于今天"):
        registered(session, paper_date="2026-11-24")


def test_it_does_not_move_without_its_scan(session: Session) -> None:
    given = read(ScanFields, PAPER)
    document = scans.register(session, DRAFTER, AT, given, step="register_scan")
    with pytest.raises(Invalid, match="请上传扫描件") as refused:
        marks.mark_moving(document)
    assert [each.field for each in refused.value.errors] == ["file"]
    with pytest.raises(Invalid, match="请上传扫描件"):
        scans.enter(session, document, LEADER, AT)


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "image/png"])
def test_only_what_a_scanner_makes_is_its_file(session: Session, kind: str) -> None:
    document = registered(session)
    with pytest.raises(WrongType, match="ATT-09"):
        attach(session, document, DRAFTER, AT, Upload("另一份", kind, 10, "b" * 64))
    attach(session, document, DRAFTER, AT, Upload("另一份.tif", "image/tiff", 10, "b" * 64))


def test_nobody_signs_it_and_no_other_document_is_entered_so(session: Session) -> None:
    with pytest.raises(WrongState, match="OUT-17"):
        marks.mark_signed(session, registered(session), LEADER, AT)
    with pytest.raises(WrongState, match="OUT-17"):
        scans.enter(session, signed(session), LEADER, AT)


def test_whoever_registered_it_does_not_check_it(session: Session) -> None:
    with pytest.raises(NotAllowed, match="登记人以外的人"):
        scans.enter(session, registered(session), DRAFTER, AT)


def test_a_number_left_out_is_claimed_with_what_was_said_of_it(session: Session) -> None:
    ledger.skip(session, "江水", CLERK, AT, count=3, reason="系统启用前已在纸上使用")
    entered(session, paper_number="江水〔2026〕2号")
    assert [state for _, state in lines(session)] == ["skipped", "used", "skipped"]
    line = session.scalars(sa.select(IssuedNumber).where(IssuedNumber.number == 2)).one()
    assert (line.purpose, line.reason) == ("系统启用前已在纸上使用", None)


def test_a_number_kept_back_is_claimed(session: Session) -> None:
    until = AT.date() + timedelta(days=3)
    ledger.reserve(session, "江水", CLERK, AT, count=2, purpose="纸质会议文件", until=until)
    entered(session)
    assert [state for _, state in lines(session)] == ["used", "reserved"]
    assert session.scalars(sa.select(NumberBook.reserved)).one() == 1


def test_the_next_number_is_taken_and_not_given_again(session: Session) -> None:
    entered(session)
    other = signed(session)
    assert numbering.take(session, other, DRAFTER, AT) == "江水〔2026〕2号"


def test_a_number_in_use_or_struck_off_is_refused(session: Session) -> None:
    numbering.take(session, signed(session), DRAFTER, AT)
    with pytest.raises(Invalid, match="已经用在另一件公文上") as refused:
        registered(session)
    assert refused.value.errors[0].field == "paper_number"
    second = signed(session)
    numbering.take(session, second, DRAFTER, AT)
    numbering.void(session, second, CLERK, AT, "重复")
    with pytest.raises(Invalid, match="已经作废"):
        registered(session, paper_number="江水〔2026〕2号")


def test_a_number_taken_meanwhile_is_refused_at_the_check(session: Session) -> None:
    document = registered(session)
    numbering.take(session, signed(session), DRAFTER, AT)
    with pytest.raises(Invalid, match="已经用在另一件公文上"):
        scans.enter(session, document, LEADER, AT)
    assert (document.number, document.signatory, document.state) == (None, None, "draft")


def test_this_years_book_gets_no_gap(session: Session) -> None:
    with pytest.raises(Invalid, match="之前还有 4 个号没有登记"):
        registered(session, paper_number="江水〔2026〕5号")
    assert lines(session) == []


def test_a_book_that_is_over_is_filled_up_with_reasons(session: Session) -> None:
    entered(session, paper_number="江水〔2024〕3号", paper_date="2024-05-06")
    assert [state for _, state in lines(session)] == ["skipped", "skipped", "used"]
    entered(session, paper_number="江水〔2024〕1号", paper_date="2024-05-02")
    assert [state for _, state in lines(session)] == ["used", "skipped", "used"]
    with pytest.raises(Invalid, match="顺序号太大"):
        registered(session, paper_number="江水〔2024〕99999号", paper_date="2024-05-06")


@pytest.mark.parametrize(
    "text", ["他水〔2026〕1号", "江水[2026]1号", "江水〔2026〕01号", "江水〔2026〕０号", "无"]
)
def test_a_number_of_no_own_series_is_refused(session: Session, text: str) -> None:
    with pytest.raises(Invalid, match="不属于本单位的任何序列"):
        registered(session, paper_number=text)


def test_a_year_to_come_is_refused(session: Session) -> None:
    with pytest.raises(Invalid, match="年份还没有到"):
        registered(session, paper_number="江水〔2027〕1号")


@pytest.fixture
def postgres_office(bureau_on_postgres: sessionmaker[Session]) -> Iterator[sessionmaker[Session]]:
    """Without documents and numbers of the test before, and after."""
    yield bureau_on_postgres
    with bureau_on_postgres.begin() as session:
        for model in (IssuedNumber, NumberBook, NumberSeries):
            session.execute(sa.delete(model))
        session.execute(sa.update(Document).values(number=None, state="cancelled"))


@pytest.mark.postgres
@pytest.mark.enable_socket
def test_of_many_scans_with_one_number_one_gets_it(postgres_office: sessionmaker[Session]) -> None:
    with postgres_office.begin() as session:
        found = [registered(session).id for _ in range(8)]

    def entering(document_id: int) -> Any:
        def act(session: Session) -> Any:
            document = session.get_one(Document, document_id)
            try:
                scans.enter(session, document, LEADER, AT)
            except Invalid as refused:
                session.rollback()
                return refused
            return document.number

        return act

    answers = at_once(postgres_office, [entering(each) for each in found])
    assert answers.count("江水〔2026〕1号") == 1
    assert sum(isinstance(each, Invalid) for each in answers) == 7
    with postgres_office() as session:
        assert lines(session) == [("江水〔2026〕1号", "used")]
        assert session.scalars(sa.select(NumberBook.last)).one() == 1
