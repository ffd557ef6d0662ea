"""All acts by all people on a route with everything in it: nothing breaks a case, on both engines.

After each act, done, refused or broken off in its middle, the invariants hold and the record
replays to what the tables say; in the end an ordinary day's work closes the case.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app import clock, faults
from app.database import db
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling.act import look_at_task
from app.handling.acts import copies, leaving, opening, returning
from app.handling.acts.assigning import assign
from app.handling.acts.cancelling import cancel
from app.handling.acts.circulating import Circulate, circulate
from app.handling.acts.deciding import decide
from app.handling.acts.delegating import delegate
from app.handling.acts.delegating import end as end_delegation
from app.handling.acts.intervening import Proposal, propose
from app.handling.acts.recalling import recall
from app.handling.acts.urging import urge
from app.handling.models import Circulation, Task
from app.organization import Actor, Person, operations
from app.organization.delegations import Wanted
from app.organization.models import Delegation, Unit
from app.workflow import checks, trial
from tests.conftest import LONG
from tests.faults.invariants import violations
from tests.handling import stages
from tests.handling.live import Standing, by_the_record, by_the_tables, last_entry
from tests.world import World

SEEDS = st.integers(0, 2**32 - 1)
REFUSALS = (Invalid, Conflict, NotAllowed, NotFound)
SIGNERS = ["leader", "leader2", "leader3"]
COLLEAGUES = ["dept.deputy", "secretary", "unit.head", "sole.head", *SIGNERS]
SIGNINGS = ("branch_sign", "called_sign")
STEPS = ["draft", "before", "aside", "next", "last"]


class Tangle:
    """One case in the hands of chance. A seed decides: the choices depend on what has happened."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)  # noqa: S311  (no secret)
        self.newcomer = hire(world)
        signers = self.chance.sample([*SIGNERS, self.newcomer], 3)
        self.case = world.draft(countersigners=signers).case
        self.seen: dict[int, Standing] = {}
        for _ in range(self.chance.randint(0, 9)):
            self.finish()

    @property
    def colleagues(self) -> list[str]:
        return [*COLLEAGUES, self.newcomer]

    def one(self, values: Sequence[Any]) -> Any:
        return self.chance.choice(list(values))

    def act(self, operation: Callable[..., Any], login: str, *values: Any, **more: Any) -> Any:
        self.world.later(minutes=1)
        with clock.moved_to(self.world.at):
            result = operation(self.world.session, self.world.actor(login), *values, **more)
            self.world.session.commit()
        return result

    def stay(self, steps: Sequence[str] = ()) -> tuple[Task, str]:
        """An open stay, at one of these steps where there is one, and who may act at it."""
        open_ = self.world.open(self.case)
        task = self.one([each for each in open_ if each.step in steps] or open_)
        return task, self.one(self.world.holders(task))

    # --- what people do

    def finish(self) -> None:
        task, login = self.stay()
        choice = task.step == "next" and task.kind == "step"
        outcome = self.one(["approve", "again"]) if choice else None
        self.world.complete(task, login, outcome)

    def hand_over(self) -> None:
        task, login = self.stay()
        mode = self.one(["transfer", "consult"])
        self.world.hand_over(task, login, self.one(self.colleagues), mode)

    def add(self) -> None:
        task, login = self.stay(SIGNINGS)
        position = self.one(["before", "after", "parallel"])
        self.world.add_signers(task, login, [self.one(self.colleagues)], position)

    def let_off(self) -> None:
        task, login = self.stay(SIGNINGS)
        whom = self.one([login, *self.colleagues])
        self.world.remove_signer(task, "office.head", whom)

    def send_back(self) -> None:
        task, login = self.stay()
        act = look_at_task(self.world.session, self.world.actor(login), task.id)
        targets = [each.step for each in returning.return_targets(act)]
        self.world.session.rollback()
        if targets:
            then = self.one(["route", "back_to_me"])
            self.world.send_back(task, login, self.one(targets), then=then)

    def take_back(self) -> None:
        ended = sa.select(Task, Person.login).join(Person, Person.id == Task.done_by_id)
        rows = self.world.session.execute(ended.where(Task.case_id == self.case.id)).all()
        if rows:
            task, login = self.one(rows)
            self.world.withdraw(task, login, self.one(["", "不再等候。"]))

    def look(self) -> None:
        task, login = self.stay()
        self.act(opening.open_task, login, task.id)

    def urge(self) -> None:
        self.act(urge, self.one(["drafter", "office.head"]), self.stay()[0].id, "请办。")

    def circulate(self) -> None:
        form = Circulate(readers=[self.one(self.colleagues)])
        self.act(circulate, "drafter", self.case.document_id, form)

    def read(self) -> None:
        self.act(note_copies_read, self.one(self.colleagues), self.case.id)

    def recall_copy(self) -> None:
        query = sa.select(Circulation.id).where(Circulation.case_id == self.case.id)
        copies = self.world.session.scalars(query).all()
        if copies:
            self.act(recall, "drafter", self.case.document_id, self.one(copies))

    def delegate(self) -> None:
        given_ = self.world.session.scalars(
            sa.select(Delegation).where(Delegation.ended_at.is_(None))
        ).all()
        if given_ and self.one([True, False]):
            gone = given_[0]
            login = self.world.session.get_one(Person, gone.principal_id).login
            self.act(end_delegation, login, gone.id)
            return
        until = self.world.at + timedelta(days=self.chance.randint(1, 3))
        wanted = Wanted(
            self.one(self.colleagues), self.world.at, until, with_inbox=True, reason="外出"
        )
        self.act(delegate, self.one(SIGNERS), wanted)

    def measure(self) -> None:
        """Two administrators, who agree, about anything."""
        kind = self.one(["move", "reassign", "suspend", "resume"])
        to = {"move": self.one(STEPS), "reassign": self.one(self.colleagues)}.get(kind)
        about = self.stay()[0].id if to else None
        wanted = Proposal(kind, "卡住了。", "局长批示", about, to)
        proposed = self.act(propose, "process.admin", self.case.id, wanted)
        self.act(decide, "process.admin2", proposed.id, agree=True)

    def time_passes(self) -> None:
        self.world.later(hours=self.chance.randint(1, 30))
        self.world.sweep()

    def leave(self) -> None:
        """The newcomer goes for good, whatever lies with him and whoever he stands in for."""
        successor = self.one(COLLEAGUES)
        values = (self.newcomer, successor, "调动到市局。")
        handover = self.act(leaving.prepare, "system.admin", *values)
        signs = "unit.head" if successor != "unit.head" else "leader"
        self.act(leaving.confirm, signs, handover.id)

    def give_up(self) -> None:
        if self.chance.randint(0, 9) == 0:
            self.act(cancel, "drafter", self.case.id, "不发了。")

    # --- what must hold

    def check(self) -> None:
        session = self.world.session
        assert violations(session, case_id=self.case.id) == {}
        stands = by_the_tables(session, self.case.id)
        assert by_the_record(session, self.case.id) == stands
        self.seen[last_entry(session, self.case.id)] = stands

    def look_back(self) -> None:
        """Each moment that was seen, rebuilt from the record of today."""
        for seq, stood in self.seen.items():
            assert by_the_record(self.world.session, self.case.id, seq) == stood

    def close(self) -> None:
        """Nothing but ordinary work: a case that needs more than that is stuck."""
        if self.case.state == "suspended":
            wanted = Proposal("resume", "可以办了。", "局长批示")
            proposed = self.act(propose, "process.admin", self.case.id, wanted)
            self.act(decide, "process.admin2", proposed.id, agree=True)
        for _ in range(80):
            open_ = self.world.open(self.case)
            if not open_:
                break
            task = open_[0]
            login = self.world.holders(task)[0]
            if task.blocked:
                self.act(assign, login, task.id, "unit.head", "无人可办。")
                continue
            choice = task.step == "next" and task.kind == "step"
            self.world.complete(task, login, "approve" if choice else None)
        assert self.case.state in ("closed", "cancelled")
        self.check()


