"""督办: who opens one and who answers for it, how it is put off and ended, what time does to it."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app import audit
from app.audit import Entry
from app.clock import SHANGHAI
from app.deadlines import load
from app.deadlines.models import Due
from app.deadlines.workdays import local_date
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling.access import sees_case
from app.handling.acts import repairing
from app.handling.acts.cancelling import cancel
from app.handling.models import Case
from app.handling.supervision import extending, opening, reporting
from app.handling.supervision.models import Supervision, SupervisionExtension, SupervisionReport
from app.handling.views import faults, queries
from app.organization import operations, roles
from app.organization.models import Department, Person
from tests.web.handling import dismiss
from tests.world import MONDAY, World

FRIDAY = date(2026, 11, 27)
ORDER = opening.Order("engineering", FRIDAY, "完成堤防巡查并报结果。", "局长办公会纪要〔2026〕8号")


@pytest.fixture
def case(world: World) -> Case:
    """A document that the engineering section has never had: it came in and lies with the head."""
    done = world.register()
    world.run(done, until="propose")
    return done.case


def supervise(world: World, case: Case, login: str = "office.head", **other: Any) -> Supervision:
    order = replace(ORDER, **other)
    found: Supervision = world._act(opening.supervise, world.actor(login), case.id, order)
    return found


def ask(world: World, of: Supervision, by: date, login: str = "dept.head") -> Any:
    return world._act(extending.ask, world.actor(login), of.id, by, "连日降雨，无法下堤。")


def decide(world: World, of: Supervision, login: str = "office.head", **more: Any) -> Any:
    """What waits is decided; where nothing does, nothing has this id."""
    query = sa.select(SupervisionExtension.id).where(
        SupervisionExtension.supervision_id == of.id, SupervisionExtension.state == "asked"
    )
    asked = world.session.scalar(query) or 0
    return world._act(partial(extending.decide, **more), world.actor(login), of.id, asked)


def told(world: World, login: str) -> list[str | None]:
    return [row.notice for row in queries.to_read(world.session, world.actor(login), 50)]


def entries(world: World, case: Case) -> list[Entry]:
    found = audit.case_entries(world.session, case.id)
    return [each for each in found if each.action.startswith("supervision.")]


def actions(world: World, case: Case) -> list[str]:
    return [each.action.removeprefix("supervision.") for each in entries(world, case)]


def pending(world: World, of: Supervision) -> list[tuple[str, str]]:
    query = sa.select(Due.kind, Due.due_at).where(
        Due.subject_type == "supervision", Due.subject_id == of.id, Due.state == "pending"
    )
    rows = world.session.execute(query.order_by(Due.due_at))
    return [(kind, f"{at.astimezone(SHANGHAI):%m-%d %H:%M}") for kind, at in rows]


def wait_until(world: World, day: int, hour: int, minute: int = 0) -> None:
    """A time in November 2026, after which the sweep has run."""
    world.at = MONDAY.replace(day=day, hour=hour, minute=minute)
    world.sweep()


@pytest.mark.parametrize("login", ["office.head", "secretary"])
def test_the_office_head_or_a_supervisor_opens_one(world: World, case: Case, login: str) -> None:
    found = supervise(world, case, login)
    assert local_date(found.due_at) == FRIDAY
    assert found.due_at.astimezone(SHANGHAI).hour == 18
    (entry,) = entries(world, case)
    assert (entry.action, entry.actor_login) == ("supervision.opened", login)
    assert entry.authority == {"office.head": "办公室主任", "secretary": "督办专员"}[login]
    assert entry.reason == ORDER.requirement
    assert entry.detail["whom"] == "工程科，2026-11-27 前"
    for head in ("dept.head", "dept.deputy"):
        (notice,) = told(world, head)
        assert notice is not None
        assert "请工程科于 2026-11-27 前办结" in notice


def test_the_department_sees_the_document_from_then_on(world: World, case: Case) -> None:
    assert not sees_case(world.session, world.actor("dept.head"), case.id)
    supervise(world, case)
    assert sees_case(world.session, world.actor("dept.head"), case.id)
    assert not sees_case(world.session, world.actor("sole.head"), case.id)
    assert not sees_case(world.session, world.actor("drafter"), case.id)
    assert not sees_case(world.session, world.actor("city.dept.head"), case.id)


@pytest.mark.parametrize(
    ("login", "refusal"),
    [("dispatcher", NotAllowed), ("drafter", NotFound), ("city.office.head", NotFound)],
)
def test_nobody_else_does(world: World, case: Case, login: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        supervise(world, case, login)
    assert world.session.scalars(sa.select(Supervision)).all() == []


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"department": "nowhere"}, "department"),
        ({"requirement": " "}, "requirement"),
        ({"reason": ""}, "reason"),
        ({"by": date(2026, 11, 28)}, "by"),  # a Saturday
        ({"by": date(2026, 11, 20)}, "by"),  # past
        ({"by": date(2029, 1, 2)}, "by"),
    ],
)
def test_what_is_missing_or_cannot_be_is_named(
    world: World, case: Case, other: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        supervise(world, case, **other)
    assert [each.field for each in refused.value.errors] == [field]


def test_the_same_day_ends_with_its_close_of_business(world: World, case: Case) -> None:
    world.at = MONDAY.replace(hour=18, minute=1)
    with pytest.raises(Invalid, match="已经下班"):
        supervise(world, case, by=MONDAY.date())


def test_one_at_a_time_for_a_department(world: World, case: Case) -> None:
    first = supervise(world, case)
    with pytest.raises(Conflict, match="已有一项在督"):
        supervise(world, case)
    supervise(world, case, department="finance")
    world._act(reporting.close, world.actor("office.head"), first.id, "已办。")
    supervise(world, case)


def test_a_finished_document_is_supervised_and_a_cancelled_one_not(world: World) -> None:
    done = world.draft()
    world.run(done)
    supervise(world, done.case)
    other = world.draft()
    world._act(cancel, world.actor("drafter"), other.case.id, "不发了。")
    with pytest.raises(Conflict, match="已撤销"):
        supervise(world, other.case)


def test_the_department_reports_and_the_supervisor_closes(world: World, case: Case) -> None:
    found = supervise(world, case)
    with pytest.raises(NotAllowed, match="王建军"):
        world._act(reporting.report, world.actor("secretary"), found.id, "办了。")
    world._act(reporting.report, world.actor("dept.head"), found.id, "已巡查两段。")
    assert any("已巡查两段" in (text or "") for text in told(world, "secretary"))
    with pytest.raises(NotAllowed):
        world._act(reporting.close, world.actor("dept.head"), found.id, "办完了。")
    with pytest.raises(Invalid):
        world._act(reporting.close, world.actor("office.head"), found.id, " ")
    world._act(reporting.close, world.actor("office.head"), found.id, "已巡查，报告收讫。")
    assert (found.state, found.result) == ("closed", "已巡查，报告收讫。")
    assert pending(world, found) == []
    assert actions(world, case) == ["opened", "reported", "closed"]
    assert entries(world, case)[-1].detail["late"] is False
    assert any("督办已办结" in (text or "") for text in told(world, "dept.head"))
    for again in (
        lambda: world._act(reporting.report, world.actor("dept.head"), found.id, "还有。"),
        lambda: world._act(reporting.close, world.actor("office.head"), found.id, "再办结。"),
        lambda: ask(world, found, FRIDAY + timedelta(days=7)),
    ):
        with pytest.raises(Conflict, match="已办结"):
            again()


def test_a_report_is_never_changed(world: World, case: Case) -> None:
    found = supervise(world, case)
    world._act(reporting.report, world.actor("dept.head"), found.id, "已巡查两段。")
    with pytest.raises(sa.exc.DBAPIError):
        world.session.execute(sa.update(SupervisionReport).values(text="全部巡查。"))
    world.session.rollback()


def test_it_is_put_off_only_by_request_and_consent(world: World, case: Case) -> None:
    found = supervise(world, case)
    later = date(2026, 12, 2)
    with pytest.raises(Invalid, match="应晚于"):
        ask(world, found, FRIDAY)
    with pytest.raises(NotAllowed):
        ask(world, found, later, "office.head")
    ask(world, found, later)
    assert local_date(found.due_at) == FRIDAY
    with pytest.raises(Conflict, match="待审批"):
        ask(world, found, later)
    with pytest.raises(NotAllowed):
        decide(world, found, "dept.deputy", agree=True)
    with pytest.raises(Invalid, match="理由"):
        decide(world, found, agree=False)
    decide(world, found, "secretary", agree=True)
    assert local_date(found.due_at) == later
    assert local_date(found.first_due_at) == FRIDAY
    assert pending(world, found) == [("remind", "11-27 08:30"), ("overdue", "12-02 18:00")]
    assert actions(world, case) == ["opened", "extension_asked", "extension_granted"]
    with pytest.raises(Conflict, match="已不在待审批"):
        decide(world, found, agree=True)


def test_a_refusal_leaves_the_date(world: World, case: Case) -> None:
    found = supervise(world, case)
    ask(world, found, date(2026, 12, 2))
    decide(world, found, agree=False, answer="汛期在即，不得拖延。")
    assert local_date(found.due_at) == FRIDAY
    assert any("不同意延期" in (text or "") for text in told(world, "dept.head"))
    ask(world, found, date(2026, 12, 1))  # he may ask again


def test_nobody_consents_to_a_request_that_he_has_not_read(world: World, case: Case) -> None:
    found = supervise(world, case)
    read = ask(world, found, date(2026, 11, 30))
    decide(world, found, "secretary", agree=False, answer="汛期在即。")
    ask(world, found, date(2026, 12, 31))
    late = partial(extending.decide, agree=True)
    with pytest.raises(Conflict, match="核对现在的情况"):
        world._act(late, world.actor("office.head"), found.id, read.id)
    assert local_date(found.due_at) == FRIDAY


def test_who_leads_two_departments_signs_as_head_of_the_one_that_was_asked(
    world: World, case: Case
) -> None:
    both = world.session.get_one(Person, world.actor("dept.head").person_id)
    finance = world.session.scalars(
        sa.select(Department).where(Department.key == "finance", Department.unit_id == case.unit_id)
    ).one()
    operations.appoint(
        world.session,
        audit.signed_by_rule("测试"),
        world.at,
        person=both,
        role=roles.DEPT_HEAD,
        department=finance,
        title="财务科负责人",
    )
    world.session.commit()
    found = supervise(world, case, department="finance")
    world._act(reporting.report, world.actor("dept.head"), found.id, "已核算。")
    assert entries(world, case)[-1].authority == "财务科负责人"


def test_nobody_consents_to_his_own_request(world: World, case: Case) -> None:
    found = supervise(world, case, "secretary", department="office")
    ask(world, found, date(2026, 12, 2), "office.head")
    with pytest.raises(NotAllowed, match="您本人负责的部门"):
        decide(world, found, "office.head", agree=True)
    decide(world, found, "secretary", agree=True)


def test_who_supervises_and_answers_too_asks_another(world: World, case: Case) -> None:
    found = supervise(world, case, "secretary", department="office")
    with pytest.raises(NotAllowed, match="杨晓燕") as refused:
        world._act(reporting.close, world.actor("office.head"), found.id, "办好了。")
    assert refused.value.code == "second_person_needed"
    assert (found.state, actions(world, case)) == ("open", ["opened"])
    world._act(reporting.close, world.actor("secretary"), found.id, "核对过，办好了。")
    assert entries(world, case)[-1].actor_login == "secretary"


@pytest.mark.parametrize(("login", "authority"), [("leader", "副局长"), ("unit.head", "局长")])
def test_a_leader_closes_what_the_office_itself_had_to_do(
    world: World, case: Case, login: str, authority: str
) -> None:
    """He is told when it is opened, and may read it from then on."""
    assert not sees_case(world.session, world.actor("leader2"), case.id)
    found = supervise(world, case, department="office")
    (notice,) = told(world, login)
    assert notice is not None
    assert "由督办人员或者单位领导办结" in notice
    with pytest.raises(NotFound):  # in charge of another department
        world._act(reporting.close, world.actor("leader2"), found.id, "办好了。")
    world._act(reporting.close, world.actor(login), found.id, "核对过，办好了。")
    assert entries(world, case)[-1].authority == authority


def test_leaders_leave_other_departments_to_who_supervises(world: World, case: Case) -> None:
    found = supervise(world, case)
    assert told(world, "leader") == []
    wait_until(world, 27, 18, 1)
    wait_until(world, 30, 18, 1)
    assert told(world, "leader") != []  # he may read it now
    with pytest.raises(NotAllowed, match="督办人员"):
        world._act(reporting.close, world.actor("leader"), found.id, "办好了。")


def test_what_was_asked_lapses_with_the_end_and_with_its_date(world: World, case: Case) -> None:
    found = supervise(world, case, by=MONDAY.date())
    asked = ask(world, found, date(2026, 11, 24))
    wait_until(world, 24, 18, 1)
    with pytest.raises(Conflict, match="日期已过"):
        decide(world, found, agree=True)
    world._act(reporting.close, world.actor("office.head"), found.id, "已办。")
    assert asked.state == "lapsed"
    assert entries(world, case)[-1].detail["late"] is True


def test_the_ladder_presses_before_and_after_the_date(world: World, case: Case) -> None:
    found = supervise(world, case)
    assert pending(world, found) == [("remind", "11-24 08:30"), ("overdue", "11-27 18:00")]
    wait_until(world, 24, 9)
    assert any("还有 3 个工作日" in (text or "") for text in told(world, "dept.head"))
    assert told(world, "secretary") == []  # a reminder is between it and the department
    wait_until(world, 26, 9)
    assert any("还有 1 个工作日" in (text or "") for text in told(world, "dept.head"))
    wait_until(world, 27, 9)
    assert any("就在今天" in (text or "") for text in told(world, "dept.head"))
    wait_until(world, 27, 18, 0)
    assert found.overdue_since is None  # at that instant it is still in time
    wait_until(world, 27, 18, 1)
    world.session.refresh(found)
    assert found.overdue_since == found.due_at
    assert any("已超过办理期限" in (text or "") for text in told(world, "secretary"))
    assert told(world, "leader") == []
    wait_until(world, 30, 18, 1)
    assert any("超期 1 个工作日" in (text or "") for text in told(world, "leader"))
    assert told(world, "unit.head") == []
    world.at = MONDAY.replace(month=12, day=2, hour=18, minute=1)
    world.sweep()
    assert any("超期 3 个工作日" in (text or "") for text in told(world, "unit.head"))
    expected = ["opened", *["reminded"] * 3, "overdue", *["escalated"] * 2]
    assert actions(world, case) == expected
    assert pending(world, found) == []
    assert entries(world, case)[-1].authority == "督办催办阶梯（DDL-21）"


def test_after_a_standstill_only_what_is_true_is_said(world: World, case: Case) -> None:
    found = supervise(world, case)
    wait_until(world, 26, 12)
    assert actions(world, case) == ["opened", "reminded"]
    assert any("还有 1 个工作日" in (text or "") for text in told(world, "dept.head"))
    assert pending(world, found) == [("remind", "11-27 08:30"), ("overdue", "11-27 18:00")]


def test_a_granted_extension_begins_the_ladder_anew(world: World, case: Case) -> None:
    found = supervise(world, case, by=MONDAY.date())
    wait_until(world, 23, 18, 1)
    world.session.refresh(found)
    assert found.overdue_since is not None
    world.at = MONDAY.replace(day=24, hour=9)
    ask(world, found, date(2026, 11, 25))
    decide(world, found, agree=True)
    assert found.overdue_since is None
    assert pending(world, found) == [("remind", "11-25 08:30"), ("overdue", "11-25 18:00")]
    wait_until(world, 25, 18, 1)
    world.session.refresh(found)
    assert found.overdue_since == found.due_at


def test_a_new_head_answers_for_it_and_sees_it(world: World, case: Case) -> None:
    found = supervise(world, case)
    dismiss(world, "dept-head")
    department = world.session.get_one(Department, found.department_id)
    drafter = world.actor("drafter")
    operations.appoint(
        world.session,
        audit.signed_by_rule("测试"),
        world.at,
        person=world.session.get_one(Person, drafter.person_id),
        role=roles.DEPT_HEAD,
        department=department,
    )
    world.session.commit()
    world._act(reporting.report, world.actor("drafter"), found.id, "接手办理。")
    with pytest.raises(NotAllowed):
        world._act(reporting.report, world.actor("dept.deputy"), found.id, "我来。")


def test_the_due_instant_is_the_close_of_business_of_the_calendar(world: World, case: Case) -> None:
    found = supervise(world, case)
    assert found.due_at == load(world.session, case.unit_id).close(FRIDAY)


def test_a_limit_that_the_sweep_gave_up_is_a_fault_to_be_tried_again(
    world: World, case: Case
) -> None:
    found = supervise(world, case)
    row = world.session.scalars(
        sa.select(Due).where(Due.subject_type == "supervision", Due.kind == "overdue")
    ).one()
    row.state, row.attempts, row.last_error = "incident", 5, "Broken"
    world.session.commit()
    admin = world.actor("process.admin")
    (fault,) = faults.faults(world.session, admin)
    assert (fault.id, fault.step_name, fault.task_id) == (f"due-{row.id}", "督办", None)
    assert faults.count(world.session, admin) == 1
    assert faults.faults(world.session, world.actor("city.process.admin")) == []
    world._act(repairing.retry, admin, fault.id, "数据库故障已排除。")
    assert ("overdue", "11-27 18:00") in pending(world, found)
    assert faults.count(world.session, admin) == 0
