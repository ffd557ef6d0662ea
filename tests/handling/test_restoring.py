"""恢复旧版本: a new version that says what an old one said, by who may change the text now."""

import pytest
from flask import Flask

from app import audit, clock
from app.database import db
from app.documents import version_queries
from app.documents.errors import Stale, WrongState
from app.documents.models import Document, DocumentVersion
from app.errors import DomainError, Invalid, NotAllowed, NotFound
from app.handling.acts import editing
from app.handling.acts.editing import Save
from app.handling.acts.restoring import restore
from app.handling.errors import StaleRevision
from app.handling.models import Case, Task
from app.handling.views import history
from tests.handling.test_races import at_once
from tests.handling.test_statements import MOST, statements
from tests.world import World

REASON = "按初稿报批。"
TABLE = {"type": "table", "rows": [[{"text": "东山镇"}, {"text": "12"}]], "widths": [1, 2]}


def changed(world: World) -> int:
    """A document whose second version has another title and text; it lies at the review."""
    done = world.draft(body=[{"type": "paragraph", "text": "原文。"}, TABLE])
    world.run(done, until="dept_review")
    text = [{"type": "paragraph", "text": "改后的正文。"}]
    given = Save({"title": "江洲县水务局关于改后事项的通知", "body": text, "note": "附注"})
    world._act(editing.save, world.actor("dept.head"), done.case.document_id, given)
    return done.case.document_id


def bring_back(
    world: World, document_id: int, login: str = "dept.head", number: int = 1, **more: object
) -> None:
    given = {"reason": REASON, "seen": None, **more}
    world._act(restore, world.actor(login), document_id, number, *given.values())


def document(world: World, document_id: int) -> Document:
    world.session.rollback()
    return world.session.get_one(Document, document_id, populate_existing=True)


def versions(world: World, document_id: int) -> list[DocumentVersion]:
    query = DocumentVersion.__table__.c.document_id == document_id
    rows = world.session.query(DocumentVersion).filter(query)
    return list(rows.order_by(DocumentVersion.number))


def test_an_old_version_becomes_the_newest_and_nothing_is_erased(world: World) -> None:
    document_id = changed(world)
    bring_back(world, document_id)
    found = document(world, document_id)
    assert (found.version, found.note, found.body) == (3, "", "原文。\n｜东山镇｜12｜")
    assert found.text[1] == TABLE
    first, _, third = versions(world, document_id)
    assert third.sha256 == first.sha256 == found.content_sha256
    assert (third.step, third.author_name) == ("dept_review", world.actor("dept.head").name)
    lines = version_queries.compare(world.session, document_id, 1, 3)
    assert not lines.difference.words


def test_it_is_on_record_with_its_reason(world: World) -> None:
    document_id = changed(world)
    bring_back(world, document_id)
    case = world.session.query(Case).filter_by(document_id=document_id).one()
    entries = audit.case_entries(world.session, case.id, document_id)
    (entry,) = [each for each in entries if each.action == "document.restored"]
    assert (entry.reason, entry.detail["restored"], entry.detail["version"]) == (REASON, 1, 3)
    assert history.ACTIONS[entry.action] == "恢复旧版本"


def test_it_takes_few_statements(world: World) -> None:
    document_id = changed(world)
    head = world.actor("dept.head")
    world.session.rollback()
    world.session.expunge_all()
    with clock.moved_to(world.at), statements() as seen:
        restore(world.session, head, document_id, 1, REASON, 2)
        world.session.flush()
    assert len(seen) <= MOST, seen


def test_what_was_drawn_before_is_stale(world: World) -> None:
    document_id = changed(world)
    found = document(world, document_id)
    task = world.session.query(Task).filter_by(state="open").one()
    drawn = task.revision
    bring_back(world, found.id)
    with pytest.raises(StaleRevision):
        world.complete(task, "dept.head", "approve", revision=drawn)


REFUSED = [
    ("drafter", {}, NotAllowed),
    ("secretary", {}, NotAllowed),
    ("dept.deputy", {}, NotFound),
    ("east.drafter", {}, NotFound),
    ("dept.head", {"number": 9}, NotFound),
    ("dept.head", {"number": 2}, Invalid),
    ("dept.head", {"reason": " 　"}, Invalid),
    ("dept.head", {"reason": "字" * 201}, Invalid),
    ("dept.head", {"seen": 1}, Stale),
]


@pytest.mark.parametrize(("login", "given", "error"), REFUSED)
def test_a_refusal_changes_nothing(
    world: World, login: str, given: dict[str, object], error: type[DomainError]
) -> None:
    document_id = changed(world)
    before = document(world, document_id)
    kept = (before.version, before.title, before.content_sha256, before.revision)
    with pytest.raises(error):
        bring_back(world, document_id, login, **given)
    after = document(world, document_id)
    assert (after.version, after.title, after.content_sha256, after.revision) == kept
    assert len(versions(world, document_id)) == 2


def test_the_version_that_was_signed_stays(world: World) -> None:
    done = world.draft()
    task = world.run(done, until="dept_review")
    assert task is not None
    save = Save({"title": "江洲县水务局关于改后事项的通知"})
    world._act(editing.save, world.actor("dept.head"), done.case.document_id, save)
    world.run(done, until="register_number")
    with pytest.raises((NotAllowed, WrongState)):
        bring_back(world, done.case.document_id, "printing")
    assert document(world, done.case.document_id).version == 2


@pytest.mark.postgres
def test_of_two_at_once_one_is_told_of_the_other(postgres_app: Flask) -> None:
    """Both have seen version 2; the second to come would undo what he has not seen."""
    with postgres_app.app_context():
        world = World(db.session())
        document_id = changed(world)
        head = world.actor("dept.head")
        db.session.remove()

    def act() -> None:
        restore(db.session(), head, document_id, 1, REASON, 2)

    found = at_once(postgres_app, act, act)
    assert [type(each) for each in found if each] == [Stale]
    with postgres_app.app_context():
        assert db.session().get_one(Document, document_id).version == 3
        db.session.remove()
