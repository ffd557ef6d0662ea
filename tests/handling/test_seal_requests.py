"""用印申请: five confirmations, the keeper, and the register of uses (PAP-03 to PAP-07)."""

from typing import Any

import pytest
import sqlalchemy as sa

from app import organization
from app.documents.fields import RequestFields
from app.errors import Invalid
from app.handling.acts import requesting
from app.handling.acts.done import Done
from app.handling.models import Notice, Task
from app.handling.views import queries
from app.organization.absences import set_absence
from app.seals.registry import making, uses
from app.seals.registry.errors import ForeignSeal, SealNotActive
from app.seals.registry.models import SealUse
from app.seals.registry.uses import Wanted
from tests.seals.registry.sealing import made
from tests.seals.registry.test_making import second_keeper
from tests.world import MONDAY, World

APPROVALS = ("direct_leader", "managing_head", "deputy_head", "head")
FORM: dict[str, Any] = {
    "seal_time": "2026-11-24T10:00",
    "document_names": "施工合同\n补充协议\n廉政责任书",
    "document_count": 3,
    "taken_out": "no",
    "confirmed": "yes",
}


@pytest.fixture
def sealed(world: World) -> World:
    """The office with one seal."""
    made(world)
    return world


def ask(world: World, login: str = "drafter") -> tuple[Done, Task]:
    given = RequestFields(title="堤防工程合同用印", body="签订施工合同。")
    done: Done = world._act(requesting.start_request, world.actor(login), "seal_request", given)
    return done, world.open(done.case)[0]


def submit(world: World, login: str = "drafter", **typed: Any) -> Done:
    done, task = ask(world, login)
    world.complete(task, login, opinion="", fields={"seal": "1", **FORM, **typed})
    return done


def decide(world: World, done: Done, until: str = "use_seal") -> Task:
    task = world.run(done, until, **{step: {"outcome": "approve"} for step in APPROVALS})
    assert task is not None
    return task


def told(world: World, login: str) -> list[str]:
    person = organization.person_by_login(world.session, login)
    query = sa.select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return list(world.session.scalars(query))


def test_five_people_agree_before_the_keeper_gets_it(sealed: World) -> None:
    done = submit(sealed)
    for step, login in zip(
        APPROVALS, ("dept.head", "office.head", "leader", "unit.head"), strict=True
    ):
        (task,) = sealed.open(done.case)
        assert task.step == step
        assert login in sealed.holders(task)
        assert queries.todo(sealed.session, sealed.actor("seal.keeper")) == []
        sealed.complete(task, login, "approve")
    (task,) = sealed.open(done.case)
    assert (task.step, sealed.holders(task)) == ("use_seal", ["seal.keeper"])
    sealed.complete(task, "seal.keeper", fields={"copies": 4})
    assert (done.case.state, sealed.document(done.case).state) == ("closed", "approved")
    (use,) = sealed.session.scalars(sa.select(SealUse))
    assert (use.names, use.copies) == (["施工合同", "补充协议", "廉政责任书"], 4)


@pytest.mark.parametrize("step", APPROVALS)
def test_any_refusal_ends_it(sealed: World, step: str) -> None:
    done = submit(sealed)
    task = decide(sealed, done, step)
    sealed.complete(task, sealed.holders(task)[0], "refuse", opinion="理由不足。")
    assert sealed.open(done.case) == []
    assert (done.case.state, sealed.document(done.case).state) == ("closed", "refused")
    assert told(sealed, "drafter") == ["decided"]
    assert sealed.session.scalars(sa.select(SealUse)).all() == []


WRONG = [
    ({"document_count": 2}, "写了 3 个文件名称"),
    ({"document_names": "\n \n"}, "盖章文件的名称"),
    ({"taken_out": "yes"}, "须有同行人"),
    ({"taken_out": "yes", "companions": "张外人"}, "不是本单位人员"),
    ({"companions": "顾明珠"}, "不是本单位人员"),
    ({"told": "nobody"}, "抄送通知人“nobody”不是本单位人员"),
    ({"confirmed": "no"}, "不能通过审批"),
    ({"seal": "99"}, "不在可选范围内"),
    ({"seal_time": ""}, "请填写“用印时间”"),
]


