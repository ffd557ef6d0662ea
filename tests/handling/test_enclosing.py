"""来文作附件: whose originals may go with a document, and what is told of them (ATT-02)."""

import pytest

from app.documents.attachments import Upload
from app.documents.errors import WrongState, WrongType
from app.documents.models import Attachment, Document
from app.documents.queries import AttachmentLine, attachments
from app.errors import Invalid, NotFound
from app.handling.acts import editing
from app.handling.acts.editing import Save
from app.handling.views import received
from app.handling.views.received import Source
from tests.features.rows import all_rows
from tests.world import World

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
    return world.session.get_one(Document, done.case.document_id).attachments[0].id


@pytest.fixture
def draft(world: World) -> int:
    return world.draft("dept.head").case.document_id


def enclose(world: World, login: str, document: int, *originals: int) -> None:
    save = Save({}, received=originals)
    world._act(editing.save, world.actor(login), document, save)


def lines(world: World, document: int) -> tuple[AttachmentLine, ...]:
    return attachments(world.session, document)


def test_the_original_goes_as_it_came(world: World, original: int, draft: int) -> None:
    enclose(world, "dept.head", draft, original)
    (line,) = lines(world, draft)
    assert (line.name, line.sha256) == (PDF.name, PDF.sha256)
    assert line.received_id == world.session.get_one(Attachment, original).document_id


def test_it_is_not_replaced_but_may_be_taken_off(world: World, original: int, draft: int) -> None:
    enclose(world, "dept.head", draft, original)
    (line,) = lines(world, draft)
    other = Upload("改动.pdf", "application/pdf", 10, "d" * 64)
    actor = world.actor("dept.head")
    with pytest.raises(Invalid, match="原件，不能替换"):
        world._act(editing.save, actor, draft, Save({}, uploads=[other], replaces=line.id))
    world._act(editing.save, actor, draft, Save({}, removes=line.id))
    assert [each.in_force for each in lines(world, draft)] == [False]


def test_what_the_person_may_not_see_is_not_there(world: World, original: int) -> None:
    document = world.draft().case.document_id
    before = all_rows(world.session)
    with pytest.raises(NotFound):
        enclose(world, "drafter", document, original)
    assert all_rows(world.session) == before
    assert received.choices(world.session, world.actor("drafter"), "") == []


def test_only_originals_of_received_documents_go(world: World, draft: int) -> None:
    own = world.draft("dept.head")
    editing.attach_all(world.session, world.actor("dept.head"), own, [PDF])
    world.session.commit()
    number = world.session.get_one(Document, own.case.document_id).attachments[0].id
    for each in (number, 0, 2**40):
        with pytest.raises(NotFound):
            enclose(world, "dept.head", draft, each)


def test_a_received_document_takes_none(world: World, original: int) -> None:
    document = world.register().case.document_id
    with pytest.raises(WrongState, match="只能作本单位拟制公文的附件"):
        enclose(world, "secretary", document, original)


def test_the_types_of_the_unit_hold_for_them_too(world: World, original: int, draft: int) -> None:
    world.session.get_one(Attachment, original).media_type = "image/gif"
    world.session.commit()
    with pytest.raises(WrongType):
        enclose(world, "dept.head", draft, original)


def test_the_choices_are_searched_and_only_have_files(world: World, original: int) -> None:
    world.register(title="江洲市水务局关于没有原件的通知")
    secretary = world.actor("secretary")
    (choice,) = received.choices(world.session, secretary, "")
    assert [each.id for each in choice.files] == [original]
    assert choice.name == "江市水〔2026〕12号"
    assert received.choices(world.session, secretary, "河道清障") == [choice]
    assert received.choices(world.session, secretary, "没有") == []


def test_the_record_opens_for_who_may_see_it(world: World, original: int, draft: int) -> None:
    enclose(world, "dept.head", draft, original)
    (line,) = lines(world, draft)
    wanted = [line.received_id, None]
    seen = received.sources(world.session, world.actor("dept.head"), wanted)
    unseen = received.sources(world.session, world.actor("leader3"), wanted)
    assert line.received_id is not None
    assert seen[line.received_id].case_id is not None
    assert unseen == {line.received_id: Source("江市水〔2026〕12号", None)}
    assert received.sources(world.session, world.actor("leader3"), [None]) == {}
