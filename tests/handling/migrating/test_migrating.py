"""迁移: chosen cases change over to the version in force, by two administrators, and back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.deadlines.models import Due
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling.errors import OneselfConfirms
from app.handling.migrating import deciding
from app.handling.migrating.errors import NotInForce
from app.handling.migrating.models import Migration
from app.handling.models import Intervention, Notice, Opinion
from app.handling.views import history, proposals
from app.workflow.models import WorkflowCase, WorkflowTimer
from app.workflow.versions import compare
from tests.faults.invariants import violations
from tests.features.rows import all_rows
from tests.handling import administering
from tests.handling.administering import FIRST, SECOND, carry_out
from tests.handling.editions import inserted, kept, limited, removed, renamed, timed
from tests.handling.migrating.migrating import decide, in_force, moved, propose, row, stand, undo
from tests.handling.test_intervening import appoint
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


def pending(world: World, task_id: int) -> list[Due]:
    query = sa.select(Due).where(
        Due.subject_type == "task",
        Due.subject_id == task_id,
        Due.state == "pending",
        Due.kind == "overdue",
    )
    return list(world.session.scalars(query))


def test_a_moved_case_goes_on_by_the_new_version(world: World) -> None:
    task = stand(world, "dept_review")
    case, revision = world.case_of(task), task.revision
    new = in_force(world, LEGAL)
    plan = moved(world, new, case)
    assert (plan.state, row(world, case).state) == ("done", "moved")
    assert world.session.get_one(WorkflowCase, case.id).sha256 == new.sha256
    assert case.process_version == new.version
    world.complete(task, "dept.head", revision=revision)  # the form drawn before is still good
    assert [each.step for each in world.open(case)] == ["legal_review"]
    assert violations(world.session) == {}


def test_it_is_on_record_in_the_case_with_both_of_them(world: World) -> None:
    case = world.case_of(stand(world, "dept_review"))
    new = in_force(world, LEGAL)
    moved(world, new, case)
    line = history.lines(world.session, case)[-1]
    assert (line.label, line.kind, line.clause) == (
        "改用流程新版本",
        "administrator",
        "办公会纪要〔2026〕8号",
    )
    assert line.entry.reason == "新办法自本月起执行。"
    assert line.entry.detail["outcome_label"] == f"从第 1 版改按第 {new.version} 版办理"
    for login in (FIRST, SECOND):
        assert world.actor(login).name in line.entry.authority
    told = world.session.scalars(sa.select(Notice).where(Notice.case_id == case.id)).all()
    assert [world.actor("dept.head").person_id in {each.person_id for each in told}] == [True]


def test_until_the_second_agrees_nothing_changes(world: World) -> None:
    case = world.case_of(stand(world, "dept_review"))
    new = in_force(world, LEGAL)
    before = world.session.get_one(WorkflowCase, case.id).state
    plan = propose(world, new, [case]).migration
    found = world.session.get_one(WorkflowCase, case.id)
    assert (found.state, found.sha256 == new.sha256, plan.state) == (before, False, "proposed")
    with pytest.raises(OneselfConfirms):
        decide(world, plan, by=FIRST)
    with pytest.raises(Invalid):
        decide(world, plan, agree=False)
    decide(world, plan, agree=False, answer="先办完再说。")
    assert (plan.state, row(world, case).state) == ("refused", "dropped")
    assert found.sha256 != new.sha256
    with pytest.raises(Conflict):
        decide(world, plan)


def test_a_plan_is_taken_back_by_who_made_it(world: World) -> None:
    case = world.case_of(stand(world, "dept_review"))
    plan = propose(world, in_force(world, LEGAL), [case]).migration
    with pytest.raises(NotAllowed):
        deciding.withdraw(world.session, world.actor(SECOND), plan.id)
    deciding.withdraw(world.session, world.actor(FIRST), plan.id)
    assert (plan.state, row(world, case).state) == ("withdrawn", "dropped")


def test_who_has_acted_since_keeps_his_case_where_it_is(world: World) -> None:
    """The other one of the plan goes over all the same."""
    acted, quiet = stand(world, "dept_review"), stand(world, "office_check")
    cases = [world.case_of(acted), world.case_of(quiet)]
    new = in_force(world, LEGAL)
    plan = propose(world, new, cases).migration
    world.complete(acted, "dept.head")
    decide(world, plan)
    assert [row(world, each).state for each in cases] == ["refused", "moved"]
    assert "提请之后此件有变动" in row(world, cases[0]).why
    assert world.session.get_one(WorkflowCase, cases[0].id).sha256 != new.sha256
    assert [each.step for each in world.open(cases[0])] == ["office_check"]


def test_handing_over_is_acting_too(world: World) -> None:
    task = stand(world, "dept_review")
    plan = propose(world, in_force(world, LEGAL), [world.case_of(task)]).migration
    world.hand_over(task, "dept.head", "dept.deputy")
    decide(world, plan)
    assert row(world, world.case_of(task)).state == "refused"


def test_what_has_no_place_is_left_out_and_named(world: World) -> None:
    gone, fits = stand(world, "office_check"), stand(world, "dept_review")
    new = in_force(world, removed("office_check"))
    planned = propose(world, new, [world.case_of(gone), world.case_of(fits)])
    (left,) = planned.left_out
    assert (left.case_id, "办公室负责人把关" in left.why) == (gone.case_id, True)
    with pytest.raises(Invalid, match="办公室负责人把关"):
        propose(world, new, [world.case_of(gone)])


def test_a_party_to_a_case_neither_proposes_nor_confirms(world: World) -> None:
    appoint(world, "leader3")
    mine, others = stand(world, "office_check"), stand(world, "office_check")
    mine = world.hand_over(mine, "office.head", FIRST)
    cases = [world.case_of(mine), world.case_of(others)]
    new = in_force(world, LEGAL)
    (left,) = propose(world, new, cases).left_out
    assert left.case_id == cases[0].id
    plan = propose(world, new, [cases[0]], by=SECOND).migration
    decide(world, plan, by=FIRST)
    assert (row(world, cases[0]).state, "确认" in row(world, cases[0]).why) == ("refused", True)
    decide(world, propose(world, new, [cases[0]], by=SECOND).migration, by="leader3")
    assert row(world, cases[0]).state == "moved"


REFUSED = [
    # cases, version in force, what it is
    ([], True, Invalid),
    ([9999], True, Invalid),
    (None, False, NotInForce),
]


@pytest.mark.parametrize(("cases", "in_force_", "error"), REFUSED)
def test_refusals_change_nothing(
    world: World, cases: list[int] | None, in_force_: bool, error: type[Exception]
) -> None:
    case = world.case_of(stand(world, "dept_review"))
    new = in_force(world, LEGAL) if in_force_ else kept(world.session, LEGAL)
    before = all_rows(world.session)
    with pytest.raises(error):
        propose(world, new, [case] if cases is None else cases)
    assert all_rows(world.session) == before


def test_another_version_in_force_by_then(world: World) -> None:
    case = world.case_of(stand(world, "dept_review"))
    plan = propose(world, in_force(world, LEGAL), [case]).migration
    in_force(world, LEGAL, renamed("draft", "起草"))
    with pytest.raises(NotInForce):
        decide(world, plan)
    assert row(world, case).state == "planned"


def test_one_case_is_in_one_waiting_plan(world: World) -> None:
    task = stand(world, "dept_review")
    case, new = world.case_of(task), in_force(world, LEGAL)
    first = propose(world, new, [case]).migration
    with pytest.raises(Invalid, match=f"第 {first.id} 号"):
        propose(world, new, [case])
    world.complete(task, "dept.head")
    second = propose(world, new, [case]).migration
    decide(world, second)
    assert row(world, case).state == "moved"


def test_other_units_do_not_see_the_plan(world: World) -> None:
    case = world.case_of(stand(world, "dept_review"))
    plan = propose(world, in_force(world, LEGAL), [case])
    with pytest.raises(NotFound):
        decide(world, plan.migration, by="city.process.admin")
    with pytest.raises(NotAllowed):
        decide(world, plan.migration, by="drafter")


# --- limits


def test_limits_stay_unless_they_are_chosen(world: World) -> None:
    kept_, chosen = stand(world, "dept_review"), stand(world, "dept_review")
    new = in_force(world, limited("dept_review", "P3D"))
    ends = kept_.due_at, chosen.due_at
    moved(world, new, world.case_of(kept_))
    moved(world, new, world.case_of(chosen), with_limits=True)
    world.session.refresh(kept_)
    world.session.refresh(chosen)
    assert kept_.due_at == ends[0]
    assert ends[1] is not None
    assert chosen.due_at == ends[1] + timedelta(days=2)
    (due,) = pending(world, chosen.id)
    assert due.due_at == chosen.due_at
    assert violations(world.session) == {}


def test_a_limit_that_goes_and_comes_back(world: World) -> None:
    task = stand(world, "dept_review")
    before = task.due_at, list(task.limit_steps)
    plan = moved(
        world, in_force(world, limited("dept_review", "")), world.case_of(task), with_limits=True
    )
    world.session.refresh(task)
    assert (task.due_at, pending(world, task.id)) == (None, [])
    undo(world, plan)
    world.session.refresh(task)
    assert (task.due_at, list(task.limit_steps)) == before
    assert [each.due_at for each in pending(world, task.id)] == [before[0]]
    assert violations(world.session) == {}


def test_what_was_overdue_and_gets_time_is_overdue_no_more(world: World) -> None:
    task = stand(world, "dept_review")
    world.later(days=1, hours=10)
    world.sweep()
    world.session.refresh(task)
    assert task.overdue_since is not None
    plan = moved(
        world, in_force(world, limited("dept_review", "P5D")), world.case_of(task), with_limits=True
    )
    world.session.refresh(task)
    assert (task.overdue_since, len(pending(world, task.id))) == (None, 1)
    undo(world, plan)
    world.sweep()
    world.session.refresh(task)
    assert task.overdue_since is not None


# --- timers, standstill, proposals


def test_a_step_that_gets_a_timer_keeps_its_stay(world: World) -> None:
    task = stand(world, "office_check")
    case, token, revision = world.case_of(task), task.token, task.revision
    plan = moved(world, in_force(world, timed("office_check")), case)
    (open_,) = world.open(case)
    world.session.refresh(task)
    assert (open_.id, task.token != token) == (task.id, True)
    timer = world.session.scalars(sa.select(WorkflowTimer)).one()
    assert timer.closed_at is None
    assert violations(world.session) == {}
    undo(world, plan)
    world.session.refresh(task)
    world.session.refresh(timer)
    assert (task.token, timer.closed_at is not None) == (token, True)
    world.complete(task, "office.head", revision=revision)
    assert violations(world.session) == {}


def test_a_timer_that_goes_waits_again_when_it_is_undone(world: World) -> None:
    in_force(world, timed("office_check"))
    task = stand(world, "office_check")
    plan = moved(world, in_force(world, renamed("draft", "起草")), world.case_of(task))
    timer = world.session.scalars(sa.select(WorkflowTimer)).one()
    assert timer.closed_at is not None
    undo(world, plan)
    world.session.refresh(timer)
    assert timer.closed_at is None
    assert violations(world.session) == {}


def test_a_case_that_stands_still_moves_unless_timers_differ(world: World) -> None:
    plain, timing = stand(world, "dept_review"), stand(world, "office_check")
    cases = [world.case_of(plain), world.case_of(timing)]
    for case in cases:
        carry_out(world, case, "suspend")
    new = in_force(world, LEGAL, timed("office_check"), limited("dept_review", "P3D"))
    plan = propose(world, new, cases, with_limits=True)
    assert [(each.case_id, each.why[:5]) for each in plan.left_out] == [(cases[1].id, "此件已暂停")]
    decide(world, plan.migration)
    assert row(world, cases[0]).state == "moved"
    carry_out(world, cases[0], "resume")
    world.complete(plain, "dept.head")
    assert violations(world.session) == {}


def test_a_measure_that_waits_lapses_with_the_migration(world: World) -> None:
    task = stand(world, "dept_review")
    case = world.case_of(task)
    waiting = administering.propose(world, case, "move", task, "draft")
    moved(world, in_force(world, LEGAL), case)
    assert world.session.get_one(Intervention, waiting.id).state == "stale"
    proposals.proposals(world.session, world.actor(FIRST))


# --- undoing


def test_undoing_puts_everything_back(world: World) -> None:
    task = stand(world, "dept_review")
    case = world.case_of(task)
    run = world.session.get_one(WorkflowCase, case.id)
    before = run.state, run.sha256, case.process_version, task.due_at
    new = in_force(world, LEGAL, limited("dept_review", "P3D"))
    plan = undo(world, moved(world, new, case, with_limits=True))
    world.session.refresh(task)
    assert (run.state, run.sha256, case.process_version, task.due_at) == before
    assert (plan.state, row(world, case).state) == ("undone", "undone")
    assert history.lines(world.session, case)[-1].entry.reason == "迁移有误。"
    world.complete(task, "dept.head")
    assert [each.step for each in world.open(case)] == ["office_check"]
    assert violations(world.session) == {}
    with pytest.raises(Conflict):
        undo(world, plan)


def test_what_was_acted_on_stays_moved(world: World) -> None:
    acted, quiet = stand(world, "dept_review"), stand(world, "office_check")
    cases = [world.case_of(acted), world.case_of(quiet)]
    plan = moved(world, in_force(world, LEGAL), *cases)
    world.complete(acted, "dept.head")
    undo(world, plan)
    assert [row(world, each).state for each in cases] == ["moved", "undone"]
    assert "不能恢复原版本" in row(world, cases[0]).why
    assert plan.state == "done"
    assert world.session.scalar(sa.select(sa.func.count()).select_from(Migration)) == 1


def test_undoing_needs_a_reason_and_a_right(world: World) -> None:
    case = world.case_of(stand(world, "dept_review"))
    plan = moved(world, in_force(world, LEGAL), case)
    with pytest.raises(Invalid):
        undo(world, plan, reason=" ")
    with pytest.raises(NotFound):
        undo(world, plan, by="city.process.admin")


def test_no_opinion_is_lost(world: World) -> None:
    task = stand(world, "office_check")
    before = world.session.scalars(sa.select(Opinion.text).order_by(Opinion.id)).all()
    new = in_force(world, LEGAL)
    assert compare(new, new) == []
    moved(world, new, world.case_of(task))
    assert world.session.scalars(sa.select(Opinion.text).order_by(Opinion.id)).all() == before