ACTS = (
    *[Tangle.finish] * 5,
    *[Tangle.hand_over, Tangle.send_back, Tangle.take_back, Tangle.add, Tangle.let_off] * 2,
    *(Tangle.look, Tangle.urge, Tangle.circulate, Tangle.delegate),
    *(Tangle.read, Tangle.recall_copy),
    *(Tangle.measure, Tangle.time_passes, Tangle.give_up, Tangle.leave),
)
BROKEN_OFF = ("after-load", "after-engine-step", "after-audit", "before-commit")
"""Where an act may die of an error that nobody foresaw; it has then done nothing."""


def note_copies_read(session: Session, actor: Actor, case_id: int) -> None:
    copies.note_read(session, actor, case_id, clock.now(session))


def hire(world: World) -> str:
    """One more leader for each case: he may leave, and the others of the unit stay for the next."""
    session, at = world.session, world.at
    number = session.scalar(sa.select(sa.func.max(Person.id))) or 0
    unit = world.actor("drafter").unit_id
    person = operations.create_person(
        session,
        world.actor("system.admin"),
        at,
        unit=session.get_one(Unit, unit),
        login=f"newcomer{number}",
        name=f"新任{number}",
    )
    operations.appoint(
        session, world.actor("security.admin"), at, person=person, role="leader-in-charge"
    )
    session.commit()
    return person.login


def play(world: World, seed: int) -> None:
    tangle = Tangle(world, seed)
    for _ in range(tangle.chance.randint(4, 20)):
        if tangle.case.state not in ("running", "suspended"):
            break
        deed = tangle.one(ACTS)
        note(deed.__name__)
        faults.arm(f"{tangle.one(BROKEN_OFF)}:raise:1" if tangle.chance.random() < 0.1 else None)
        try:
            deed(tangle)
        except (*REFUSALS, faults.FaultRaised) as refusal:
            note(repr(refusal))
            world.session.rollback()
        faults.arm(None)
        tangle.check()
    tangle.close()
    tangle.look_back()


def chance(examples: int) -> Any:
    """An example takes two seconds: no shrinking in the usual run."""
    return settings(
        max_examples=examples * (20 if LONG else 1),
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@pytest.fixture
def tangled(world: World) -> World:
    stages.in_force(world.session, stages.tangled())
    return world


@pytest.fixture
def tangled_on_postgres(postgres_app: Flask) -> Iterator[World]:
    with postgres_app.app_context():
        world = World(db.session())
        stages.in_force(world.session, stages.tangled())
        yield world
        db.session.remove()


@chance(16)
@given(seed=SEEDS)
def test_no_mixture_of_acts_breaks_a_case(tangled: World, seed: int) -> None:
    play(tangled, seed)


@pytest.mark.postgres
@chance(6)
@given(seed=SEEDS)
def test_none_does_on_postgres_either(tangled_on_postgres: World, seed: int) -> None:
    play(tangled_on_postgres, seed)
