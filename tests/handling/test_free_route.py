"""The free hand-over: the handler chooses each next step, in the order that the marks allow."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import audit, clock, organization
from app.database import db
from app.documents.errors import WrongState
from app.errors import Conflict, Invalid
from app.handling.act import look_at_case, look_at_task
from app.handling.acts import editing
from app.handling.acts.done import Done
from app.handling.acts.editing import Save
from app.handling.acts.returning import return_targets
from app.handling.errors import NobodyChosen
from app.handling.models import Task
from app.handling.views import foresight, history, trace
from app.organization import sessions
from tests.features.rows import all_rows
from tests.web.conftest import Caller, call
from tests.world import NOTICE, World

__all__ = ["call"]
Call = Callable[[str], Caller]

REVIEWED = [("drafter", "review", ["dept.head"]), ("dept.head", "to_handler", [])]
SIGNED = [*REVIEWED, ("drafter", "sign", ["leader"]), ("leader", "to_handler", [])]
SEALED = [*SIGNED, ("drafter", "seal", []), ("seal.keeper", "seal", [])]
DISPATCHED = [*SEALED, ("drafter", "dispatch", []), ("dispatcher", "dispatch", [])]
Moves = Sequence[tuple[str, str, Sequence[str]]]


def begin(world: World) -> Done:
    return world.draft(process="outgoing_free")


def play(world: World, done: Done, moves: Moves) -> Task:
    """The stay that is open after these acts: who, which way out, to whom."""
    for login, outcome, to in moves:
        (task,) = world.open(done.case)
        assert login in world.holders(task)
        world.complete(task, login, outcome, next=to)
    (task,) = world.open(done.case)
    return task


def standing(world: World, done: Done) -> tuple[str, list[str]]:
    (task,) = world.open(done.case)
    return task.step, world.holders(task)


def view(world: World, task: Task, login: str) -> foresight.View:
    return foresight.view(look_at_task(world.session, world.actor(login), task.id))


def test_the_whole_way(world: World) -> None:
    done = begin(world)
    assert (done.case.process_id, done.case.process_version) == ("outgoing_free", 1)
    assert standing(world, done) == ("handle", ["drafter"])
    task = play(world, done, DISPATCHED)
    document = world.document(done.case)
    assert (task.step, document.state) == ("handle", "dispatched")
    assert document.signatory == world.actor("leader").name
    assert document.number is not None
    world.complete(task, "drafter", "archive")
    assert (done.case.state, world.open(done.case)) == ("closed", [])
    assert task.done_by_id == world.actor("drafter").person_id


def test_a_reviewer_sends_on_or_back(world: World) -> None:
    done = begin(world)
    first = [("drafter", "review", ["dept.head"]), ("dept.head", "to_reviewer", ["office.head"])]
    play(world, done, first)
    assert standing(world, done) == ("review", ["office.head"])
    play(world, done, [("office.head", "to_instruct", ["unit.head"])])
    assert standing(world, done) == ("instruct", ["unit.head"])
    play(world, done, [("unit.head", "confirm", [])])
    assert standing(world, done) == ("handle", ["drafter"])
    play(world, done, [*REVIEWED[:1], ("dept.head", "to_sign", ["leader"])])
    assert standing(world, done) == ("sign", ["leader"])


def test_who_signs_may_send_it_to_be_sealed_at_once(world: World) -> None:
    done = begin(world)
    task = play(world, done, [("drafter", "sign", ["unit.head"])])
    (step,) = (view(world, task, "unit.head").ahead or {})["to_seal"]
    assert (step.step, step.problem, step.preselected) == ("seal", None, ["seal.keeper"])
    task = play(world, done, [("unit.head", "to_seal", [])])
    document = world.document(done.case)
    assert (task.step, document.state) == ("seal", "numbered")
    assert document.signatory == world.actor("unit.head").name


TOO_EARLY = [
    # way so far, what the handler tries, words of the refusal
    ((), "seal", "请先送签发"),
    ((), "dispatch", "请先用印"),
    ((), "archive", "请先发文"),
    ((), "reopen", "请先送签发"),
    (SIGNED, "dispatch", "请先用印"),
    (SIGNED, "archive", "请先发文"),
    (SIGNED, "review", "请先收回签发"),
    (SIGNED, "instruct", "请先收回签发"),
    (SIGNED, "sign", "请先收回签发"),
    (SEALED, "seal", "此件已用印，不能再"),
    (SEALED, "archive", "请先发文"),
    (DISPATCHED, "review", "此件已发文，不能再"),
    (DISPATCHED, "sign", "此件已发文，不能再"),
    (DISPATCHED, "seal", "此件已发文，不能再"),
    (DISPATCHED, "dispatch", "此件已发文，不能再"),
    (DISPATCHED, "reopen", "此件已发文，不能再"),
]
CHOSEN = {"review": ["dept.head"], "instruct": ["leader"], "sign": ["leader"]}


@pytest.mark.parametrize(("moves", "outcome", "words"), TOO_EARLY)
def test_what_makes_no_sense_now_is_shown_and_refused(
    world: World, moves: Moves, outcome: str, words: str
) -> None:
    done = begin(world)
    task = play(world, done, moves)
    shown = view(world, task, "drafter")
    assert shown.ahead is not None
    (step,) = shown.ahead[outcome]
    assert step.problem is not None
    assert words in step.problem
    before = audit.verify(world.session).entries
    with pytest.raises((Invalid, Conflict)):
        world.complete(task, "drafter", outcome, next=CHOSEN.get(outcome, []))
    world.session.expire_all()
    assert standing(world, done) == ("handle", ["drafter"])
    assert audit.verify(world.session).entries == before


WAYS = [
    ((), {"review", "instruct", "sign"}),
    (REVIEWED, {"review", "instruct", "sign"}),
    (SIGNED, {"seal", "reopen"}),
    (SEALED, {"dispatch", "reopen"}),
    (DISPATCHED, {"archive"}),
]


@pytest.mark.parametrize(("moves", "possible"), WAYS)
def test_what_is_possible_at_each_state(world: World, moves: Moves, possible: set[str]) -> None:
    task = play(world, begin(world), moves)
    shown = view(world, task, "drafter").ahead or {}
    assert {key for key, steps in shown.items() if not any(s.problem for s in steps)} == possible


def test_the_way_to_come_names_no_step_that_is_closed(world: World) -> None:
    done = begin(world)
    for moves, coming in ((REVIEWED, ["review", "handle"]), (SIGNED[2:], [])):
        play(world, done, moves)
        act = look_at_case(world.session, world.actor("drafter"), done.case.id)
        assert [each.step for each in trace.ahead(act)] == coming


def test_the_handler_names_the_person_where_several_could_act(world: World) -> None:
    done = begin(world)
    (task,) = world.open(done.case)
    with pytest.raises(NobodyChosen) as refusal:
        world.complete(task, "drafter", "sign")
    assert refusal.value.errors[0].field == "next"
    with pytest.raises(Invalid):
        world.complete(task, "drafter", "sign", next=["dept.head"])
    with pytest.raises(Invalid):
        world.complete(task, "drafter", "sign", next=["leader", "unit.head"])
    assert standing(world, done) == ("handle", ["drafter"])


def test_who_instructs_can_only_confirm(world: World) -> None:
    """OUT-12: no choice of people, one way out, no return."""
    done = begin(world)
    task = play(world, done, [("drafter", "instruct", ["leader"])])
    shown = view(world, task, "leader")
    assert {key: [each.step for each in steps] for key, steps in (shown.ahead or {}).items()} == {
        "confirm": ["handle"]
    }
    assert not any(each.choosable for steps in (shown.ahead or {}).values() for each in steps)
    assert shown.returns == []


def save(world: World, done: Done, login: str, body: str) -> None:
    document = world.document(done.case)
    given = Save({"body": body}, version=document.version)
    editing.save(world.session, world.actor(login), document.id, given)
    world.session.commit()


def test_reviewer_and_instructing_leader_may_change_the_text(world: World) -> None:
    done = begin(world)
    play(world, done, [("drafter", "review", ["dept.head"])])
    save(world, done, "dept.head", "审稿人改过的正文。")
    play(world, done, [("dept.head", "to_instruct", ["leader"])])
    save(world, done, "leader", "批示人改过的正文。")
    assert world.document(done.case).body == "批示人改过的正文。"


def test_the_signed_text_is_closed_until_the_sign_off_is_taken_back(world: World) -> None:
    """S11; the number stays with the document (decision 7)."""
    done = begin(world)
    task = play(world, done, SEALED)
    number = world.document(done.case).number
    with pytest.raises(WrongState, match="收回签发"):
        save(world, done, "drafter", "签发以后又改的正文。")
    world.session.rollback()
    world.complete(task, "drafter", "reopen")
    document = world.document(done.case)
    assert (document.state, document.signatory, document.number) == ("reviewing", None, number)
    save(world, done, "drafter", "收回签发以后改的正文。")
    again = [*SIGNED[2:], *SEALED[4:]]
    play(world, done, again)
    document = world.document(done.case)
    assert (document.state, document.number) == ("sealed", number)


@pytest.mark.parametrize("opinion", ["", " \u3000\n", "\u200b"])
def test_a_sign_off_is_taken_back_with_a_reason_only(world: World, opinion: str) -> None:
    done = begin(world)
    task = play(world, done, SIGNED)
    before = all_rows(world.session)
    with pytest.raises(Invalid, match="“收回签发”须写明原因") as refusal:
        world.complete(task, "drafter", "reopen", opinion=opinion)
    assert [each.field for each in refusal.value.errors] == ["opinion"]
    assert all_rows(world.session) == before
    assert view(world, task, "drafter").reason_for == ["reopen"]
    world.complete(task, "drafter", "reopen", opinion="第二条有误。")
    assert world.document(done.case).signatory is None
    line = next(each for each in reversed(history.lines(world.session, done.case)) if each.outcome)
    assert (line.outcome_label, line.opinion) == ("收回签发", "第二条有误。")


def test_the_other_ways_need_no_reason(world: World) -> None:
    done = begin(world)
    task = play(world, done, SIGNED)
    world.complete(task, "drafter", "seal", opinion="")
    assert standing(world, done) == ("seal", ["seal.keeper"])


def test_a_return_by_the_seal_keeper_leaves_the_sign_off(world: World) -> None:
    done = begin(world)
    task = play(world, done, [*SIGNED, ("drafter", "seal", [])])
    act = look_at_task(world.session, world.actor("seal.keeper"), task.id)
    assert [each.step for each in return_targets(act)] == ["handle"]
    world.send_back(task, "seal.keeper", "handle")
    assert standing(world, done) == ("handle", ["drafter"])
    assert world.document(done.case).state == "numbered"
    play(world, done, [("drafter", "seal", []), ("seal.keeper", "seal", [])])
    assert world.document(done.case).state == "sealed"


def test_a_withdrawn_sign_off_no_longer_holds(world: World) -> None:
    done = begin(world)
    play(world, done, SIGNED)
    signing = sa.select(Task).where(Task.case_id == done.case.id, Task.step == "sign")
    world.withdraw(world.session.scalars(signing).one(), "leader")
    assert standing(world, done) == ("sign", ["leader"])
    assert world.document(done.case).signed_at is None


def test_no_countersigners_on_this_route(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        world.draft(process="outgoing_free", countersigners=["leader2"])
    assert refusal.value.errors[0].field == "countersigners"
    with pytest.raises(Invalid):
        world.draft(process="incoming")


def test_programs_choose_the_route(world: World, call: Call) -> None:
    world.session.close()
    made = call("drafter").post("/api/v1/documents", {**NOTICE, "process": "outgoing_free"})
    assert made.status_code == 201
    task = call("drafter").get("/api/v1/tasks").json["items"][0]
    assert (task["process"], task["step"]) == ("outgoing_free", "handle")
    usual = call("drafter").post("/api/v1/documents", NOTICE).json["case_id"]
    assert call("drafter").get(f"/api/v1/cases/{usual}").json["process"] == "outgoing"
    wrong = call("drafter").post("/api/v1/documents", {**NOTICE, "process": "incoming"})
    assert wrong.status_code == 422
    assert "流转方式" in wrong.json["errors"][0]["message"]


def test_the_page_offers_both_routes_and_closes_what_is_not_due(world: World, app: Flask) -> None:
    client = app.test_client()
    person = organization.person_by_login(world.session, "drafter").id
    cookie = sessions.open_session(world.session, person, None, clock.now(world.session))
    world.session.commit()
    db.session.remove()
    client.set_cookie("gongwen_session", cookie)
    form = client.get("/documents/new").text
    assert 'value="outgoing_free"' in form
    token = form.split('name="csrf_token" value="')[1].split('"')[0]
    once = form.split('name="once" value="')[1].split('"')[0]
    fields: dict[str, Any] = {
        **NOTICE,
        "main_recipients": "各乡镇水务站",
        "process": "outgoing_free",
        "csrf_token": token,
        "once": once,
        "do": "save",
    }
    answer = client.post("/documents/new", data=fields)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "我的办理 · 承办" in page
    assert "▲ 此件还不能这样办理，请先用印。" in page
    (seal,) = [each for each in page.split("<input") if 'value="seal"' in each]
    assert "disabled" in seal
    (review,) = [each for each in page.split("<input") if 'value="review"' in each]
    assert "disabled" not in review
