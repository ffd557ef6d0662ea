"""迁移: the people and the drawn timers of open stays follow the version, and follow it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit import case_entries
from app.deadlines.models import Due
from app.errors import Invalid
from app.handling.models import Case, Notice, Task
from app.handling.replaying.rebuilding import rebuild
from app.handling.stays import timers
from app.workflow.models import WorkflowCase, WorkflowTimer
from tests.faults.invariants import violations
from tests.handling.administering import carry_out
from tests.handling.editions import Edit, given_to, inserted, limited, timed
from tests.handling.live import by_the_record, by_the_tables
from tests.handling.migrating.migrating import decide, in_force, moved, propose, row, stand, undo
from tests.web.handling import dismiss
from tests.world import World

TO_OFFICE = given_to("dept_review", "office-head")


def told(world: World, login: str, case: Case) -> list[str]:
    query = sa.select(Notice.text).where(
        Notice.person_id == world.actor(login).person_id,
        Notice.case_id == case.id,
        Notice.kind == "moved",
    )
    return list(world.session.scalars(query.order_by(Notice.id)))


def last(world: World, case: Case) -> dict[str, Any]:
    detail = case_entries(world.session, case.id, case.document_id)[-1].detail
    assert isinstance(detail, dict)
    return detail


def ends(world: World, case: Case) -> list[tuple[str, datetime]]:
    """Text and end of each timer that waits."""
    query = (
        sa.select(WorkflowTimer.text, Due.due_at)
        .join(Due, (Due.subject_type == timers.SUBJECT) & (Due.subject_id == WorkflowTimer.id))
        .where(WorkflowTimer.case_id == case.id, WorkflowTimer.closed_at.is_(None))
        .where(Due.state == "pending")
    )
    return [(each.text, each.due_at) for each in world.session.execute(query)]


def test_a_changed_role_finds_the_people_anew_and_tells_those_of_before(world: World) -> None:
    task = stand(world, "dept_review")
    case, held = world.case_of(task), world.holders(task)
    assert held == ["dept.head"]
    new = in_force(world, TO_OFFICE)
    plan = propose(world, new, [case]).migration
    assert "不在其中" in "".join(row(world, case).foreseen)
    decide(world, plan)
    (now,) = world.open(case)
    assert (now.id, world.holders(now), now.step) == (task.id, ["office.head"], "dept_review")
    assert "改由他人办理" in told(world, "dept.head", case)[0]
    assert "第 2 版" in told(world, "office.head", case)[0]
    assert last(world, case)["people"] == ["“部门负责人核稿”改由赵文涛办理"]
    assert by_the_record(world.session, case.id) == by_the_tables(world.session, case.id)
    assert violations(world.session) == {}
    world.complete(now, "office.head", "approve")


def test_undoing_gives_it_back_to_those_who_had_it(world: World) -> None:
    task = stand(world, "dept_review")
    case = world.case_of(task)
    plan = moved(world, in_force(world, TO_OFFICE), case)
    undo(world, plan)
    (now,) = world.open(case)
    assert (now.id, world.holders(now), now.given_by) == (task.id, ["dept.head"], "choice")
    assert any("改由他人办理" in each for each in told(world, "office.head", case))
    assert by_the_record(world.session, case.id) == by_the_tables(world.session, case.id)
    assert violations(world.session) == {}
    world.complete(now, "dept.head", "approve")


def test_who_has_left_meanwhile_does_not_get_it_back(world: World) -> None:
    task = stand(world, "dept_review")
    case = world.case_of(task)
    plan = moved(world, in_force(world, TO_OFFICE), case)
    dismiss(world, "dept-head")
    undo(world, plan)
    (now,) = world.open(case)
    assert now.blocked is not None
    assert violations(world.session) == {}


def test_what_a_colleague_gave_stays_where_it_is(world: World) -> None:
    task = world.hand_over(stand(world, "dept_review"), "dept.head", "dept.deputy")
    case = world.case_of(task)
    moved(world, in_force(world, TO_OFFICE), case)
    assert world.holders(world.open(case)[0]) == ["dept.deputy"]


def test_a_case_that_nobody_could_act_at_is_not_planned(world: World) -> None:
    task = stand(world, "dept_review")
    dismiss(world, "supervisor")
    new = in_force(world, given_to("dept_review", "supervisor"))
    with pytest.raises(Invalid, match="没有人可以办理"):
        propose(world, new, [world.case_of(task)])


def test_a_post_that_is_left_after_the_plan_keeps_the_case_where_it_is(world: World) -> None:
    task = stand(world, "dept_review")
    case, held = world.case_of(task), world.holders(task)
    plan = propose(world, in_force(world, given_to("dept_review", "seal-keeper")), [case]).migration
    dismiss(world, "seal-keeper")
    decide(world, plan)
    assert (row(world, case).state, world.holders(world.open(case)[0])) == ("refused", held)
    assert "没有人可以办理" in row(world, case).why
    assert violations(world.session) == {}


def test_people_and_limit_change_together_and_back(world: World) -> None:
    task = stand(world, "dept_review")
    case, due_at = world.case_of(task), task.due_at
    new = in_force(world, TO_OFFICE, limited("dept_review", "P3D"))
    plan = moved(world, new, case, with_limits=True)
    assert world.open(case)[0].due_at != due_at
    undo(world, plan)
    assert world.open(case)[0].due_at == due_at
    assert violations(world.session) == {}


def timed_case(world: World, length: str) -> Case:
    in_force(world, timed("dept_review", length))
    return world.case_of(stand(world, "dept_review"))


def test_a_timer_drawn_with_another_time_gets_another_end(world: World) -> None:
    case = timed_case(world, "P3D")
    ((_, before),) = ends(world, case)
    new = in_force(world, timed("dept_review", "P5D"))
    plan = propose(world, new, [case]).migration
    assert row(world, case).foreseen == [
        "定时器“dept_review_late”的时间由 3 个工作日 改为 5 个工作日"
    ]
    decide(world, plan)
    ((text, after),) = ends(world, case)
    assert (text, after.date() > before.date()) == ("P5D", True)
    (said,) = last(world, case)["timers"]
    assert "dept_review_late" in said
    assert "→" in said
    assert by_the_record(world.session, case.id) == by_the_tables(world.session, case.id)
    assert violations(world.session) == {}
    undo(world, plan)
    assert ends(world, case) == [("P3D", before)]
    assert by_the_record(world.session, case.id) == by_the_tables(world.session, case.id)
    assert violations(world.session) == {}


@pytest.mark.parametrize("undone", [False, True])
def test_the_timer_fires_once_at_the_end_that_holds(world: World, undone: bool) -> None:
    case = timed_case(world, "P3D")
    ((_, first),) = ends(world, case)
    plan = moved(world, in_force(world, timed("dept_review", "P5D")), case)
    ((_, second),) = ends(world, case)
    if undone:
        undo(world, plan)
    for at, fired in ((first, undone), (second, True)):
        world.at = at + timedelta(minutes=1)
        world.sweep()
        assert (ends(world, case) == []) == fired
    entries = case_entries(world.session, case.id, case.document_id)
    assert [each.action for each in entries].count("timer.fired") == 1


def test_a_shorter_timer_does_not_run_out_by_the_move(world: World) -> None:
    case = timed_case(world, "P5D")
    world.later(hours=50)
    ((_, before),) = ends(world, case)
    moved(world, in_force(world, timed("dept_review", "PT1H")), case)
    ((_, after),) = ends(world, case)
    assert world.at < after < before


def set_field(world: World, case: Case, name: str, value: str) -> None:
    state = world.session.get_one(WorkflowCase, case.id).state
    filled = state.replace('"variables":{', f'"variables":{{"{name}":"{value}",')
    at = sa.update(WorkflowCase).where(WorkflowCase.id == case.id)
    world.session.execute(at.values(state=filled), execution_options={"synchronize_session": False})
    world.session.commit()
    world.session.expire_all()


def refused(world: World, case: Case, edits: Sequence[Edit]) -> str:
    with pytest.raises(Invalid) as refusal:
        propose(world, in_force(world, *edits), [case])
    return refusal.value.message


BY_FIELD = timed("dept_review", "reply_by")


@pytest.mark.parametrize("before", [(), (timed("dept_review", "P3D"),)], ids=["new", "changed"])
def test_a_timer_of_a_field_is_asked_for_before_the_move(
    world: World, before: Sequence[Edit]
) -> None:
    if before:
        in_force(world, *before)
    case = world.case_of(stand(world, "dept_review"))
    said = refused(world, case, [BY_FIELD])
    assert "“dept_review_late”的时间取自字段“reply_by”" in said
    assert violations(world.session) == {}


def test_a_timer_of_a_field_further_on_is_asked_for_too(world: World) -> None:
    case = world.case_of(stand(world, "dept_review"))
    assert "reply_by" in refused(world, case, [timed("leader_sign", "reply_by")])


def test_a_timer_that_the_case_has_passed_is_not_asked_for(world: World) -> None:
    case = world.case_of(stand(world, "register_number"))
    moved(world, in_force(world, timed("draft", "reply_by")), case)
    assert row(world, case).state == "moved"


def test_a_timer_of_a_field_that_has_its_day_waits_for_it(world: World) -> None:
    case = timed_case(world, "P3D")
    set_field(world, case, "reply_by", "2026-12-10")
    moved(world, in_force(world, BY_FIELD), case)
    ((text, end),) = ends(world, case)
    assert (text, end.date().isoformat()) == ("2026-12-10", "2026-12-09")  # midnight in UTC
    assert violations(world.session) == {}


def test_what_is_no_day_is_as_good_as_none(world: World) -> None:
    case = timed_case(world, "P3D")
    set_field(world, case, "reply_by", "尽快")
    assert "没有可用的日期" in refused(world, case, [BY_FIELD])


def test_a_case_that_stands_still_keeps_its_timer(world: World) -> None:
    case = timed_case(world, "P3D")
    carry_out(world, case, "suspend")
    assert "已暂停" in refused(world, case, [timed("dept_review", "P5D")])
    assert violations(world.session) == {}


def test_a_timer_moved_by_the_calendar_comes_back_once(world: World) -> None:
    """Two rows of one timer: only the last of them waits again."""
    case = timed_case(world, "P3D")
    moved(world, in_force(world, timed("dept_review", "P5D")), case)
    plan = moved(world, in_force(world, inserted("dept_review_to_office_check", "z", "复核")), case)
    assert ends(world, case) == []
    undo(world, plan)
    ((text, _),) = ends(world, case)
    assert text == "P5D"
    assert violations(world.session) == {}


def test_the_replay_knows_who_had_it_when(world: World) -> None:
    task: Task = stand(world, "dept_review")
    case = world.case_of(task)
    moved(world, in_force(world, TO_OFFICE), case)
    entries = case_entries(world.session, case.id, case.document_id)
    after, before = rebuild(entries), rebuild(entries, entries[-2].seq)
    logins = [{one.login for one in each.stays[task.id].holders} for each in (before, after)]
    assert logins == [{"dept.head"}, {"office.head"}]
