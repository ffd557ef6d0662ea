"""What is known of the page of a content, and until when."""

from sqlalchemy.orm import Session

from app.documents import Document, proofs
from app.documents.letterheads import Letterhead, LetterheadVersion
from app.documents.proofs import DRAFT, Subject
from app.organization import Unit
from tests.documents.conftest import AT

LAYOUT = "2 fonts"
LACK = "首页排不下正文，请精简标题。"


def subject(session: Session, document: Document, signatory: str = DRAFT) -> Subject:
    return proofs.subject(session, document, signatory, LAYOUT)


def test_a_page_is_unknown_until_it_has_been_set(session: Session, draft: Document) -> None:
    page = subject(session, draft)
    assert proofs.known(session, page) is None
    proofs.judge(session, page, (LACK,), AT)
    assert proofs.known(session, page) == (LACK,)
    proofs.judge(session, page, (), AT)
    assert proofs.known(session, page) == ()


def test_what_is_known_of_a_draft_says_nothing_of_a_signature(
    session: Session, draft: Document
) -> None:
    proofs.judge(session, subject(session, draft), (), AT)
    proofs.judge(session, subject(session, draft, "赵局长"), (LACK,), AT)
    assert proofs.known(session, subject(session, draft, "钱局长")) is None
    assert proofs.known(session, subject(session, draft, "赵局长")) == (LACK,)


def test_another_text_another_layout_and_another_unit_are_other_pages(
    session: Session, draft: Document
) -> None:
    proofs.judge(session, subject(session, draft), (), AT)
    other = proofs.subject(session, draft, DRAFT, "3 fonts")
    assert proofs.known(session, other) is None
    session.get_one(Unit, draft.unit_id).letterhead = "江洲县水利局文件"
    session.flush()
    assert proofs.known(session, subject(session, draft)) is None
    session.get_one(Unit, draft.unit_id).letterhead = "jiangzhou-county-water"
    session.flush()
    assert proofs.known(session, subject(session, draft)) == ()
    draft.content_sha256 = "0" * 64
    assert proofs.known(session, subject(session, draft)) is None


def test_a_new_letterhead_makes_the_page_unknown(session: Session, draft: Document) -> None:
    proofs.judge(session, subject(session, draft), (), AT)
    letterhead = Letterhead(unit_id=draft.unit_id, name="办公室")
    session.add(letterhead)
    session.flush()
    session.add(
        LetterheadVersion(
            letterhead_id=letterhead.id,
            number=1,
            offered=True,
            description="",
            format="文件",
            words="江洲县水务局办公室文件",
            kinds=[],
            signature="江洲县水务局办公室",
            printed_by="江洲县水务局办公室",
            seal_diameter=42,
            author_id=1,
            author_name="甲",
            at=AT,
        )
    )
    session.flush()
    assert proofs.known(session, subject(session, draft)) is None
