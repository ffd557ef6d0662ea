"""Drafting, registering and revising."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import audit
from app.documents import (
    Document,
    DocumentVersion,
    IncomingFields,
    OutgoingFields,
    content,
    create_outgoing,
    mark_signed,
    queries,
    read,
    register_incoming,
    revise,
)
from app.documents.errors import Classified, Stale, WrongState
from app.documents.text import of_stored, plain
from app.errors import DomainError, Invalid
from app.organization import Actor
from tests.documents.conftest import AT, DRAFTER, LEADER, NOTICE
from tests.documents.snapshot import snapshot
from tests.documents.test_fields import RECEIVED

LATER = AT + timedelta(hours=1)


def test_a_draft_has_its_first_version(session: Session, draft: Document) -> None:
    assert (draft.state, draft.version, draft.number, draft.signatory) == ("draft", 1, None, None)
    assert (draft.drafter_id, draft.unit_id) == (DRAFTER.person_id, DRAFTER.unit_id)
    (line,) = queries.version_lines(session, draft.id)
    assert (line.step, line.author, line.at) == ("draft", "拟稿人甲", AT)
    assert line.sha256 == draft.content_sha256
    assert line.words == ("首次保存。",)


def test_every_save_is_a_version_with_author_step_time_and_difference(
    session: Session, draft: Document
) -> None:
    """OUT-36."""
    first = draft.body
    body = first.replace("有关事项", "有关工作事项")
    version = revise(
        session, draft, LEADER, LATER, "dept_review", {"body": body, "urgency": "urgent"}
    )
    assert (version.number, version.step, version.author_name) == (2, "dept_review", "分管领导乙")
    assert version.at == LATER
    assert (draft.body, draft.urgency, draft.version) == (body, "urgent", 2)
    assert draft.content_sha256 == version.sha256
    assert plain(of_stored(json.loads(version.elements)["body"])) == body
    line = queries.version_lines(session, draft.id)[1]
    assert line.words == ("紧急程度由“无”改为“加急”。", "正文增加 2 字。")
    change = queries.change(session, draft.id, 2)
    assert "".join(run.text for run in change.body if run.kind != "insert") == first
    assert [run.text for run in change.body if run.kind == "insert"] == ["工作"]


def test_a_save_without_change_makes_no_version(session: Session, draft: Document) -> None:
    version = revise(session, draft, DRAFTER, LATER, "draft", {"title": draft.title})
    assert version.number == draft.version == 1


def test_a_version_that_knew_fewer_elements_is_no_change(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update brings elements that older versions do not hold; nobody has changed anything."""
    with monkeypatch.context() as before:
        known = tuple(name for name in content.OUTGOING if name != "letterhead")
        before.setattr(content, "OUTGOING", known)
        draft = create_outgoing(session, DRAFTER, AT, read(OutgoingFields, NOTICE))
    digest = draft.content_sha256
    version = revise(session, draft, DRAFTER, LATER, "draft", {"title": draft.title})
    assert (version.number, draft.version, draft.content_sha256) == (1, 1, digest)


def test_each_change_is_recorded_with_its_hash(session: Session, draft: Document) -> None:
    first = draft.content_sha256
    revise(session, draft, DRAFTER, LATER, "draft", {"note": "此件公开发布"})
    session.commit()
    bodies = [json.loads(body) for body in session.scalars(sa.select(audit.AuditEntry.body))]
    found = [body for body in bodies if body["document"] == draft.id]
    assert [body["action"] for body in found] == ["document.created", "document.revised"]
    assert [body["detail"]["content_sha256"] for body in found] == [first, draft.content_sha256]
    assert "此件公开发布" not in json.dumps(found, ensure_ascii=False)
    assert audit.verify(session).ok


REFUSED = [
    # changes                                                          error
    ({"title": "\u3000"}, Invalid),
    ({"classification": "secret"}, Classified),
    ({"body": "机密★\n正文"}, Classified),
    ({"signatory": "局长"}, Invalid),
    ({"number": "江水〔2026〕9号"}, Invalid),
    ({"state": "signed"}, Invalid),
    ({"countersigners": ["leader"]}, Invalid),
    ({"kind": "请示"}, Invalid),
    ({"main_recipients": ["镇"] * 201}, Invalid),
]


@pytest.mark.parametrize(("changes", "error"), REFUSED, ids=repr)
def test_a_refused_revision_changes_nothing(
    session: Session, draft: Document, changes: dict[str, Any], error: type[DomainError]
) -> None:
    before = snapshot(session)
    with pytest.raises(error):
        revise(session, draft, LEADER, LATER, "dept_review", {"note": "新", **changes})
    assert snapshot(session) == before


