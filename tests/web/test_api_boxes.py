"""The boxes of a person page by page: nothing is lost, nothing comes twice, nothing is hidden."""

from collections.abc import Callable
from typing import Any

import pytest

from app.handling.models import Notice
from app.handling.views import queries
from tests.web.conftest import Caller
from tests.world import World

Call = Callable[[str], Caller]


def pages(caller: Caller, **query: Any) -> list[list[Any]]:
    """Every page of a box, following the cursor."""
    found, cursor = [], None
    while len(found) < 50:
        asked = {**query, **({"cursor": cursor} if cursor else {})}
        answer = caller.get("/api/v1/tasks", query_string=asked).json
        found.append(answer["items"])
        cursor = answer["next"]
        if cursor is None:
            return found
    raise AssertionError("the pages do not end")


def told(world: World, login: str, case_id: int, kind: str) -> None:
    person_id = world.actor(login).person_id
    values = {"case_id": case_id, "task_id": 0, "text": f"{kind} {case_id}", "at": world.at}
    world.session.add(Notice(person_id=person_id, kind=kind, **values))
    world.session.commit()


def test_every_notice_can_be_come_to_and_each_case_comes_once(call: Call, world: World) -> None:
    """A page held so many notices, not cases, and there was no way to the next one."""
    cases = [world.draft(title=f"江洲县水务局关于第{n}件事的通知").case.id for n in range(5)]
    for case_id in cases:
        told(world, "drafter", case_id, "overdue")
    for kind in ("alarm", "dispatched", "closed"):
        told(world, "drafter", cases[0], kind)
    world.session.rollback()
    found = pages(call("drafter"), box="read", limit=2)
    assert [[each["case_id"] for each in page] for page in found] == [
        [cases[0], cases[4]],
        [cases[3], cases[2]],
        [cases[1]],
    ]
    assert found[0][0]["notice"] == f"closed {cases[0]}"
    call("drafter").get(f"/api/v1/cases/{cases[0]}")
    left = pages(call("drafter"), box="read", limit=2)
    assert [each["case_id"] for page in left for each in page] == cases[:0:-1]
    named = pages(call("drafter"), box="read", limit=1, q="第3件")
    assert [each["case_id"] for page in named for each in page] == [cases[3]]


def test_a_notice_of_a_case_that_is_hidden_is_neither_shown_nor_counted(
    call: Call, world: World
) -> None:
    """The title of a document that the person may not see stood in his box."""
    case_id = world.draft().case.id
    told(world, "leader2", case_id, "overdue")
    assert queries.counts(world.session, world.actor("leader2")).read == 0
    world.session.rollback()
    assert pages(call("leader2"), box="read") == [[]]


@pytest.mark.parametrize("box", ["done", "mine"])
def test_what_fits_is_found_however_far_back_it_lies(call: Call, world: World, box: str) -> None:
    """The page was cut first: with a filter it came out empty."""
    for n in range(6):
        done = world.draft(title=f"江洲县水务局关于{'特别的' if n == 1 else f'第{n}件'}事的通知")
        world.complete(done.opened[0], "drafter", "submit")
    world.session.rollback()
    drafter = call("drafter")
    assert [len(page) for page in pages(drafter, box=box, limit=4)] == [4, 2]
    assert [len(page) for page in pages(drafter, box=box, limit=3)] == [3, 3]
    first = pages(drafter, box=box, limit=2, q="特别")
    found = [[each["title"] for each in page] for page in first]
    assert found == [["江洲县水务局关于特别的事的通知"]]
    lamp = drafter.get("/api/v1/tasks", query_string={"box": box}).json["items"][0]["lamp"]
    assert [len(page) for page in pages(drafter, box=box, limit=4, lamp=lamp)] == [4, 2]
    other = "red" if lamp != "red" else "green"
    assert pages(drafter, box=box, limit=1, lamp=other)[0] == []