@pytest.mark.parametrize(("typed", "words"), WRONG)
def test_what_is_wrong_is_said_and_it_stays_with_the_applicant(
    sealed: World, typed: dict[str, Any], words: str
) -> None:
    done, task = ask(sealed)
    with pytest.raises(Invalid, match=words):
        sealed.complete(task, "drafter", opinion="", fields={"seal": "1", **FORM, **typed})
    assert [each.step for each in sealed.open(done.case)] == ["apply"]
    assert sealed.document(done.case).state == "draft"


def test_the_number_of_papers_need_not_be_typed(sealed: World) -> None:
    done = submit(sealed, document_count=None)
    sealed.complete(decide(sealed, done), "seal.keeper", fields={"copies": 3})
    assert len(sealed.session.scalars(sa.select(SealUse)).one().names) == 3


def test_those_to_be_told_are_told_twice(sealed: World) -> None:
    done = submit(sealed, told="高启航\nprinting")
    assert told(sealed, "printing") == ["requested"]
    sealed.complete(decide(sealed, done), "seal.keeper", fields={"copies": 3})
    for login in ("printing", "process.admin"):
        assert told(sealed, login) == ["requested", "decided"]
    assert queries.open_tasks(sealed.session, sealed.actor("printing"), done.case.id) == []


def test_a_seal_that_goes_out_has_to_come_back(sealed: World) -> None:
    done = submit(sealed, taken_out="yes", companions="王建军")
    sealed.complete(decide(sealed, done), "seal.keeper", fields={"copies": 3})
    (task,) = sealed.open(done.case)
    assert (task.step, sealed.holders(task)) == ("bring_back", ["seal.keeper"])
    sealed.complete(task, "seal.keeper", opinion="完好。")
    assert done.case.state == "closed"
    wanted = Wanted(MONDAY.date(), MONDAY.date())
    (use,) = uses.uses(sealed.session, sealed.actor("auditor"), wanted)
    assert "带出，同行人：王建军" in use.words


def test_a_suspended_seal_is_not_used_whoever_agreed(sealed: World) -> None:
    done = submit(sealed)
    task = decide(sealed, done)
    sealed._act(making.suspend, sealed.actor("office.head"), sealed.at, 1, "遗失。")
    with pytest.raises(SealNotActive, match="停用"):
        sealed.complete(task, "seal.keeper", fields={"copies": 3})
    assert sealed.session.scalars(sa.select(SealUse)).all() == []


def test_the_deputy_keeps_it_only_while_the_keeper_is_away(world: World) -> None:
    deputy = second_keeper(world)
    made(world, deputy=deputy)
    first = decide(world, submit(world))
    assert world.holders(first) == ["seal.keeper"]
    away = {"since": world.at, "until": world.at.replace(day=25), "words": "出差"}
    set_absence(world.session, world.actor("seal.keeper"), world.at, **away)
    world.session.commit()
    second = decide(world, submit(world))
    assert world.holders(second) == [deputy]
    world.complete(second, deputy, fields={"copies": 3})
    assert world.session.scalars(sa.select(SealUse)).one().names[0] == "施工合同"


def test_an_agent_of_the_keeper_does_not_seal(sealed: World) -> None:
    """SIG-02: a named person keeps the seal; 代办 hands over stays, not seals."""
    sealed.delegate("seal.keeper", "secretary")
    task = decide(sealed, submit(sealed))
    assert "secretary" in sealed.holders(task)
    with pytest.raises(ForeignSeal, match="SIG-04"):
        sealed.complete(task, "secretary", fields={"copies": 3})


def test_a_head_who_applies_does_not_approve_himself(sealed: World) -> None:
    done = submit(sealed, "dept.head")
    (task,) = sealed.open(done.case)
    assert "dept.head" not in sealed.holders(task)
