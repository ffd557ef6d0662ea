"""What pages say of a document that lies with nobody, because the route waits for a day."""

import pytest

from app.workflow import checks, trial
from tests.handling.test_skipping import DRAFT, OFFICE, publish, sent
from tests.handling.test_timers import WAIT
from tests.web.conftest import At
from tests.workflow.drawing import path
from tests.world import World

WORDS = "等候“等到公布日”，12-01 00:00 到时"


def test_every_page_of_the_case_says_until_when_it_waits(
    world: World, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    publish(world, DRAFT, OFFICE, WAIT, path("begin", "draft", "wait", "office", "finish"))
    done = sent(world)
    places = {
        "drafter": ("/mine", "/done", f"/cases/{done.case.id}"),
        "process.admin": ("/process/cases", f"/process/cases/{done.case.id}"),
    }
    for login, pages in places.items():
        desk = at(login)
        assert [page for page in pages if WORDS not in desk.get(page).answer.text] == []
