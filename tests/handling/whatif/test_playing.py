"""推演: a route is stepped through by the code of real acts, and nothing is written."""

from datetime import timedelta
from typing import Any

import pytest

from app.errors import Invalid, NotFound
from app.handling.whatif import scenario as scenarios
from app.handling.whatif.playing import play
from app.handling.whatif.results import Result, differences
from app.handling.whatif.scenario import Scenario
from app.workflow import queries
from tests.features.rows import all_rows
from tests.handling.editions import Edit, inserted, kept, limited, timed
from tests.world import MONDAY, World

WAY = (
    *(("draft", None), ("dept_review", None), ("office_check", None), ("leader_sign", None)),
    *(("register_number", None), ("seal", None), ("final_check_dispatch", None)),
)


def suppose(*deeds: tuple[str, str | None] | dict[str, Any], **more: Any) -> Scenario:
    """Deeds an hour apart from Monday morning on."""
    listed = []
    for number, each in enumerate(deeds, 1):
        given = each if isinstance(each, dict) else {"step": each[0], "outcome": each[1]}
        listed.append({"at": (MONDAY + timedelta(hours=number)).isoformat(), **given})
    base = {"starter": "drafter", "at": MONDAY.isoformat()}
    return scenarios.read({**base, "deeds": listed, **more})


def played(world: World, supposed: Scenario, *edits: Edit) -> Result:
    session = world.session
    definition = kept(session, *edits) if edits else queries.in_force(session, "outgoing")
    return play(session, definition, supposed)


def test_it_goes_from_draft_to_dispatch_as_the_real_one_does(world: World) -> None:
    found = played(world, suppose(*WAY))
    assert [each.refused for each in found.lines] == [""] * 8
    assert found.finished
    assert found.open == []
    topics = [topic for line in found.lines for topic, _ in line.written]
    assert topics == ["write-signatory", "register-number", "seal", "dispatch"]


def test_people_and_limits_are_those_of_the_office(world: World) -> None:
    task = world.run(world.draft(), until="dept_review")
    assert task is not None
    supposed = suppose({"step": "draft", "at": task.arrived_at.isoformat()})
    (stay,) = played(world, supposed).open
    assert [login for login, _ in stay.people] == world.holders(task)
    assert (stay.step, stay.due_at) == ("dept_review", task.due_at)


def test_a_step_that_only_a_draft_has(world: World) -> None:
    legal = inserted("dept_review_to_office_check", "legal_review", "法规审核")
    found = played(world, suppose(*WAY[:2]), legal, limited("dept_review", "PT2H"))
    assert found.open[0].name == "法规审核"
    assert found.lines[1].opened[0].due_at == MONDAY + timedelta(hours=3)


def test_who_is_away_is_stood_in_for(world: World) -> None:
    absence = {
        "login": "office.head",
        "since": MONDAY.isoformat(),
        "until": (MONDAY + timedelta(days=2)).isoformat(),
        "agent": "secretary",
    }
    (stay,) = played(world, suppose(*WAY[:2], absences=[absence])).open
    assert [each[0] for each in stay.agents] == ["secretary"]
    assert stay.away == [world.actor("office.head").name]
    deed = {"step": "office_check", "person": "secretary"}
    found = played(world, suppose(*WAY[:2], deed, absences=[absence]))
    assert found.lines[-1].refused == ""


REFUSED = [
    ({"step": "seal"}, "“用印”没有待办"),
    ({"step": "draft", "person": "leader"}, "不能办理“拟稿”"),
    ({"step": "draft", "outcome": "x"}, "结论"),
    ({"step": "draft", "fields": {"nonsense": 1}}, "没有“nonsense”这一栏"),
]


@pytest.mark.parametrize(("deed", "words"), REFUSED)
def test_what_would_be_refused_says_why_and_leaves_all_as_it_was(
    world: World, deed: dict[str, Any], words: str
) -> None:
    found = played(world, suppose(deed, *WAY))
    assert words in found.lines[1].refused
    assert found.lines[1].opened == []
    assert found.finished


def test_a_return_goes_back_to_who_did_it(world: World) -> None:
    found = played(world, suppose(*WAY[:2], {"step": "office_check", "back": "draft"}))
    assert [each.step for each in found.open] == ["draft"]
    assert [login for login, _ in found.open[0].people] == ["drafter"]


def test_countersigners_sign_and_the_office_checks_again(world: World) -> None:
    fields = {"countersigners": ["leader2"], "countersign_mode": "parallel"}
    deeds = [*WAY[:2], {"step": "office_check", "fields": fields}]
    found = played(world, suppose(*deeds))
    (stay,) = found.open
    assert [login for login, _ in stay.people] == ["leader2"]
    again = played(world, suppose(*deeds, {"step": stay.step, "outcome": stay.outcomes[0][0]}))
    assert again.open[0].step == "office_check"
    assert ("countersign-done") in [topic for topic, _ in again.lines[-1].written]


def test_timers_run_out_between_deeds(world: World) -> None:
    late = {"step": "office_check", "at": (MONDAY + timedelta(days=9)).isoformat()}
    found = played(world, suppose(*WAY[:2], late), timed("office_check"))
    assert [each.step for each in found.lines][-2:] == ["office_check_late", "office_check"]
    assert found.lines[-1].late


def test_nothing_is_written(world: World) -> None:
    world.draft()
    before = all_rows(world.session)
    new = kept(world.session, timed("office_check"))
    rows = all_rows(world.session)
    play(world.session, new, suppose(*WAY))
    assert not world.session.new
    assert not world.session.dirty
    world.session.commit()
    assert all_rows(world.session) == rows
    assert rows["document"] == before["document"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"starter": "drafter"}, Invalid),
        ({"starter": "drafter", "at": "2026-11-23T09:00:00"}, Invalid),
        ({"starter": "drafter", "at": MONDAY.isoformat(), "x": 1}, Invalid),
        ({"starter": "nobody", "at": MONDAY.isoformat()}, NotFound),
    ],
)
def test_what_cannot_begin(world: World, given: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        played(world, scenarios.read(given))


def test_differences_are_said_in_sentences(world: World) -> None:
    before = played(world, suppose(*WAY[:2])).plain()
    legal = inserted("dept_review_to_office_check", "legal_review", "法规审核")
    after = played(world, suppose(*WAY[:2]), legal, limited("dept_review", "P3D")).plain()
    assert differences(before, before) == []
    said = differences(before, after)
    assert any("部门负责人核稿”的时限应为" in each for each in said)
    assert "第 3 步：应到“办公室负责人把关”，实到“法规审核”" in said
    assert (
        differences(before, played(world, suppose(*WAY[:3])).plain())[-1] == "应有 3 步，实有 4 步"
    )
