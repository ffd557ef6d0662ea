"""Random sequences of complete, return and withdraw on all three routes against the model.

Never a running case without an open stay, never a stay twice, never a lost opinion, always the
same end.
"""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.handling.act import Act, hold_task
from app.handling.acts import returning
from app.handling.acts.done import Done
from app.handling.errors import CannotWithdraw
from app.handling.models import Opinion, Task
from app.organization import Person
from tests.handling.live import Standing, by_the_record, by_the_tables, last_entry
from tests.handling.route_model import FINAL, NAMED, SIGNING, Model, Place
from tests.world import World

LEADERS = ["leader", "leader2", "leader3"]
ROUTES = st.sampled_from(["downward", "upward", "incoming"])
PEOPLE = st.lists(st.sampled_from(LEADERS), max_size=3, unique=True)
MODES = st.sampled_from(["sequential", "parallel", "any"])
ACTS = st.sampled_from(["complete", "complete", "complete", "return", "withdraw"])


class Play:
    """One case and its model, moved together."""

    def __init__(self, world: World, route: str, people: list[str], mode: str) -> None:
        self.world = world
        if route == "incoming":
            people = people or ["leader"]
            self.done: Done = world.register()
        elif route == "upward":
            self.done = world.request(countersigners=people)
        else:
            self.done = world.draft(countersigners=people)
        self.model = Model(route, people, mode)
        self.sent: Task | None = None
        self.seen: dict[int, Standing] = {}

    def stays(self) -> dict[Place, Task]:
        """The open stays by their place; a stay twice would fall out here."""
        tasks = self.world.open(self.done.case)
        found = {}
        for task in tasks:
            person = self.world.holders(task)[0] if task.step in NAMED else None
            found[task.step, person] = task
        assert len(found) == len(tasks), "a stay twice"
        return found

    def check(self) -> None:
        self.world.session.expire_all()
        assert sorted(map(str, self.stays())) == sorted(map(str, self.model.open))
        state = "closed" if self.model.finished else "running"
        assert self.done.case.state == state
        opinions = self.world.session.scalar(
            sa.select(sa.func.count()).where(Opinion.case_id == self.done.case.id)
        )
        assert opinions == self.model.opinions, "an opinion lost or doubled"
        stands = by_the_tables(self.world.session, self.done.case.id)
        assert by_the_record(self.world.session, self.done.case.id) == stands
        self.seen[last_entry(self.world.session, self.done.case.id)] = stands

    def look_back(self) -> None:
        """Each moment that was seen, rebuilt from the record of today."""
        for seq, stood in self.seen.items():
            assert by_the_record(self.world.session, self.done.case.id, seq) == stood

    def complete(self, place: Place) -> None:
        task = self.stays()[place]
        given: dict[str, dict[str, Any]] = {
            "office_check": {"fields": {"countersign_mode": self.model.mode}},
            "distribute": {"next": self.model.people},
            "collect": {"outcome": "to_handle", "fields": {"handling_department": "finance"}},
            **{step: {"outcome": "approve"} for step in SIGNING.values()},
        }
        self.world.complete(task, self.world.holders(task)[0], **given.get(place[0], {}))
        self.sent = task
        self.model.complete(place)

    def send_back(self, place: Place, to: str, straight: bool) -> None:
        task = self.stays()[place]
        login = self.world.holders(task)[0]
        self.world.send_back(task, login, to, then="back_to_me" if straight else "route")
        self.sent = None
        self.model.send_back(place, to, straight)

    def withdraw(self) -> None:
        """By the one who sent, when the model allows it; refused without a change when not."""
        if self.sent is None:
            return
        task = self.sent
        if self.model.last is None:
            with pytest.raises(CannotWithdraw):
                self.world.withdraw(task, self._who_did(task))
            return
        self.world.withdraw(task, self._who_did(task))
        self.sent = None
        self.model.withdraw()

    def offered(self, place: Place) -> tuple[set[str], set[str]]:
        """(steps to return to, those that can come straight back), as the page would show them."""
        task = self.stays()[place]
        actor = self.world.actor(self.world.holders(task)[0])
        act: Act = hold_task(self.world.session, actor, task.id)
        targets = returning.return_targets(act)
        self.world.session.rollback()
        return {each.step for each in targets}, {each.step for each in targets if each.straight}

    def _who_did(self, task: Task) -> str:
        self.world.session.refresh(task)
        assert task.done_by_id is not None
        return self.world.session.get_one(Person, task.done_by_id).login


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a second: no shrinking
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(route=ROUTES, people=PEOPLE, mode=MODES, data=st.data())
def test_no_sequence_of_acts_breaks_a_case(
    world: World, route: str, people: list[str], mode: str, data: st.DataObject
) -> None:
    play = Play(world, route, people, mode)
    play.check()
    for _ in range(14):
        if play.model.finished:
            break
        place = data.draw(st.sampled_from(play.model.open))
        act = data.draw(ACTS)
        if act == "withdraw":
            play.withdraw()
        elif act == "return" and play.model.targets(place):
            offered, straight = play.offered(place)
            assert offered == play.model.targets(place)
            to = data.draw(st.sampled_from(sorted(offered)))
            assert (to in straight) == play.model.may_come_straight_back(place, to)
            play.send_back(place, to, to in straight and data.draw(st.booleans()))
        else:
            play.complete(place)
        play.check()
    for _ in range(40):
        if play.model.finished:
            break
        play.complete(play.model.open[0])
        play.check()
    _same_end(play)
    play.look_back()


def _same_end(play: Play) -> None:
    document = play.world.document(play.done.case)
    if play.model.direction == "incoming":
        assert document.state == "closed"
        return
    assert document.state == "dispatched"
    assert document.number is not None
    signatory = "unit.head" if play.model.direction == "upward" else "leader"
    assert document.signatory == play.world.actor(signatory).name
    assert {*play.model.done, "close"} >= FINAL
