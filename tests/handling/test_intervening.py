"""S12: what process administrators do to a case takes two of them, a reason and a clause."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import audit, clock, organization
from app.deadlines import WorkCalendar, working_minutes
from app.deadlines.models import Due
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import afterwards
from app.handling.acts import cancelling
from app.handling.acts.done import Done
from app.handling.errors import (
    CaseNotRunning,
    OneselfConfirms,
    PartyToCase,
    ProposalStale,
    StaleRevision,
)
from app.handling.models import Intervention, Notice, Task
from app.handling.views import history, proposals, queries
from app.organization import operations, roles
from tests.features.rows import all_rows
from tests.handling.administering import FIRST, SECOND, carry_out, decide, propose, take_back
from tests.handling.test_stopped_cases import leave
from tests.world import World

CALENDAR = WorkCalendar()


def at(world: World, step: str, **fields: object) -> Task:
    task = world.run(world.draft(**fields), until=step)
    assert task is not None
    return task


LIMIT = Due.kind != "remind"
"""What is told before a limit runs out stands beside it."""


def pending(world: World, task: Task) -> list[Due]:
    query = sa.select(Due).where(Due.subject_id == task.id, Due.state == "pending", LIMIT)
    return list(world.session.scalars(query))


def appoint(world: World, login: str) -> None:
    """One more process administrator of the unit."""
    person = organization.person_by_login(world.session, login)
    by = audit.signed_by_rule("测试")
    operations.appoint(world.session, by, world.at, person=person, role=roles.PROCESS_ADMIN)
    world.session.commit()


# --- two people


def test_a_proposal_changes_nothing_until_the_second_person_agrees(world: World) -> None:
    task = at(world, "office_check")
    found = propose(world, world.case_of(task), "reassign", task, "secretary")
    assert (found.state, world.holders(task)) == ("proposed", ["office.head"])
    with pytest.raises(OneselfConfirms):
        decide(world, found, by=FIRST)
    assert world.holders(task) == ["office.head"]
    decide(world, found)
    assert (found.state, world.holders(task)) == ("done", ["secretary"])
    with pytest.raises(Conflict, match="已执行"):
        decide(world, found)


def test_not_agreeing_takes_a_reason_and_leaves_the_case_alone(world: World) -> None:
    task = at(world, "office_check")
    found = propose(world, world.case_of(task), "move", task, "draft")
    with pytest.raises(Invalid, match="不同意"):
        decide(world, found, agree=False)
    decide(world, found, agree=False, answer="办理人明天回来。")
    assert (found.state, found.answer, task.state) == ("refused", "办理人明天回来。", "open")
    propose(world, world.case_of(task), "move", task, "draft")


@pytest.mark.parametrize(("login", "refusal"), [
    ("drafter", NotAllowed),
    ("auditor", NotFound),
    ("system.admin", NotFound),
    ("city.process.admin", NotFound),
])  # fmt: skip
def test_only_process_administrators_of_the_unit(
    world: World, login: str, refusal: type[Exception]
) -> None:
    task = at(world, "office_check")
    with pytest.raises(refusal):
        propose(world, world.case_of(task), "suspend", by=login)
    found = propose(world, world.case_of(task), "suspend")
    with pytest.raises(refusal):
        decide(world, found, by=login)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "delete"}, "kind"),
        ({"reason": " "}, "reason"),
        ({"clause": "\u3000"}, "clause"),
        ({"to": "nowhere"}, "to"),
        ({"kind": "reassign", "to": "process.admin"}, "to"),
        ({"kind": "reassign", "to": "auditor"}, "to"),
        ({"kind": "reassign", "to": "office.head"}, "to"),
        ({"task": None}, "task_id"),
    ],
)
def test_what_is_wrong_is_named(world: World, changes: dict[str, object], field: str) -> None:
    task = at(world, "office_check")
    given = {"kind": "move", "task": task, "to": "draft", **changes}
    before = all_rows(world.session)
    with pytest.raises(Invalid) as refusal:
        propose(world, world.case_of(task), **given)
    assert [each.field for each in refusal.value.errors] == [field]
    assert all_rows(world.session) == before


def test_neither_of_the_two_gets_the_document(world: World) -> None:
    task = at(world, "office_check")
    found = propose(world, world.case_of(task), "reassign", task, SECOND)
    with pytest.raises(Invalid, match="自己"):
        decide(world, found)
    assert world.holders(task) == ["office.head"]


def test_one_proposal_at_a_time_and_none_for_what_has_changed(world: World) -> None:
    task = at(world, "office_check")
    case = world.case_of(task)
    first = propose(world, case, "reassign", task, "secretary")
    with pytest.raises(Conflict, match="待确认"):
        propose(world, case, "suspend", by=SECOND)
    world.complete(task, "office.head")
    with pytest.raises(ProposalStale) as refusal:
        decide(world, first)
    with clock.moved_to(world.at):
        afterwards.leave(world.session, refusal.value, world.at)
        world.session.commit()
    world.session.refresh(first)
    assert first.state == "stale"
    propose(world, case, "suspend")


def test_those_that_wait_stand_oldest_first_and_the_decided_behind(world: World) -> None:
    cases = [world.case_of(at(world, "office_check")) for _ in range(3)]
    found = [propose(world, case, "suspend") for case in cases]
    decide(world, found[1])
    listed = proposals.proposals(world.session, world.actor(SECOND))
    assert [each.id for each in listed] == [found[0].id, found[2].id, found[1].id]


def test_a_proposal_that_the_case_left_behind_makes_room(world: World) -> None:
    task = at(world, "office_check")
    first = propose(world, world.case_of(task), "reassign", task, "secretary")
    world.complete(task, "office.head")
    propose(world, world.case_of(task), "suspend")
    world.session.refresh(first)
    assert first.state == "stale"


def test_without_a_second_administrator_nobody_could_decide(world: World) -> None:
    task = at(world, "office_check")
    leave(world, SECOND)
    with pytest.raises(Conflict, match="没有另一位"):
        propose(world, world.case_of(task), "suspend")


# --- taken back


def test_who_proposed_it_takes_it_back_and_the_case_is_as_it_was(world: World) -> None:
    task = at(world, "office_check")
    case = world.case_of(task)
    found = propose(world, case, "reassign", task, "secretary")
    take_back(world, found)
    assert (found.state, found.decided_by_id) == ("withdrawn", found.proposed_by_id)
    assert world.holders(task) == ["office.head"]
    line = history.lines(world.session, case)[-1]
    assert (line.label, line.outcome_label) == ("撤回提请", "撤回提请改派")
    assert (line.kind, line.entry.actor_name) == ("administrator", world.actor(FIRST).name)
    for refused in (lambda: decide(world, found), lambda: take_back(world, found)):
        with pytest.raises(Conflict, match="已撤回") as refusal:
            refused()
        assert refusal.value.code == "already_decided"
    propose(world, case, "suspend", by=SECOND)


@pytest.mark.parametrize(
    ("login", "refusal"),
    [(SECOND, NotAllowed), ("drafter", NotAllowed), ("city.process.admin", NotFound)],
)
def test_nobody_else_takes_it_back(world: World, login: str, refusal: type[Exception]) -> None:
    found = propose(world, world.case_of(at(world, "office_check")), "suspend")
    before = all_rows(world.session)
    with pytest.raises(refusal):
        take_back(world, found, by=login)
    assert all_rows(world.session) == before


@pytest.mark.parametrize(("agree", "word"), [(True, "已执行"), (False, "未同意")])
def test_what_is_decided_is_not_taken_back(world: World, agree: bool, word: str) -> None:
    found = propose(world, world.case_of(at(world, "office_check")), "suspend")
    decide(world, found, agree, answer="不必暂停。")
    with pytest.raises(Conflict, match=word):
        take_back(world, found)


# --- their own cases


def given_to(world: World, login: str) -> Task:
    """A case that a colleague has handed to this person at the office check."""
    task = at(world, "office_check")
    return world.hand_over(task, "office.head", login)


@pytest.mark.parametrize("keeps", [True, False], ids=["has it", "had it"])
def test_a_party_neither_proposes_nor_decides(world: World, keeps: bool) -> None:
    task = given_to(world, FIRST)
    case = world.case_of(task)
    if not keeps:
        world.complete(task, FIRST)
    with pytest.raises(PartyToCase, match="不足两位，请安全管理员增设"):
        propose(world, case, "suspend")
    with pytest.raises(Conflict, match="没有另一位与此件无关的") as refusal:
        propose(world, case, "suspend", by=SECOND)
    assert refusal.value.code == "second_person_needed"
    appoint(world, "leader3")
    with pytest.raises(PartyToCase, match=f"请其他流程管理员.*{world.actor('leader3').name}"):
        propose(world, case, "suspend")
    found = propose(world, case, "suspend", by=SECOND)
    before = all_rows(world.session)
    for agree in (True, False):
        with pytest.raises(PartyToCase, match=f"（{world.actor('leader3').name}）确认"):
            decide(world, found, agree, by=FIRST, answer="不必。")
    assert all_rows(world.session) == before
    assert decide(world, found, by="leader3").state == "done"


def test_who_drafted_it_is_a_party(world: World) -> None:
    appoint(world, "drafter")
    task = at(world, "office_check")
    with pytest.raises(PartyToCase, match="请其他流程管理员"):
        propose(world, world.case_of(task), "suspend", by="drafter")
    found = propose(world, world.case_of(task), "suspend")
    with pytest.raises(PartyToCase):
        decide(world, found, by="drafter")
    other = world.register()
    assert propose(world, other.case, "suspend", by="drafter").state == "proposed"


def test_who_looks_after_it_is_a_party(world: World) -> None:
    case = world.case_of(at(world, "office_check"))
    case.caretaker_id = world.actor(FIRST).person_id
    world.session.commit()
    with pytest.raises(PartyToCase):
        propose(world, case, "suspend")


def test_who_acted_through_an_agent_is_a_party(world: World) -> None:
    appoint(world, "office.head")
    world.delegate("office.head", "secretary")
    task = at(world, "office_check")
    world.complete(task, "secretary")
    with pytest.raises(PartyToCase):
        propose(world, world.case_of(task), "suspend", by="office.head")
    propose(world, world.case_of(task), "suspend")


def test_a_stopped_stay_makes_nobody_a_party(world: World) -> None:
    done = world.draft()
    world.run(done, until="leader_sign")
    leave(world, "printing")
    task = world.run(done, until="register_number")
    assert task is not None
    assert world.holders(task) == [FIRST, SECOND]
    carry_out(world, done.case, "reassign", task, "dispatcher")
    carry_out(world, done.case, "move", task, "leader_sign")
    carry_out(world, done.case, "suspend")
    carry_out(world, done.case, "resume")


def test_who_lost_a_stay_before_acting_is_no_party(world: World) -> None:
    """Whom a case was taken from has not acted, nor has who moved it on as an administrator."""
    appoint(world, "leader3")
    task = given_to(world, "leader3")
    case = world.case_of(task)
    carry_out(world, case, "reassign", task, "secretary")
    carry_out(world, case, "move", task, "draft")
    assert task.done_by_id == world.actor(SECOND).person_id
    found = propose(world, case, "suspend", by=SECOND)
    assert decide(world, found, by="leader3").state == "done"


def test_what_a_party_proposed_before_is_not_done(world: World) -> None:
    appoint(world, "leader3")
    task = at(world, "office_check")
    case = world.case_of(task)
    found = propose(world, case, "suspend")
    world.hand_over(task, "office.head", FIRST)
    with pytest.raises(Conflict, match="提请人现在经办此件"):
        decide(world, found)
    assert (case.state, found.state) == ("running", "proposed")
    assert take_back(world, found).state == "withdrawn"


# --- moving


def test_forward_past_a_review_that_nobody_can_do(world: World) -> None:
    task = at(world, "dept_review")
    case = world.case_of(task)
    carry_out(world, case, "move", task, "leader_sign")
    (now,) = world.open(case)
    assert (task.state, now.step, world.holders(now)) == ("closed", "leader_sign", ["leader"])
    assert pending(world, task) == []
    assert world.document(case).state == "reviewing"
    assert world.run(Done(case, [])) is None
    assert world.document(case).state == "dispatched"


@pytest.mark.parametrize("to", ["register_number", "seal", "final_check_dispatch"])
def test_never_past_a_sign_off(world: World, to: str) -> None:
    task = at(world, "office_check")
    with pytest.raises(Invalid, match="尚未签发"):
        propose(world, world.case_of(task), "move", task, to)


def test_never_past_number_and_seal(world: World) -> None:
    task = at(world, "register_number")
    with pytest.raises(Invalid, match="尚未编号"):
        propose(world, world.case_of(task), "move", task, "seal")
    with pytest.raises(Invalid, match="尚未编号、用印"):
        propose(world, world.case_of(task), "move", task, "final_check_dispatch")


def test_back_behind_the_sign_off_takes_it_off_and_the_number_stays(world: World) -> None:
    task = at(world, "final_check_dispatch")
    case = world.case_of(task)
    document = world.document(case)
    number = document.number
    assert number
    assert document.sealed_at
    carry_out(world, case, "move", task, "leader_sign")
    assert (document.state, document.signed_at, document.sealed_at) == ("reviewing", None, None)
    (now,) = world.open(case)
    assert world.holders(now) == ["leader"]
    assert world.run(Done(case, [])) is None
    assert document.number == number


def test_back_to_the_seal_takes_only_the_seal_off(world: World) -> None:
    task = at(world, "final_check_dispatch")
    case = world.case_of(task)
    carry_out(world, case, "move", task, "seal")
    document = world.document(case)
    assert (document.state, document.sealed_at) == ("numbered", None)
    assert document.signed_at is not None


def test_to_a_step_of_the_other_direction_the_signature_goes_too(world: World) -> None:
    """leader_review was never on this way; it comes before a sign-off all the same."""
    task = at(world, "register_number")
    case = world.case_of(task)
    carry_out(world, case, "move", task, "leader_review")
    assert world.document(case).signed_at is None
    assert world.run(Done(case, [])) is None


def test_back_where_it_began_it_is_a_draft_again(world: World) -> None:
    task = at(world, "office_check")
    case = world.case_of(task)
    carry_out(world, case, "move", task, "draft")
    assert world.document(case).state == "draft"
    (now,) = world.open(case)
    assert world.holders(now) == ["drafter"]


def test_branches_that_end_with_a_move_are_said_before_and_recorded(world: World) -> None:
    done = world.draft(countersigners=["leader2", "leader3"])
    world.run(done, until="office_check")
    world.complete(world.open(done.case)[0], "office.head", fields={"countersign_mode": "parallel"})
    first, second = world.open(done.case)
    found = propose(world, done.case, "move", first, "office_check")
    assert found.closes == [second.step_name]
    decide(world, found)
    assert {first.state, second.state} == {"closed"}
    assert [each.step for each in world.open(done.case)] == ["office_check"]
    entry = audit.case_entries(world.session, done.case.id)[-1]
    assert (entry.detail["closes"], entry.detail["closed"]) == ([second.step_name], [second.step])


def test_an_incomplete_draft_goes_nowhere(world: World) -> None:
    done = world.draft(main_recipients=[])
    found = propose(world, done.case, "move", done.opened[0], "office_check")
    with pytest.raises(Invalid, match="主送"):
        decide(world, found)
    assert done.opened[0].state == "open"


# --- reassigning


def test_the_limit_stays_and_the_form_of_before_is_stale(world: World) -> None:
    task = at(world, "office_check")
    revision, limit = task.revision, pending(world, task)[0].due_at
    world.later(hours=3)
    carry_out(world, world.case_of(task), "reassign", task, "secretary")
    assert (task.due_at, [each.due_at for each in pending(world, task)]) == (limit, [limit])
    assert (task.given_by, task.opened_at) == ("administrator", None)
    with pytest.raises(StaleRevision):
        world.complete(task, "secretary", revision=revision)
    world.complete(task, "secretary")


def test_a_stopped_stay_counts_from_now(world: World) -> None:
    done = world.draft()
    world.run(done, until="leader_sign")
    leave(world, "printing")
    task = world.run(done, until="register_number")
    assert task is not None
    before = task.due_at
    world.later(days=2)
    carry_out(world, done.case, "reassign", task, "dispatcher")
    assert (task.blocked, world.holders(task)) == (None, ["dispatcher"])
    assert before is not None
    assert task.due_at is not None
    assert task.due_at > before


def test_a_sign_off_goes_to_a_leader_only(world: World) -> None:
    task = at(world, "leader_sign")
    with pytest.raises(Invalid, match="签发只能"):
        propose(world, world.case_of(task), "reassign", task, "secretary")


# --- standing still


def test_while_it_stands_still_nobody_acts_and_no_time_runs(world: World) -> None:
    task = at(world, "office_check")
    case = world.case_of(task)
    due_at = task.due_at
    assert due_at is not None
    carry_out(world, case, "suspend")
    left = working_minutes(world.at, due_at, CALENDAR)
    assert (case.state, pending(world, task)) == ("suspended", [])
    assert queries.tasks_by_id(world.session, [task.id])[0].lamp.key == "paused"
    before = all_rows(world.session)
    for refused in (
        lambda: world.complete(task, "office.head"),
        lambda: world.send_back(task, "office.head", "draft"),
        lambda: world.hand_over(task, "office.head", "secretary"),
        lambda: propose(world, case, "reassign", task, "secretary"),
        lambda: cancelling.cancel(world.session, world.actor("drafter"), case.id, "不发"),
    ):
        with pytest.raises(CaseNotRunning, match="暂停"):
            refused()
    world.session.rollback()
    assert all_rows(world.session) == before
    world.later(days=1)
    carry_out(world, case, "resume")
    assert case.state == "running"
    assert working_minutes(world.at, task.due_at, CALENDAR) == left
    (row,) = pending(world, task)
    assert (row.due_at, row.deadline_revision) == (task.due_at, 2)
    assert row.started_at is not None
    assert any("暂停" in each and "不计时限" in each for each in task.limit_steps)
    world.complete(task, "office.head")
    with pytest.raises(Conflict, match="没有暂停"):
        propose(world, case, "resume")


def test_it_stands_still_twice(world: World) -> None:
    task = at(world, "office_check")
    case = world.case_of(task)
    for _ in range(2):
        due_at = task.due_at
        carry_out(world, case, "suspend")
        left = working_minutes(world.at, due_at, CALENDAR)
        world.later(days=1)
        carry_out(world, case, "resume")
        assert working_minutes(world.at, task.due_at, CALENDAR) == left
    assert [each.deadline_revision for each in pending(world, task)] == [3]


def test_what_is_urgent_stops_by_the_clock_and_is_announced_again(world: World) -> None:
    task = at(world, "office_check", urgency="extra_urgent")
    case, due_at = world.case_of(task), task.due_at
    assert due_at is not None
    carry_out(world, case, "suspend")
    world.later(days=5)
    carry_out(world, case, "resume")
    assert task.due_at == due_at + timedelta(days=5, minutes=2)
    assert {each.kind for each in pending(world, task)} == {"overdue", "alarm"}


def test_what_had_run_out_before_is_marked_afterwards(world: World) -> None:
    task = at(world, "office_check")
    case, due_at = world.case_of(task), task.due_at
    world.later(days=3)
    carry_out(world, case, "suspend")
    world.later(days=1)
    carry_out(world, case, "resume")
    (row,) = pending(world, task)
    assert (task.due_at, row.due_at) == (due_at, due_at)


def test_posts_that_changed_meanwhile_count(world: World) -> None:
    task = at(world, "register_number")
    case = world.case_of(task)
    carry_out(world, case, "suspend")
    leave(world, "printing")
    assert world.holders(task) == ["printing"]
    carry_out(world, case, "resume")
    assert task.blocked


# --- told and recorded


def test_everybody_concerned_is_told(world: World) -> None:
    task = at(world, "office_check")
    carry_out(world, world.case_of(task), "suspend")
    query = sa.select(Notice.person_id, Notice.text).where(Notice.kind == "moved")
    told = {row[0]: row[1] for row in world.session.execute(query)}
    assert set(told) == {world.actor(each).person_id for each in ("drafter", "office.head")}
    assert set(told.values()) == {"流程管理员暂停办理：办理人突发疾病。"}


def test_the_record_names_both_with_reason_and_clause(world: World) -> None:
    task = at(world, "office_check")
    case = world.case_of(task)
    carry_out(world, case, "reassign", task, "secretary")
    first, second = (world.actor(each).name for each in (FIRST, SECOND))
    proposed, done = history.lines(world.session, case)[-2:]
    assert [each.kind for each in (proposed, done)] == ["administrator"] * 2
    assert (proposed.outcome_label, proposed.entry.actor_name) == ("提请改派", first)
    assert done.entry.authority == f"流程管理员，{first}提请，{second}确认"
    assert (done.entry.reason, done.clause) == ("办理人突发疾病。", "办公会纪要〔2026〕3号")
    assert done.outcome_label == f"把“{task.step_name}”改派给{world.actor('secretary').name}"


def test_proposals_are_kept(world: World) -> None:
    task = at(world, "office_check")
    found = carry_out(world, world.case_of(task), "suspend")
    assert world.session.get_one(Intervention, found.id).left == {
        str(task.id): [found.left[str(task.id)][0], False]
    }
