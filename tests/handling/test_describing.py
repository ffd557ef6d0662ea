"""Keywords after the sign-off, what the registrar says of the print, and what is found again."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import clock
from app.database import db
from app.errors import Invalid, NotAllowed
from app.handling.act import look_at_case
from app.handling.acts import indexing
from app.handling.acts.done import Done
from app.handling.views import process_sheet, queries, trace
from tests.world import World


def change(world: World, login: str, done: Done, words: list[str], reason: str = "按词表") -> None:
    with clock.moved_to(world.at):
        actor = world.actor(login)
        indexing.change(world.session, actor, done.case.document_id, words, reason)
        world.session.commit()


@pytest.fixture
def numbered(world: World) -> Done:
    done = world.draft(keywords=["堤防"])
    world.run(done, "register_number")
    return done


@pytest.mark.parametrize("login", ["office.head", "archivist"])
def test_who_may_change_keywords_after_the_sign_off(
    world: World, numbered: Done, login: str
) -> None:
    change(world, login, numbered, ["水利"])
    assert world.document(numbered.case).keywords_in_force == ["水利"]
    assert world.document(numbered.case).keywords == ["堤防"]


def test_nobody_else_may(world: World, numbered: Done) -> None:
    with pytest.raises(NotAllowed, match="不能随意更改"):
        change(world, "drafter", numbered, ["水利"])
    world.session.rollback()
    with pytest.raises(Invalid, match="须写明原因"):
        change(world, "archivist", numbered, ["水利"], " ")


@pytest.mark.parametrize(
    ("fields", "copies", "proofreader"),
    [
        ({"copies": 30, "proofreader": "secretary"}, 30, "secretary"),
        ({"copies": 0}, 0, "printing"),
        ({}, None, "printing"),
    ],
)
def test_copies_and_proofreader_go_onto_the_document(
    world: World, numbered: Done, fields: dict[str, object], copies: int | None, proofreader: str
) -> None:
    (task,) = world.open(numbered.case)
    world.complete(task, "printing", "register", fields=fields)
    document = world.document(numbered.case)
    assert (document.copies, document.proofreader) == (copies, world.actor(proofreader).name)


def test_half_a_copy_is_refused(world: World, numbered: Done) -> None:
    (task,) = world.open(numbered.case)
    with pytest.raises(Invalid, match="印制份数应是不小于 0 的整数"):
        world.complete(task, "printing", "register", fields={"copies": 1.5})


def test_the_free_route_says_it_as_it_sends(world: World) -> None:
    done = world.draft(process="outgoing_free")
    for login, outcome, to in (
        ("drafter", "sign", "leader"),
        ("leader", "to_handler", None),
        ("drafter", "seal", None),
        ("seal.keeper", None, None),
        ("drafter", "dispatch", None),
    ):
        (task,) = world.open(done.case)
        world.complete(task, login, outcome, next=[to] if to else [])
    assert world.document(done.case).copies is world.document(done.case).proofreader is None
    (task,) = world.open(done.case)
    world.complete(task, "dispatcher", fields={"copies": 5, "proofreader": "drafter"})
    document = world.document(done.case)
    assert (document.copies, document.proofreader) == (5, world.actor("drafter").name)


def test_opinions_are_known_by_who_reviews(world: World, numbered: Done) -> None:
    with clock.moved_to(world.at):
        act = look_at_case(world.session, world.actor("drafter"), numbered.case.id)
        sheet = process_sheet.process_sheet(act, trace.stops(act))
    labels = [box.label for box in sheet.boxes]
    assert labels[:5] == ["签发", "会签", "会办部门意见", "主办部门意见", "核稿意见"]


@pytest.fixture(params=["app", pytest.param("postgres_app", marks=pytest.mark.postgres)])
def anywhere(request: pytest.FixtureRequest) -> Iterator[World]:
    app: Flask = request.getfixturevalue(request.param)
    with app.app_context():
        yield World(db.session())
        db.session.remove()


def test_documents_are_found_by_nature_and_keyword(anywhere: World) -> None:
    """In the database for long lists, and row by row for short ones: both find the same."""
    world = anywhere
    done = world.draft(keywords=["水情", "100%_巡查"], nature="normative")
    world.draft(title="江洲县水务局关于放假的通知")
    actor = world.actor("drafter")
    for words, count in (
        *(("水情", 1), ("规范性", 1), ("100%_", 1), ("契约", 0), ("情100", 0), ("", 2)),
        *(('情", "100', 0), ("水情\\", 0), ("江洲", 2)),
    ):
        found = queries.started(world.session, actor, 10, words=words)
        assert len(found) == count, words
        every = queries.started(world.session, actor, 10)
        assert len([row for row in every if queries.matches(row, words, None)]) == count, words
    world.run(done, "register_number")
    change(world, "archivist", done, ["水利"])
    assert len(queries.started(world.session, actor, 10, words="水利")) == 1
    assert queries.started(world.session, actor, 10, words="100%_") == []


def test_the_main_series_may_be_proposed_before_it_has_given_a_number(world: World) -> None:
    done = world.draft(series="江水")
    world.run(done, "seal")
    assert world.document(done.case).number == "江水〔2026〕1号"
