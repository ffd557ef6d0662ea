"""怎么算的: the sum stands behind every lamp, and what was only assumed is marked."""

import pytest

from app.handling.models import Task
from tests.web.conftest import At
from tests.world import World


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("dept.head", "/"),
        ("dept.head", "/tasks/{task}"),
        ("drafter", "/tasks/{task}"),
        ("drafter", "/cases/{case}"),
        ("drafter", "/tasks/{task}/urge"),
        ("process.admin", "/process/cases"),
        ("process.admin", "/process/cases/{case}"),
    ],
)
def test_the_sum_is_behind_the_lamp(at: At, review: Task, login: str, path: str) -> None:
    page = at(login).get(path.format(task=review.id, case=review.case_id))
    assert "怎么算的" in page.texts("details.sum > summary")[0]
    (sentence, *_) = page.root.cssselect("details.sum > ol > li")
    assert "到达，当日不计" in sentence.text_content()
    assert not page.root.cssselect(".lamp small")


def test_a_limit_that_was_only_assumed_says_so(at: At, world: World, review: Task) -> None:
    stay = world.session.get_one(Task, review.id)
    stay.limit_provisional = True
    world.session.commit()
    assert at("dept.head").get("/").text("details.sum .lamp small") == "推算"