def test_nothing_is_revised_after_the_sign_off(session: Session, draft: Document) -> None:
    """NUM-07, S11: what was signed is what goes out."""
    mark_signed(session, draft, LEADER, LATER)
    before = snapshot(session)
    with pytest.raises(WrongState, match="已签发"):
        revise(session, draft, DRAFTER, LATER, "seal", {"body": "另一份正文"})
    assert snapshot(session) == before


def test_the_second_editor_is_told_who_saved_first(session: Session, draft: Document) -> None:
    revise(session, draft, LEADER, LATER, "dept_review", {"note": "一"}, seen=1)
    before = snapshot(session)
    with pytest.raises(Stale, match="分管领导乙已于11月23日 11:00 保存了新的一版"):
        revise(session, draft, DRAFTER, LATER, "draft", {"note": "二"}, seen=1)
    assert snapshot(session) == before


@pytest.mark.postgres
@pytest.mark.enable_socket
def test_of_two_editors_at_once_one_is_told(bureau_on_postgres: sessionmaker[Session]) -> None:
    """S6: one version, and the loser learns who was first."""
    with bureau_on_postgres.begin() as session:
        given = read(OutgoingFields, NOTICE)
        document_id = create_outgoing(session, DRAFTER, AT, given).id
    start = threading.Barrier(2)

    def edit(by: Actor) -> str:
        with bureau_on_postgres.begin() as session:
            document = queries.find(session, document_id)
            start.wait(timeout=10)
            try:
                revise(session, document, by, LATER, "draft", {"note": by.name}, seen=1)
            except Stale as refused:
                return refused.message
            return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(edit, (DRAFTER, LEADER)))
    with bureau_on_postgres() as session:
        lines = queries.version_lines(session, document_id)
    assert told[0] == ""
    assert told[1].startswith(f"{lines[1].author}已于11月23日 11:00 保存了新的一版")
    assert len(lines) == 2


def test_the_direction_is_settled_with_the_draft(session: Session, draft: Document) -> None:
    revise(session, draft, DRAFTER, LATER, "draft", {"direction": "parallel"})
    draft.state = "reviewing"
    with pytest.raises(Invalid, match="不能改变行文方向"):
        revise(session, draft, LEADER, LATER, "dept_review", {"direction": "downward"})


def test_versions_cannot_be_rewritten(session: Session, draft: Document) -> None:
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), session.begin_nested():
        session.execute(sa.update(DocumentVersion).values(author_name="他人"))


def test_registering_gives_the_next_receipt_number_of_the_year(session: Session) -> None:
    """NUM-04, INC-24."""
    given = read(IncomingFields, RECEIVED)
    numbers = [register_incoming(session, DRAFTER, AT, given).receipt_number for _ in range(3)]
    assert numbers == [1, 2, 3]
    elsewhere = replace(DRAFTER, unit_id=2)
    assert register_incoming(session, elsewhere, AT, given).receipt_number == 1
    new_year = AT + timedelta(days=39)
    document = register_incoming(session, DRAFTER, new_year, given)
    assert (document.receipt_year, document.receipt_number) == (2027, 1)


def test_a_registered_document_keeps_what_came(session: Session) -> None:
    document = register_incoming(session, DRAFTER, AT, read(IncomingFields, RECEIVED))
    page = queries.document(session, document.id)
    assert (page.flow, page.direction, page.state) == ("incoming", "incoming", "registered")
    assert (page.from_unit, page.source_number) == ("江洲市水务局", "江市水〔2026〕8号")
    assert (page.kind, page.number, page.direction_label) == ("通知", None, "收文")
    revise(
        session, document, DRAFTER, LATER, "register", {"number": "", "document_date": "2026-11-19"}
    )
    words = queries.version_lines(session, document.id)[1].words
    assert words == (
        "来文字号“江市水〔2026〕8号”已删去。",
        "来文日期由“2026-11-20”改为“2026-11-19”。",
    )


def test_nothing_is_received_in_the_future(session: Session) -> None:
    given = read(IncomingFields, {**RECEIVED, "received_at": "2026-11-23T10:06:00+08:00"})
    before = snapshot(session)
    with pytest.raises(Invalid, match="收文时间不能晚于现在"):
        register_incoming(session, DRAFTER, AT, given)
    assert snapshot(session) == before


def test_the_real_notice_passes_whole(session: Session) -> None:
    body = "现将办法印发你们。\n\n# 暂行办法\n\n第一章 总 则\n\n第一条 为提高速度，制定本办法。\n"
    document = create_outgoing(session, DRAFTER, AT, read(OutgoingFields, {**NOTICE, "body": body}))
    assert queries.document(session, document.id).body == body
