"""Reading for pages and for the paper."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.documents import Document, mark_numbered, mark_signed, queries, revise
from app.documents.layout.sheet import Sheet
from app.documents.text import plain
from app.errors import NotFound
from tests.documents.conftest import AT, DRAFTER, LEADER


def test_the_paper_carries_what_the_layout_asks_for(session: Session, draft: Document) -> None:
    """DRF-04: everything but what the unit itself adds."""
    asked = {field.name for field in dataclasses.fields(Sheet)}
    assert set(queries.elements(draft)) <= asked
    revise(session, draft, DRAFTER, AT, "draft", {"urgency": "extra_urgent", "note": "公开发布"})
    mark_signed(session, draft, LEADER, AT)
    mark_numbered(session, draft, DRAFTER, AT)
    sheet = Sheet(
        letterhead="江洲县水务局", signature_unit="江洲县水务局", **queries.elements(draft)
    )
    assert sheet.number == "江水〔2026〕1号"
    assert (sheet.urgency, sheet.note, sheet.draft) == ("特急", "公开发布", False)
    assert sheet.main_recipients == ("各镇人民政府", "各街道办事处")
    assert (sheet.date, sheet.printed_on) == (date(2026, 11, 23), date(2026, 11, 23))
    assert plain(sheet.blocks) == draft.body


def test_a_page_shows_words_for_codes(session: Session, draft: Document) -> None:
    page = queries.document(session, draft.id)
    labels = (page.direction_label, page.urgency_label, page.state_label)
    assert labels == ("下行文", "无", "拟稿")
    assert page.body == draft.body
    assert [each.level for each in page.paragraphs] == [0, 0, 1, 1]


def test_the_first_version_has_no_difference(session: Session, draft: Document) -> None:
    assert queries.change(session, draft.id, 1).words == ()
    with pytest.raises(NotFound):
        queries.change(session, draft.id, 2)


def test_absent(session: Session) -> None:
    for ask in (queries.find, queries.document):
        with pytest.raises(NotFound, match="没有这个公文"):
            ask(session, 999_999)
