"""One person writes at a time, nobody waits for ever, and nothing typed is lost (SRC-10)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import organization
from app.audit.models import AuditEntry
from app.database import db
from app.documents.errors import Classified
from app.errors import Conflict, Invalid, NotAllowed
from app.handling.acts import editing
from app.handling.acts.editing import Save
from app.handling.acts.restoring import restore
from app.handling.writing import drafts, locks
from app.handling.writing.locks import BeingEdited, Held
from app.handling.writing.models import EditLock, FormDraft
from tests.handling.test_races import at_once
from tests.world import World

ROUNDS = 40
FIRST, SECOND = "secretary", "dispatcher"
"""Either may do the registration step, and change what was registered."""


@dataclass
class Office:
    """A received document that two people may change."""

    world: World
    document_id: int

    def act(self, login: str, do: Callable[..., Held], **more: object) -> Held:
        def call(session: object, actor: object) -> Held:
            return do(editing.look_editable(session, actor, self.document_id), **more)

        held: Held = self.world._act(call, self.world.actor(login))
        return held

    def save(self, login: str, **changes: object) -> None:
        self.world._act(editing.save, self.world.actor(login), self.document_id, Save(changes))

    def recorded(self) -> list[str]:
        kinds = ("document.takeover_asked", "document.takeover_refused")
        kinds += ("document.handed_over", "document.taken_over")
        query = sa.select(AuditEntry.action).where(AuditEntry.action.in_(kinds))
        return list(self.world.session.scalars(query.order_by(AuditEntry.seq)))


@pytest.fixture
def office(world: World) -> Office:
    return Office(world, world.register().case.document_id)


def test_the_second_reads_who_has_it_and_cannot_save(office: Office) -> None:
    assert office.act(FIRST, locks.take).mine
    held = office.act(SECOND, locks.take)
    assert not held.mine
    assert held.sentence.startswith(f"{office.world.actor(FIRST).name}正在修改此件（09:")
    with pytest.raises(BeingEdited, match="正在修改此件"):
        office.save(SECOND, title="江洲县水务局关于改题的通知")
    with pytest.raises(BeingEdited, match="正在修改此件"):
        office.world._act(restore, office.world.actor(SECOND), office.document_id, 1, "恢复", 1)
    office.save(FIRST, title="江洲县水务局关于改题的通知")


def test_who_opens_two_windows_has_it_in_both(office: Office) -> None:
    assert office.act(FIRST, locks.take).mine
    assert office.act(FIRST, locks.take, lasting=locks.RENEWED).mine


def test_nobody_need_take_it_to_save(office: Office) -> None:
    office.save(SECOND, title="江洲县水务局关于改题的通知")


@pytest.mark.parametrize(
    ("lasting", "minutes", "mine"),
    [(locks.RENEWED, 1, False), (locks.RENEWED, 4, True), (locks.OPENED, 15, False)],
)
def test_it_lapses_when_the_page_gives_no_sign_of_life(
    office: Office, lasting: timedelta, minutes: int, mine: bool
) -> None:
    office.act(FIRST, locks.take, lasting=lasting)
    office.world.later(minutes=minutes)
    assert office.act(SECOND, locks.take).mine is mine
    assert office.recorded() == []


def test_it_is_over_with_the_stay_at_which_it_was_taken(world: World) -> None:
    done = world.draft()
    office = Office(world, done.case.document_id)
    office.act("drafter", locks.take)
    world.run(done, until="dept_review")
    assert office.act("dept.head", locks.take).mine


def test_a_save_that_leaves_the_page_lets_go(office: Office) -> None:
    office.act(FIRST, locks.take)
    locks.release(office.world.session, office.world.actor(FIRST), office.document_id)
    assert office.act(SECOND, locks.take).mine


def test_the_holder_consents(office: Office) -> None:
    office.act(FIRST, locks.take)
    asked = office.act(SECOND, locks.ask)
    assert (asked.asking, asked.mine) == (True, False)
    seen = office.act(FIRST, locks.take)
    assert seen.asker == office.world.actor(SECOND).name
    assert "请求接手修改" in seen.sentence
    assert not office.act(FIRST, locks.answer, consent=True).mine
    assert office.act(SECOND, locks.take).mine
    with pytest.raises(BeingEdited):
        office.save(FIRST, title="江洲县水务局关于改题的通知")
    assert office.recorded() == ["document.takeover_asked", "document.handed_over"]


def test_the_holder_declines_and_may_be_asked_again(office: Office) -> None:
    office.act(FIRST, locks.take)
    office.act(SECOND, locks.ask)
    assert office.act(FIRST, locks.answer, consent=False).mine
    refused = office.act(SECOND, locks.take)
    assert (refused.refused, refused.asking, refused.mine) == (True, False, False)
    assert office.act(SECOND, locks.ask).asking
    assert office.recorded() == [
        *("document.takeover_asked", "document.takeover_refused", "document.takeover_asked")
    ]


def test_without_an_answer_it_goes_over(office: Office) -> None:
    office.act(FIRST, locks.take)
    office.act(SECOND, locks.ask)
    assert not office.act(SECOND, locks.take).mine
    office.act(FIRST, locks.take, lasting=locks.RENEWED)
    office.world.later(minutes=2)
    assert office.act(SECOND, locks.take).mine
    assert not office.act(FIRST, locks.take).mine
    assert office.recorded() == ["document.takeover_asked", "document.taken_over"]


def test_a_request_whose_asker_stays_away_is_void(office: Office) -> None:
    office.act(FIRST, locks.take)
    office.act(SECOND, locks.ask)
    office.world.later(minutes=11)
    assert office.act(FIRST, locks.take).asker == ""
    assert not office.act(SECOND, locks.take).mine
    with pytest.raises(Conflict, match="没有等您答复"):
        office.act(FIRST, locks.answer, consent=True)


def test_who_may_not_write_can_neither_take_nor_ask(office: Office) -> None:
    for do in (locks.take, locks.ask):
        with pytest.raises(NotAllowed):
            office.act("office.head", do)
    office.world.session.rollback()
    assert office.world.session.scalars(sa.select(EditLock)).all() == []


def test_what_was_typed_is_kept_for_its_writer_alone(office: Office) -> None:
    world, session = office.world, office.world.session
    first, second = world.actor(FIRST), world.actor(SECOND)
    typed = {"title": "写到一半", "body": [{"type": "paragraph", "text": "一、"}]}
    drafts.keep(session, first, "1", typed, world.at, 1)
    drafts.keep(session, first, "1", {**typed, "title": "又写了些"}, world.at, 1)
    found = drafts.kept(session, first, "1")
    assert found is not None
    assert (found.values["title"], found.version) == ("又写了些", 1)
    assert drafts.kept(session, second, "1") is None
    drafts.drop(session, first, "1")
    assert drafts.kept(session, first, "1") is None


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"title": "秘密★1年"}, Classified),
        ({"body": [{"type": "paragraph", "text": "绝密★"}]}, Classified),
        ({"main_recipients": ["机密★"]}, Classified),
        ({"title": "\x00"}, Invalid),
        ({"body": [{"type": "script"}]}, Invalid),
        ({"body": "字" * 500_001}, Invalid),
    ],
)
def test_what_no_document_may_hold_is_not_kept_either(
    world: World, typed: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        drafts.keep(world.session, world.actor("drafter"), drafts.NEW, typed, world.at)
    assert world.session.scalars(sa.select(FormDraft)).all() == []


def test_what_lay_about_for_a_month_is_forgotten(world: World) -> None:
    drafter = world.actor("drafter")
    drafts.keep(world.session, drafter, drafts.NEW, {"title": "旧"}, world.at)
    later = world.at + timedelta(days=31)
    drafts.keep(world.session, drafter, "7", {"title": "新"}, later, 1)
    assert drafts.kept(world.session, drafter, drafts.NEW) is None


@pytest.mark.postgres
def test_of_two_who_take_at_once_one_has_it(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        documents = [world.register().case.document_id for _ in range(ROUNDS)]
        db.session.remove()

    for document_id in documents:
        seen: list[tuple[str, bool, str]] = []
        results = at_once(
            postgres_app,
            *(_taking(login, document_id, seen) for login in (FIRST, SECOND)),
        )
        assert results == [None, None]
        assert sorted(mine for _, mine, _ in seen) == [False, True]
        with postgres_app.app_context():
            lock = db.session.get_one(EditLock, document_id)
            winner = next(login for login, mine, _ in seen if mine)
            assert organization.person_by_login(db.session(), winner).id == lock.person_id
            db.session.remove()


def _taking(login: str, document_id: int, seen: list[tuple[str, bool, str]]) -> Callable[[], None]:
    def act() -> None:
        person = organization.person_by_login(db.session(), login)
        actor = organization.actor(db.session(), person.id)
        held = locks.take(editing.look_editable(db.session(), actor, document_id))
        seen.append((login, held.mine, held.holder))

    return act


@pytest.mark.postgres
def test_a_save_and_a_taking_over_at_once_lose_nothing(postgres_app: Flask) -> None:
    """Either the save came first, and the new holder reads it; or it is refused."""
    with postgres_app.app_context():
        world = World(db.session())
        documents = [world.register().case.document_id for _ in range(ROUNDS)]
        db.session.remove()
    for document_id in documents:
        seen: list[tuple[str, bool, str]] = []

        def save(document_id: int = document_id) -> None:
            person = organization.person_by_login(db.session(), FIRST)
            actor = organization.actor(db.session(), person.id)
            given = Save({"title": "江洲县水务局关于改题的通知"}, version=1)
            editing.save(db.session(), actor, document_id, given)

        saved, taken = at_once(postgres_app, save, _taking(SECOND, document_id, seen))
        assert taken is None
        assert saved is None or isinstance(saved, BeingEdited)
