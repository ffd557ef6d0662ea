"""The pages of the further acts in a browser: no barrier, nothing overflowing, at both sizes."""

from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.database import db
from app.handling.acts import leaving
from app.handling.acts.deciding import decide
from app.handling.acts.intervening import Proposal, propose
from app.handling.models import Task
from tests.browser.acts import Sit
from tests.browser.conftest import PHONE
from tests.browser.walking import faults_of
from tests.handling.test_stopped_cases import leave
from tests.handling.trying import fails, standstill
from tests.world import World

FLOODS = "江洲县水务局关于修订防汛值班制度的通知"


@pytest.fixture
def acts(app: Flask) -> dict[str, Any]:
    """A case for each act, standing where its page has something to show."""
    with app.app_context():
        world = World(db.session())
        signing = world.draft(countersigners=["leader", "leader2"])
        office = world.run(signing, until="office_check")
        assert office is not None
        world.complete(office, "office.head", fields={"countersign_mode": "parallel"})
        stays = {world.holders(each)[0]: each for each in world.open(signing.case)}
        world.add_signers(stays["leader"], "leader", ["dept.deputy"], "after", "请工程科核对。")
        world.complete(stays["leader2"], "leader2", "approve", opinion="同意。")

        asked = world.run(world.draft(), until="leader_sign")
        assert asked is not None
        consult = world.hand_over(asked, "leader", "leader3", "consult", "请核技术条款。")
        checked = world.run(world.draft(), until="office_check")
        assert checked is not None
        world.hand_over(checked, "office.head", "secretary", opinion="我外出，请代为把关。")

        world.delegate("dept.head", "dept.deputy", days=4, with_inbox=True)
        reviewed = world.run(world.draft(), until="dept_review")
        sent = world.open(world.draft().case)[0]
        free = world.open(world.draft(process="outgoing_free").case)[0]
        assert reviewed is not None

        stopped = world.run(world.draft(), until="leader_sign")
        assert stopped is not None
        leave(world, "printing")
        world.complete(stopped, "leader")
        moved = world.run(world.draft(), until="office_check")
        assert moved is not None
        wanted = Proposal("move", "送错环节。", "局长 11 月 23 日批示", moved.id, "draft")
        done = world._act(propose, world.actor("process.admin"), moved.case_id, wanted)
        world._act(partial(decide, agree=True), world.actor("process.admin2"), done.id)
        waits = Proposal("suspend", "事项有争议。", "局长 11 月 23 日批示")
        world._act(propose, world.actor("process.admin"), checked.case_id, waits)
        stop(world, stays["leader"], reviewed)
        own = world.run(world.draft(title=FLOODS), until="office_check")
        assert own is not None
        world._act(propose, world.actor("process.admin"), own.case_id, waits)
        world.hand_over(own, "office.head", "process.admin2")
        signed = world.draft(process="outgoing_free").case
        world.complete(world.open(signed)[0], "drafter", "sign", next=["leader"])
        world.complete(world.open(signed)[0], "leader", "to_handler")
        world.later(minutes=1)
        prepared = world._act(
            leaving.prepare, world.actor("system.admin"), "sole.head", "dept.deputy", "调市局工作。"
        )
        found = {
            "mine": stays["leader"].id,
            "signing": signing.case.id,
            "consult": consult.id,
            "asked": asked.id,
            "handed": checked.id,
            "case": checked.case_id,
            "reviewed": reviewed.id,
            "reviewed_case": reviewed.case_id,
            "sent": sent.id,
            "free": free.id,
            "moved": moved.case_id,
            "own": own.case_id,
            "signed": world.open(signed)[0].id,
            "handover": prepared.id,
        }
        db.session.remove()
    return found


def stop(world: World, signing: Task, reviewed: Task) -> None:
    """What the route does not take, of each kind that the list of faults tells apart."""
    sent = world.session.get_one(Task, reviewed.sent_from_id)
    with standstill():
        fails(world, partial(world.withdraw, sent, "drafter"))
        more = ["leader3", "unit.head", "secretary"]
        fails(world, partial(world.add_signers, signing, "leader", more, "parallel"))


PAGES = [
    ("leader", "/tasks/{mine}"),
    ("leader", "/tasks/{mine}/signers"),
    ("office.head", "/cases/{signing}"),
    ("leader3", "/tasks/{consult}"),
    ("leader", "/tasks/{asked}"),
    ("office.head", "/tasks/{handed}"),
    ("leader", "/tasks/{mine}/hand-over"),
    ("dept.deputy", "/"),
    ("dept.deputy", "/tasks/{reviewed}"),
    ("drafter", "/tasks/{sent}"),
    ("drafter", "/tasks/{free}"),
    ("dept.head", "/standing-in"),
    ("system.admin", "/handovers"),
    ("unit.head", "/handovers/{handover}"),
    ("drafter", "/cases/{moved}"),
    ("process.admin2", "/process/cases"),
    ("process.admin2", "/process/cases/{case}"),
    ("process.admin2", "/process/cases/{signing}"),
    ("process.admin2", "/process/cases?days=1&only=blocked"),
    ("process.admin2", "/process/cases/{moved}/suspend"),
    ("process.admin2", "/process/cases/{own}"),
    ("process.admin2", "/process/cases/{own}/suspend"),
    ("drafter", "/tasks/{signed}"),
    ("process.admin", "/process/cases/{case}"),
    ("process.admin", "/process/proposals"),
    ("process.admin2", "/process/incidents"),
    ("process.admin2", "/process/proposals"),
]


BROKEN_NAMES = """
() => [...document.querySelectorAll("td .names, td.names")].flatMap((cell) => {
  const text = cell.firstChild;
  if (!text) return [];
  return [...text.data.matchAll(/[^、，（）\\s]+/g)].filter((name) => {
    const range = document.createRange();
    range.setStart(text, name.index);
    range.setEnd(text, name.index + name[0].length);
    return new Set([...range.getClientRects()].map((each) => each.top)).size > 1;
  }).map((name) => name[0]);
})
"""
"""Names in the tables of people that stand on more than one line."""


@pytest.mark.parametrize("case", ["case", "reviewed_case", "signing"])
def test_no_name_breaks_in_two(desk: Sit, acts: dict[str, Any], case: str) -> None:
    seat = desk("process.admin2", size=PHONE)
    page = seat.go(f"/process/cases/{acts[case]}")
    assert page.locator("td .names, td.names").count() > 4
    assert page.evaluate(BROKEN_NAMES) == []


def test_no_barrier_and_no_overflow(desk: Sit, acts: dict[str, Any]) -> None:
    assert not faults_of(desk, PAGES, acts, "办理动作")
