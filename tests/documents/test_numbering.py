"""The form of a number, and what the database refuses."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from app.documents import (
    IncomingFields,
    mark_numbered,
    numbering,
    read,
    register_incoming,
)
from app.documents.models import IssuedNumber, NumberBook
from app.errors import Invalid
from app.organization import Unit
from tests.documents.conftest import AT, DRAFTER, LEADER, PARTY
from tests.documents.numbers import PARTY_CODE, book, party_series, signed
from tests.documents.snapshot import snapshot
from tests.documents.test_fields import RECEIVED

CODES = st.text(st.characters(categories=["Lo"]), min_size=1, max_size=10)


@given(CODES, st.integers(1949, 2200), st.integers(1, 10**6))
def test_form(code: str, year: int, number: int) -> None:
    """NUM-03: code, full year in U+3014/3015, no 第, no leading zero, 号."""
    text = numbering.number_text(code, year, number)
    assert text == f"{code}\u3014{year}\u3015{number}号"
    assert numbering.parse(text) == (code, year, number)


@pytest.mark.parametrize(
    "text",
    [
        "江水[2026]15号",
        "江水〔2026〕015号",
        "江水〔2026〕第15号",
        "江水〔26〕15号",
        "〔2026〕15号",
        "",
    ],
)
def test_other_forms_are_no_numbers(text: str) -> None:
    assert numbering.parse(text) is None


def test_numbers_run_on_within_code_and_year(session: Session) -> None:
    in_new_year = AT + timedelta(days=39)  # 2027-01-01 in Shanghai
    eve = in_new_year - timedelta(hours=11)  # 2026-12-31 23:00 in Shanghai
    party_series(session)
    taken = [
        mark_numbered(session, signed(session), by, at, code)
        for code, by, at in (
            ("", DRAFTER, AT),
            ("江水", DRAFTER, eve),
            (PARTY_CODE, PARTY, AT),
            ("", DRAFTER, in_new_year),
            ("", DRAFTER, AT),
        )
    ]
    assert taken == [
        "江水〔2026〕1号",
        "江水〔2026〕2号",
        "江水党〔2026〕1号",
        "江水〔2027〕1号",
        "江水〔2026〕3号",
    ]


def test_a_repeat_gives_the_same_number(session: Session) -> None:
    document = signed(session)
    taken = {numbering.take(session, document, DRAFTER, AT) for _ in range(3)}
    assert taken == {"江水〔2026〕1号"}


def test_a_void_number_stays_and_is_not_given_again(session: Session) -> None:
    """Decision 7: the register shows every number of the year once."""
    first, second = signed(session, "甲"), signed(session, "乙")
    mark_numbered(session, first, DRAFTER, AT)
    assert numbering.void(session, first, LEADER, AT, "编号印错") == "江水〔2026〕1号"
    assert first.number is None
    assert mark_numbered(session, second, DRAFTER, AT) == "江水〔2026〕2号"
    assert mark_numbered(session, first, DRAFTER, AT) == "江水〔2026〕3号"
    lines = [(line.number, line.state, line.words) for line in book(session)]
    assert lines == [(1, "void", "编号印错"), (2, "used", ""), (3, "used", "")]


@pytest.mark.parametrize("reason", ["", " ", "\u3000\u200b"])
def test_voiding_wants_a_reason(session: Session, reason: str) -> None:
    document = signed(session)
    mark_numbered(session, document, DRAFTER, AT)
    before = snapshot(session)
    with pytest.raises(Invalid, match="须写明原因"):
        numbering.void(session, document, DRAFTER, AT, reason)
    assert snapshot(session) == before


def test_a_unit_without_a_code_takes_none(session: Session) -> None:
    document = signed(session)
    session.get_one(Unit, 1).agency_code = " "
    before = snapshot(session)
    with pytest.raises(Invalid, match="机关代字"):
        numbering.take(session, document, DRAFTER, AT)
    assert snapshot(session) == before


@pytest.mark.parametrize(
    "twice",
    [
        {"number": 1, "text": "另一种写法"},
        {"number": 2, "text": "江水〔2026〕1号"},
        {"number": 2, "text": "江水〔2026〕2号", "same_document": True},
        {"number": 0, "text": "江水〔2026〕0号"},
    ],
    ids=str,
)
def test_the_database_refuses_a_number_twice(session: Session, twice: dict[str, object]) -> None:
    """NUM-02, under the code: unique in its series, as a text, and one per document."""
    first, second = signed(session, "甲"), signed(session, "乙")
    mark_numbered(session, first, DRAFTER, AT)
    book_id = session.scalars(sa.select(NumberBook.id)).one()
    document = first if twice.pop("same_document", False) else second
    values = {
        "book_id": book_id,
        "document_id": document.id,
        "state": "used",
        "taken_by_id": 1,
        "taken_at": AT,
        **twice,
    }
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(sa.insert(IssuedNumber).values(values))


@pytest.mark.postgres
@pytest.mark.enable_socket
def test_registrars_at_once_get_different_receipt_numbers(
    bureau_on_postgres: sessionmaker[Session],
) -> None:
    start = threading.Barrier(6)

    def register(_: int) -> int | None:
        with bureau_on_postgres.begin() as session:
            start.wait(timeout=10)
            return register_incoming(
                session, DRAFTER, AT, read(IncomingFields, RECEIVED)
            ).receipt_number

    with ThreadPoolExecutor(6) as pool:
        assert sorted(number or 0 for number in pool.map(register, range(6))) == [1, 2, 3, 4, 5, 6]
