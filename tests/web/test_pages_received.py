"""The page of 从收文中选择, and how far a page is: for whoever may see the document only."""

import pytest

from app.documents.attachments import Upload
from app.documents.models import Document
from app.documents.proofs import Typesetting
from app.handling.acts import editing
from tests.web.conftest import At
from tests.web.desk import AFTERNOON
from tests.world import World

FORM = "form.card"
PDF = Upload("清障通知.pdf", "application/pdf", 10, "c" * 64)


@pytest.fixture
def original(world: World) -> int:
    """The scan of a received document that lies with dept.head."""
    done = world.register()
    editing.attach_all(world.session, world.actor("secretary"), done, [PDF])
    world.session.commit()
    given = {"distribute": {"next": ["leader"]}}
    given["collect"] = {"outcome": "to_handle", "next": ["dept.head"]}
    world.run(done, until="handle", **given)
    number = world.session.get_one(Document, done.case.document_id).attachments[0].id
    world.session.rollback()
    return number


@pytest.fixture
def draft(world: World) -> int:
    number = world.draft("dept.head").case.document_id
    world.session.rollback()
    return number


def test_the_chosen_original_stands_under_the_files_with_its_record(
    at: At, original: int, draft: int
) -> None:
    head = at("dept.head")
    page = head.get(f"/documents/{draft}/received")
    assert page.texts("fieldset legend") == ["江洲市水务局关于开展河道清障的通知"]
    sent = head.press(f"/documents/{draft}/received", FORM, file=str(original))
    assert (sent.status, sent.leads_to) == (303, f"/documents/{draft}/edit")
    page = head.get(f"/documents/{draft}/edit")
    assert "来文：江市水〔2026〕12号" in page.texts("fieldset.files")[-1]


def test_nothing_ticked_is_said_at_the_field(at: At, original: int, draft: int) -> None:
    page = at("dept.head").press(f"/documents/{draft}/received", FORM)
    assert page.status == 422
    assert "请先勾选要添加的文件。" in page.text(".errors")


def test_a_received_document_has_no_such_page(at: At, world: World) -> None:
    number = world.register().case.document_id
    world.session.rollback()
    assert at("secretary").get(f"/documents/{number}/received").status == 409


def test_progress_is_told_to_whoever_sees_the_document(at: At, world: World, draft: int) -> None:
    row = Typesetting(document_id=draft, seen_at=AFTERNOON, begun=True, passes=3, most=16)
    world.session.add(row)
    world.session.commit()
    answer = at("dept.head").get(f"/documents/{draft}/typesetting").answer
    assert answer.json == {"words": "正在排版，第 3 遍（至多 16 遍）。"}
    assert at("city.drafter").get(f"/documents/{draft}/typesetting").status == 404


def test_no_page_is_being_set(at: At, draft: int) -> None:
    assert at("dept.head").get(f"/documents/{draft}/typesetting").answer.json == {"words": ""}
