"""Search over the record: each condition against a look at every entry, on both engines."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import create_app, organization
from app.audit import AuditEntry
from app.database import db
from app.errors import Invalid
from app.handling.inspection import accesses, deviations, grams, indexing, searching
from app.handling.inspection.models import RecordIndex
from app.handling.inspection.searching import Wanted, read
from app.handling.views.history import ACTIONS
from tests.conftest import settings
from tests.world import MONDAY, World

TITLE = "江洲县水务局关于𠮷林水库防汛的通知"


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def found(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """An office in which one notice was numbered and another returned, indexed; made once."""
    folder = tmp_path_factory.mktemp("searching")
    if request.param == "sqlite":
        file = folder / "gongwen.sqlite3"
        shutil.copy(request.getfixturevalue("installation")[0] / "gongwen.sqlite3", file)
        url = f"sqlite:///{file}"
    else:
        url = request.getfixturevalue("postgres_copies")()
    app = create_app(settings(folder, url))
    with app.app_context():
        world = World(db.session())
        world.run(world.draft(), "seal")
        task = world.run(world.draft(title=TITLE), "dept_review")
        assert task is not None
        world.send_back(task, "dept.head", "draft", opinion="水位数据有误，请核对Ａ表。")
        while indexing.catch_up(world.session):
            world.session.commit()
        yield world
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _rest(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves a lock to the next one."""
    yield
    if "found" in request.fixturenames:
        request.getfixturevalue("found").session.rollback()


def bodies(session: Session) -> list[dict[str, Any]]:
    found = session.scalars(sa.select(AuditEntry.body).order_by(AuditEntry.seq.desc()))
    return [json.loads(each) for each in found]


def seqs(session: Session, **wanted: Any) -> list[int]:
    return [each.seq for each in searching.search(session, Wanted(**wanted), 10_000)]


@pytest.mark.parametrize(
    "words",
    [
        "水位",
        "水位数据有误",
        "位",
        "请核对a表",
        "Ａ",
        "退回",
        "𠮷林",
        "防汛 通知",
        "有误，",
        "通 知",
    ],
)
def test_words_are_found_wherever_they_stand(found: World, words: str) -> None:
    """Two characters and one, full width, rare characters, signs: as a look at every text says."""
    session = found.session
    texts = session.execute(sa.select(RecordIndex.seq, RecordIndex.text))
    wanted = grams.folded(words).split()
    expected = {row.seq for row in texts if all(each in row.text for each in wanted)}
    assert expected
    assert set(seqs(session, words=words)) == expected


@pytest.mark.parametrize(
    "words", ["位水", "不存在的词", "%", "水_数", "水%数", "'", '" NEAR "', "。。"]
)
def test_what_is_nowhere_is_not_found(found: World, words: str) -> None:
    assert seqs(found.session, words=words) == []


def test_every_entry_is_in_the_directory_once(found: World) -> None:
    session = found.session
    assert indexing.behind(session) == 0
    assert seqs(session) == [each["seq"] for each in bodies(session)]


def test_the_directory_can_be_made_anew(found: World) -> None:
    session = found.session
    before = seqs(session, words="水位")
    indexing.rebuild(session)
    session.commit()
    assert seqs(session, words="水位") == []
    while indexing.catch_up(session, 50):
        session.commit()
    assert seqs(session, words="水位") == before


def test_each_condition_narrows(found: World) -> None:
    session, all_of = found.session, bodies(found.session)
    head = organization.person_by_login(session, "dept.head")
    by_head = [each["seq"] for each in all_of if each["actor"]["login"] == "dept.head"]
    assert seqs(session, person=head.name) == seqs(session, person="dept.head") == by_head
    returned = [each["seq"] for each in all_of if each["action"] == "task.returned"]
    assert len(returned) == 1
    assert seqs(session, action="task.returned") == seqs(session, deviation="returned") == returned
    assert set(returned) <= set(seqs(session, deviation="any"))
    assert seqs(session, person="dept.head", deviation="returned", words="水位") == returned
    assert seqs(session, unit="nowhere") == []
    assert set(returned) <= set(seqs(session, unit=found.actor("drafter").unit_key))


def test_by_number_kind_and_period(found: World) -> None:
    session = found.session
    number = session.scalar(sa.text("SELECT number FROM document WHERE number IS NOT NULL"))
    case = session.scalar(
        sa.text(
            "SELECT c.id FROM handling_case c JOIN document d ON d.id = c.document_id"
            " WHERE d.number IS NOT NULL"
        )
    )
    of_case = {each["seq"] for each in bodies(session) if each["case"] == case}
    assert of_case <= set(seqs(session, number=str(number)))
    assert of_case <= set(seqs(session, case=case))
    assert set(seqs(session, kind="通知")) >= of_case
    assert seqs(session, kind="命令（令）") == []
    day = MONDAY.date()
    assert set(seqs(session, since=day, until=day)) >= of_case
    assert seqs(session, since=day.replace(year=2030)) == []


def test_a_hit_says_what_the_entry_says(found: World) -> None:
    (hit,) = searching.search(found.session, Wanted(deviation="returned"), 5)
    assert (hit.label, hit.deviations) == ("退回", ["退回"])
    assert "水位数据有误" in hit.said
    assert hit.title == TITLE


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"since": "2026-02-30"}, "since"),
        ({"until": "0001-01-01"}, "until"),
        ({"words": "长" * 101}, "words"),
        ({"kind": "小说"}, "kind"),
        ({"action": "x"}, "action"),
        ({"deviation": "x"}, "deviation"),
        ({"case": "一"}, "case"),
        ({"upto": "9" * 30}, "upto"),
    ],
)
def test_what_means_nothing_is_said(given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(given)
    assert [each.field for each in refused.value.errors] == [field]


@pytest.mark.parametrize("field", ["words", "person", "unit", "number"])
def test_what_cannot_be_shown_is_no_part_of_a_search(found: World, field: str) -> None:
    """PostgreSQL cannot be asked for NUL at all."""
    wanted = read({field: "\x00甲\u3000\x00"})
    assert getattr(wanted, field) == "甲"
    assert isinstance(searching.search(found.session, wanted, 5), list)
    assert isinstance(searching.count(found.session, wanted), int)
    with pytest.raises(Invalid, match="不能显示"):
        read({field: "\x00"})


def test_looks_can_be_searched_with_such_words_too(found: World) -> None:
    wanted = accesses.Wanted(person="\x00nobody", number="\x00nothing")
    assert accesses.listed(found.session, wanted, 5) == []


def test_what_was_asked_can_be_read_again() -> None:
    asked = {"words": "水位", "since": "2026-01-01", "case": "7", "deviation": "any"}
    wanted = read(asked)
    assert read({name: str(value) for name, value in wanted.as_asked().items()}) == wanted
    assert replace(wanted, case=None) != wanted


def test_deviations_name_actions_that_exist() -> None:
    named = frozenset().union(*deviations._ACTIONS.values())
    assert named <= set(ACTIONS)
