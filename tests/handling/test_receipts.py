"""核查接收情况: begun with the dispatch, answered one by one, marked when it is late."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import sessionmaker

from app import clock
from app.clock import SHANGHAI
from app.database import db
from app.deadlines.models import Due
from app.deadlines.scheduler import do_chores
from app.errors import Invalid, NotAllowed, NotFound
from app.handling.act import look_at_case
from app.handling.acts import inventory, repairing
from app.handling.acts.done import Done
from app.handling.models import Notice
from app.handling.receipts import answering
from app.handling.receipts.answering import Answer
from app.handling.receipts.models import ReceiptAnswer, ReceiptCheck
from app.handling.receipts.recomputing import recompute_checks
from app.handling.receipts.sheet import of_case, sheet, to_do
from app.handling.views import faults, queries
from tests.faults.invariants import violations
from tests.handling.checking import choose, moment
from tests.handling.test_leaving import confirm, prepare
from tests.handling.test_races import at_once
from tests.world import World

TWO = {"main_recipients": ["城关镇水务站", "河西镇水务站"], "copy_recipients": ["县应急局"]}
ALL = [("main", "城关镇水务站"), ("main", "河西镇水务站"), ("copy", "县应急局")]


def sent(world: World, **fields: object) -> Done:
    done = world.draft(**{**TWO, **fields})
    world.run(done)
    return done


def check_of(world: World, done: Done) -> ReceiptCheck:
    query = sa.select(ReceiptCheck).filter_by(case_id=done.case.id)
    return world.session.scalars(query.execution_options(populate_existing=True)).one()


def answer(world: World, login: str, check: ReceiptCheck, *answers: Answer) -> None:
    world.later(minutes=1)
    with clock.moved_to(world.at):
        try:
            answering.answer(world.session, world.actor(login), check.id, answers)
            world.session.commit()
        except BaseException:
            world.session.rollback()
            raise


def received(*places: tuple[str, str]) -> list[Answer]:
    return [Answer(kind, name, "received") for kind, name in places]


def said(world: World, done: Done) -> Sequence[str]:
    found = of_case(look_at_case(world.session, world.actor("drafter"), done.case.id))
    assert found is not None
    return [each.words for each in found.lines]


def test_the_drafter_has_to_check_within_one_working_day_after_dispatch(world: World) -> None:
    done = sent(world)
    check = check_of(world, done)
    with clock.moved_to(world.at):
        (waiting,) = to_do(world.session, world.actor("drafter"))
    assert (waiting.id, waiting.lamp.key) == (check.id, "green")
    assert f"{check.due_at.astimezone(SHANGHAI):%m-%d %H:%M}" == "11-24 18:00"
    assert "DDL-08" in check.limit_steps[0]
    assert "发送" in check.limit_steps[0]
    assert to_do(world.session, world.actor("secretary")) == []
    assert queries.counts(world.session, world.actor("drafter")).todo == 1
    notices = world.session.scalars(sa.select(Notice.text).filter_by(kind="dispatched"))
    assert "请于 11-24 18:00 前核查接收情况" in "".join(notices)


@pytest.mark.parametrize(
    ("texts", "urgency", "owner", "due", "rule"),
    [
        ({"receipt_check_limit": "day"}, "none", "drafter", "11-24 09:0", "DDL-09"),
        ({"receipt_check_owner": "dispatcher"}, "none", "secretary", "11-24 18:00", "DDL-08"),
        ({}, "urgent", "drafter", "11-23 09:3", "DDL-02"),
    ],
)
def test_owner_and_limit_are_the_units_choice_and_urgent_ones_are_prompt(
    world: World, texts: dict[str, str], urgency: str, owner: str, due: str, rule: str
) -> None:
    if texts:
        choose(world, **texts)
    check = check_of(world, sent(world, urgency=urgency))
    assert check.owner_id == world.actor(owner).person_id
    assert f"{check.due_at.astimezone(SHANGHAI):%m-%d %H:%M}".startswith(due)
    assert rule in check.limit_steps[0]


def test_it_is_complete_when_every_recipient_has_an_answer(world: World) -> None:
    done = sent(world)
    check, version = check_of(world, done), world.document(done.case).version
    answer(world, "drafter", check, *received(ALL[0]))
    assert check_of(world, done).done_at is None
    assert said(world, done) == ["已收到", "未核查", "未核查"]
    phoned = Answer(*ALL[1], "phoned", "张工", "已电话告知")
    answer(world, "drafter", check, phoned, Answer(*ALL[2], "not_received"))
    assert check_of(world, done).done_at == world.at
    assert to_do(world.session, world.actor("drafter")) == []
    waiting = sa.select(Due).filter_by(subject_type="receipt_check", state="pending")
    assert world.session.scalars(waiting).all() == []
    document = world.document(done.case)
    assert (document.state, document.version) == ("dispatched", version)
    assert done.case.state == "closed"
    # what was not received is set right later; nothing that was written is lost
    answer(world, "drafter", check, *received(ALL[2]))
    assert said(world, done) == ["已收到", "已电话联系", "已收到"]
    assert world.session.query(ReceiptAnswer).count() == 4
    assert violations(world.session) == {}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        (Answer("main", "别的单位", "received", field="r0-"), "r0-recipient", "没有发给"),
        (Answer("copy", ALL[0][1], "received", field="r0-"), "r0-recipient", "没有发给"),
        (Answer(*ALL[0], "lost", field="r0-"), "r0-answer", "请从"),
        (Answer(*ALL[0], "phoned", field="r0-"), "r0-answered_by", "写明对方"),
        (Answer(*ALL[0], "received", note="长" * 201, field="r0-"), "r0-note", "最多 200 字"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    world: World, given: Answer, field: str, words: str
) -> None:
    check = check_of(world, sent(world))
    with pytest.raises(Invalid) as refused:
        answer(world, "drafter", check, *received(ALL[1]), given)
    assert [each.field for each in refused.value.errors] == [field]
    assert words in refused.value.message
    assert world.session.query(ReceiptAnswer).count() == 0


def test_nobody_else_answers_and_strangers_see_nothing(world: World) -> None:
    check = check_of(world, sent(world))
    for login in ("secretary", "dept.head"):
        with pytest.raises(NotAllowed):
            answer(world, login, check, *received(ALL[0]))
    for login in ("sole.head", "city.secretary"):
        with pytest.raises(NotFound):
            answer(world, login, check, *received(ALL[0]))
        with pytest.raises(NotFound):
            sheet(world.session, world.actor(login), check.id)


def test_an_agent_checks_in_the_drafters_stead_while_he_stands_in(world: World) -> None:
    check = check_of(world, sent(world))
    agent = world.actor("sole.head")
    given = world.delegate("drafter", "sole.head", days=2)
    with clock.moved_to(world.at):
        assert [each.id for each in to_do(world.session, agent)] == [check.id]
    answer(world, "sole.head", check, *received(ALL[0]))
    world.take_back("drafter", given)
    with clock.moved_to(world.at):
        assert to_do(world.session, agent) == []
    with pytest.raises(NotFound):
        answer(world, "sole.head", check, *received(ALL[1]))


@pytest.fixture(params=["app", pytest.param("postgres_app", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest) -> Iterator[World]:
    app: Flask = request.getfixturevalue(request.param)
    with app.app_context():
        yield World(db.session())
        db.session.remove()


def test_what_was_not_checked_in_time_is_marked_once(either: World) -> None:
    done = sent(either)
    for at in ("24 17:59", "24 18:00:01", "24 18:01", "25 09:00"):
        either.at = moment(at)
        either.sweep()
    assert check_of(either, done).overdue_since == moment("24 18:00")
    notices = sa.select(Notice.person_id).filter_by(kind="receipt_check")
    told = {either.actor(login).person_id for login in ("drafter", "secretary", "office.head")}
    assert set(either.session.scalars(notices)) == told
    assert to_do(either.session, either.actor("drafter"))[0].lamp.key == "red"
    answer(either, "drafter", check_of(either, done), *received(*ALL))
    found = of_case(look_at_case(either.session, either.actor("drafter"), done.case.id))
    assert found is not None
    assert found.late


def test_a_change_of_the_rule_moves_what_is_in_time_and_says_so(world: World) -> None:
    done = sent(world)
    late, open_ = sent(world), check_of(world, done).id
    world.session.get_one(ReceiptCheck, check_of(world, late).id).overdue_since = world.at
    world.session.commit()
    choose(world, count="elapsed")
    count_again(world)
    moved = world.session.get_one(ReceiptCheck, open_, populate_existing=True)
    assert (moved.due_at, moved.limit_revision) == (moved.opened_at + timedelta(days=1), 2)
    assert "已重新计算" in moved.limit_steps[-1]
    assert check_of(world, late).limit_revision == 1
    world.at = moment("24 18:01")
    world.sweep()
    assert check_of(world, done).overdue_since == moved.due_at
    waiting = sa.select(Due.id).filter_by(subject_type="receipt_check", state="pending")
    assert world.session.scalars(waiting).all() == []


def test_a_check_whose_time_takes_no_effect_is_a_fault_of_its_case(world: World) -> None:
    done = sent(world)
    world.session.execute(
        sa.update(Due)
        .where(Due.subject_type == "receipt_check", Due.kind == "receipt_check")
        .values(state="incident", attempts=5, last_error="无法发出")
    )
    world.session.commit()
    (row,) = faults.faults(world.session, world.actor("process.admin"))
    assert (row.case_id, row.step_name, row.kind) == (done.case.id, "核查接收情况", "due")
    assert faults.count(world.session, world.actor("process.admin")) == 1
    world._act(repairing.retry, world.actor("process.admin"), row.id, "已查明。")
    world.at = moment("24 18:01")
    world.sweep()
    assert check_of(world, done).overdue_since == moment("24 18:00")


def test_who_takes_over_gets_the_checks_too(world: World) -> None:
    done = sent(world)
    check = check_of(world, done)
    handover = prepare(world, "drafter", "drafter", "dept.deputy")
    words = [each.words for each in inventory.items(world.session, handover.person_id)]
    assert f"发文后核查接收情况：发文办理，办件 {done.case.id}，由接替人核查" in words
    confirm(world, "leader", handover)
    assert check_of(world, done).owner_id == world.actor("dept.deputy").person_id
    answer(world, "dept.deputy", check, *received(*ALL))
    assert check_of(world, done).done_at is not None


def count_again(world: World) -> None:
    world.session.rollback()
    with clock.moved_to(world.at):
        do_chores(sessionmaker(world.session.get_bind()), (recompute_checks,))


@pytest.mark.postgres
def test_two_answers_and_the_sweep_at_once(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        ids = [check_of(world, sent(world)).id for _ in range(4)]
        at = world.at = moment("24 18:01")
        db.session.remove()

    def answering_(check_id: int, *places: tuple[str, str]) -> None:
        with clock.moved_to(at):
            own = World(db.session())
            answering.answer(db.session(), own.actor("drafter"), check_id, received(*places))
            db.session.commit()

    def sweeping() -> None:
        World(db.session(), at).sweep()

    for check_id in ids:
        found = at_once(
            postgres_app,
            lambda of=check_id: answering_(of, *ALL[:2]),
            lambda of=check_id: answering_(of, ALL[2]),
            sweeping,
        )
        assert found == [None] * 3
    with postgres_app.app_context():
        for each in db.session.query(ReceiptCheck):
            assert each.done_at is not None
        assert violations(db.session()) == {}
        db.session.remove()
