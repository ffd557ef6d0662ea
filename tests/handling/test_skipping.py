"""What a step does by rule: the same person twice, nobody in the role, only the drafter."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import audit, clock, organization
from app.audit.models import AuditEntry
from app.database import db
from app.handling import routes
from app.handling.act import look_at_case, look_at_task
from app.handling.acts.done import Done
from app.handling.acts.returning import return_targets
from app.handling.errors import CaseNotRunning
from app.handling.models import Opinion, Task, TaskCandidate
from app.handling.views import foresight, trace, whereabouts
from app.organization import operations as people
from app.organization import sessions
from app.workflow import checks, trial
from tests.web.conftest import call
from tests.workflow.drawing import END, START, file_of, flow, path, properties, step
from tests.world import MONDAY, World

__all__ = ["call"]

SUBMIT = {"opinion": "optional", "outcome": "submit", "outcome_label": "提交"}
DRAFT = step("draft", properties(**SUBMIT), who="${drafter}", name="拟稿")
OFFICE = step("office", properties(opinion="optional"), who="office-head", name="把关")
AGREE = {"outcome": "approve", "outcome_label": "同意"}


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def drawn(ident: str, who: str, name: str = "核稿", **values: str) -> str:
    return step(ident, properties(**{**AGREE, **values}), who=who, name=name)


def publish(world: World, *parts: str) -> None:
    """A small outgoing route of this office's own, in force by two people."""
    files = {"outgoing.bpmn": file_of(START, END, *parts, process="outgoing")}
    row = routes.submit(world.session, world.actor("city.process.admin"), files, MONDAY)
    routes.put_in_force(world.session, world.actor("city.process.admin2"), row.sha256, MONDAY)
    world.session.commit()


def line(world: World, *between: str) -> None:
    """draft, the steps given, then the office."""
    names = [each.split('id="')[1].split('"')[0] for each in between]
    publish(world, DRAFT, *between, OFFICE, path("begin", "draft", *names, "office", "finish"))


def new_role(world: World) -> None:
    """A role that nobody holds yet."""
    by = world.actor("security.admin")
    people.create_role(
        world.session, by, MONDAY, key="legal-review", label="合法性审查员", scope="unit"
    )
    world.session.commit()


def stays(world: World, done: Done) -> list[tuple[str, str]]:
    query = sa.select(Task.step, Task.state).where(Task.case_id == done.case.id)
    return [(row[0], row[1]) for row in world.session.execute(query.order_by(Task.id))]


def sent(world: World, login: str = "drafter") -> Done:
    """Drafted and sent on."""
    done = world.draft(login)
    world.complete(world.open(done.case)[0], login)
    return done


def standing(world: World, done: Done) -> tuple[str, list[str]]:
    (task,) = world.open(done.case)
    return task.step, world.holders(task)


def test_the_only_person_at_both_steps_is_asked_once(world: World) -> None:
    line(world, drawn("review", "dept-head", same_person="skip"))
    done = sent(world, "sole.head")
    assert stays(world, done) == [("draft", "done"), ("review", "skipped"), ("office", "open")]
    assert standing(world, done) == ("office", ["office.head"])


def test_what_is_skipped_is_signed_by_the_rule_and_by_nobody(world: World) -> None:
    line(world, drawn("review", "dept-head", same_person="skip"))
    done = sent(world, "sole.head")
    draft, skipped, office = world.session.scalars(
        sa.select(Task).where(Task.case_id == done.case.id).order_by(Task.id)
    )
    assert (skipped.done_by_id, skipped.done_for_id, skipped.outcome) == (None, None, "approve")
    assert (skipped.sent_from_id, office.sent_from_id) == (draft.id, draft.id)
    assert skipped.done_at == draft.done_at
    of_skipped = sa.select(Opinion.id).where(Opinion.task_id == skipped.id)
    assert world.session.scalars(of_skipped).first() is None
    (entry,) = [
        each
        for each in audit.case_entries(world.session, done.case.id, done.case.document_id)
        if each.action == "task.skipped"
    ]
    assert (entry.actor_login, entry.step) == ("rule", "review")
    assert entry.authority == "同人连续环节合并（流程图 same_person=skip）"
    assert entry.reason == "与上一环节同一人，按规则跳过。"
    assert entry.detail["outcome"] == "approve"
    act = look_at_case(world.session, world.actor("sole.head"), done.case.id)
    (stop,) = [each for each in trace.stops(act) if each.step == "review"]
    assert (stop.person, stop.outcome_label) == (None, "按规则跳过（与上一环节同一人）")
    states = trace.step_states(trace.stops(act), act.at)
    assert ("review", "skipped", 1) in [(each.step, each.state, each.passes) for each in states]


@pytest.mark.parametrize("values", [{}, {"same_person": "ask"}])
def test_without_the_word_everybody_is_asked_as_before(
    world: World, values: dict[str, str]
) -> None:
    """OUT-05: the only head reviews what he drafted himself."""
    line(world, drawn("review", "dept-head", **values))
    assert standing(world, sent(world, "sole.head")) == ("review", ["sole.head"])


def test_another_person_who_could_act_is_asked(world: World) -> None:
    heads = ("dept-head", "dept-head")
    line(world, drawn("review", heads[0]), drawn("again", heads[1], same_person="skip"))
    done = sent(world)
    world.complete(world.open(done.case)[0], "dept.head")
    step, holders = standing(world, done)
    assert (step, set(holders)) == ("again", {"dept.head", "dept.deputy"})


def test_several_steps_in_a_row(world: World) -> None:
    line(
        world,
        drawn("first", "unit-head"),
        drawn("second", "unit-head", same_person="skip"),
        drawn("third", "unit-head", same_person="skip"),
    )
    done = sent(world)
    world.complete(world.open(done.case)[0], "unit.head")
    assert stays(world, done)[1:] == [
        ("first", "done"),
        ("second", "skipped"),
        ("third", "skipped"),
        ("office", "open"),
    ]


def test_who_acted_in_somebodys_stead_does_not_bring_it_back_to_him(world: World) -> None:
    line(world, drawn("first", "unit-head"), drawn("second", "unit-head", same_person="skip"))
    done = sent(world)
    (task,) = world.open(done.case)
    head, agent = world.actor("unit.head"), world.actor("leader")
    world.session.execute(
        sa.update(TaskCandidate)
        .where(TaskCandidate.task_id == task.id)
        .values(person_id=agent.person_id, principal_id=head.person_id)
    )
    world.session.commit()
    world.complete(task, "leader")
    assert standing(world, done) == ("office", ["office.head"])


def test_withdrawing_takes_back_what_opened_behind_the_skipped_step(world: World) -> None:
    line(world, drawn("review", "dept-head", same_person="skip"))
    done = sent(world, "sole.head")
    draft = world.session.scalars(sa.select(Task).where(Task.case_id == done.case.id)).first()
    assert draft is not None
    may = whereabouts.withdrawable(world.session, world.actor("sole.head"), [draft.id])
    assert may == {draft.id}
    world.withdraw(draft, "sole.head")
    assert stays(world, done) == [
        ("draft", "withdrawn"),
        ("review", "skipped"),
        ("office", "recalled"),
        ("draft", "open"),
    ]
    world.complete(world.open(done.case)[0], "sole.head")
    assert standing(world, done) == ("office", ["office.head"])


def test_nobody_can_send_back_to_a_skipped_step(world: World) -> None:
    line(world, drawn("review", "dept-head", same_person="skip"))
    done = sent(world, "sole.head")
    (task,) = world.open(done.case)
    act = look_at_task(world.session, world.actor("office.head"), task.id)
    assert [each.step for each in return_targets(act)] == ["draft"]
    world.send_back(task, "office.head", "draft")
    assert standing(world, done) == ("draft", ["sole.head"])


def test_the_last_step_is_skipped_and_the_case_ends(world: World) -> None:
    last = drawn("last", "dept-head", same_person="skip")
    publish(world, DRAFT, last, path("begin", "draft", "last", "finish"))
    done = sent(world, "sole.head")
    assert world.open(done.case) == []
    assert done.case.state == "closed"
    task = world.session.get_one(Task, done.opened[0].id)
    with pytest.raises(CaseNotRunning):
        world.withdraw(task, "sole.head")


def test_each_step_is_skipped_once_per_act(world: World) -> None:
    """A way that leads back to it opens it for its person; nothing goes round for ever."""
    again = properties(same_person="skip", skip_outcome="again")
    publish(
        world,
        DRAFT,
        step("review", again, who="dept-head", name="核稿"),
        '<exclusiveGateway id="x"/>',
        path("begin", "draft", "review", "x"),
        flow("x", "review", "outcome == 'again'", "再看"),
        flow("x", "finish", "outcome == 'on'", "往下"),
    )
    done = sent(world, "sole.head")
    assert stays(world, done) == [("draft", "done"), ("review", "skipped"), ("review", "open")]


def test_one_branch_is_skipped_and_the_other_goes_on(world: World) -> None:
    publish(
        world,
        DRAFT,
        drawn("left", "dept-head", same_person="skip"),
        drawn("right", "leader-in-charge"),
        OFFICE,
        '<parallelGateway id="g1"/><parallelGateway id="g2"/>',
        path("begin", "draft", "g1", "left", "g2", "office", "finish"),
        path("g1", "right", "g2"),
    )
    done = sent(world, "sole.head")
    assert stays(world, done) == [("draft", "done"), ("left", "skipped"), ("right", "open")]
    first = world.session.get_one(Task, done.opened[0].id)
    world.withdraw(first, "sole.head")
    world.complete(world.open(done.case)[0], "sole.head")
    (task,) = world.open(done.case)
    world.complete(task, world.holders(task)[0])
    assert standing(world, done) == ("office", ["office.head"])


def test_all_branches_are_skipped(world: World) -> None:
    publish(
        world,
        DRAFT,
        drawn("left", "dept-head", same_person="skip"),
        drawn("right", "dept-head", same_person="skip"),
        OFFICE,
        '<parallelGateway id="g1"/><parallelGateway id="g2"/>',
        path("begin", "draft", "g1", "left", "g2", "office", "finish"),
        path("g1", "right", "g2"),
    )
    assert standing(world, sent(world, "sole.head")) == ("office", ["office.head"])


NOBODY = {
    # policy: (properties, step that opens, its people, stopped)
    "default": ({}, "legal", ["process.admin", "process.admin2"], True),
    "stop": ({"nobody": "stop"}, "legal", ["process.admin", "process.admin2"], True),
    "skip": ({"nobody": "skip"}, "office", ["office.head"], False),
    "next level": (
        {"nobody": "next_level", "next_level": "unit-head"},
        "legal",
        ["unit.head"],
        False,
    ),
    "no next level": (
        {"nobody": "next_level", "next_level": "legal-review"},
        "legal",
        ["process.admin", "process.admin2"],
        True,
    ),
}


@pytest.mark.parametrize("policy", NOBODY)
def test_nobody_holds_the_role(world: World, policy: str) -> None:
    values, at, holders, stopped = NOBODY[policy]
    new_role(world)
    line(world, drawn("legal", "legal-review", **values))
    done = sent(world)
    assert standing(world, done) == (at, holders)
    assert (world.open(done.case)[0].blocked is not None) is stopped


def test_a_case_may_begin_with_a_skipped_step(world: World) -> None:
    new_role(world)
    first = drawn("legal", "legal-review", nobody="skip")
    publish(world, first, DRAFT, OFFICE, path("begin", "legal", "draft", "office", "finish"))
    done = world.draft()
    assert stays(world, done) == [("legal", "skipped"), ("draft", "open")]
    world.complete(world.open(done.case)[0], "drafter")
    (task,) = world.open(done.case)
    world.send_back(task, "office.head", "draft")
    assert world.document(done.case).state == "draft"


def test_a_post_that_is_filled_later_gets_what_lies_with_the_next_level(world: World) -> None:
    new_role(world)
    line(world, drawn("legal", "legal-review", nobody="next_level", next_level="unit-head"))
    done = sent(world)
    security = world.actor("security.admin")
    person = organization.person_by_login(world.session, "archivist")
    people.appoint(world.session, security, MONDAY, person=person, role="legal-review")
    world.session.commit()
    assert standing(world, done) == ("legal", ["archivist"])


def test_a_return_to_a_step_never_skips_it(world: World) -> None:
    """The post is empty when it comes back: it stops in sight instead."""
    new_role(world)
    line(world, drawn("legal", "legal-review", nobody="skip"))
    security = world.actor("security.admin")
    person = organization.person_by_login(world.session, "archivist")
    post = people.appoint(world.session, security, MONDAY, person=person, role="legal-review")
    world.session.commit()
    done = sent(world)
    world.complete(world.open(done.case)[0], "archivist")
    people.end_appointment(world.session, security, MONDAY, post=post)
    world.session.commit()
    world.send_back(world.open(done.case)[0], "office.head", "legal")
    (task,) = world.open(done.case)
    assert (task.step, task.blocked is not None) == ("legal", True)


DRAFTER = {
    "default": ({}, "review", ["sole.head"], False),
    "ask": ({"drafter": "ask"}, "review", ["sole.head"], False),
    "skip": ({"drafter": "skip"}, "office", ["office.head"], False),
    "next level": (
        {"drafter": "next_level", "next_level": "leader-in-charge"},
        "review",
        ["leader2"],
        False,
    ),
    "himself at the next level": (
        {"drafter": "next_level", "next_level": "dept-head"},
        "review",
        ["process.admin", "process.admin2"],
        True,
    ),
    "stop": ({"drafter": "stop"}, "review", ["process.admin", "process.admin2"], True),
}


@pytest.mark.parametrize("policy", DRAFTER)
def test_only_the_drafter_could_act(world: World, policy: str) -> None:
    values, at, holders, stopped = DRAFTER[policy]
    line(world, drawn("review", "dept-head", **values))
    done = sent(world, "sole.head")
    step, found = standing(world, done)
    assert (step, found[: len(holders)]) == (at, holders)
    assert (world.open(done.case)[0].blocked is not None) is stopped


def test_a_drafter_who_is_not_alone_changes_nothing(world: World) -> None:
    """OUT-04: a head drafts, another one reviews."""
    line(world, drawn("review", "dept-head", drafter="skip", same_person="skip"))
    assert standing(world, sent(world, "dept.head")) == ("review", ["dept.deputy"])


def ahead(world: World, done: Done, login: str) -> list[tuple[str, str | None, list[str]]]:
    act = look_at_task(world.session, world.actor(login), world.open(done.case)[0].id)
    (steps,) = (foresight.view(act).ahead or {}).values()
    return [(each.step, each.skipped, [login for login, _ in each.people]) for each in steps]


def test_the_page_says_beforehand_what_will_be_skipped(world: World) -> None:
    line(world, drawn("review", "dept-head", same_person="skip"))
    done = world.draft("sole.head")
    before = world.session.scalar(sa.select(sa.func.count(Task.id)))
    assert ahead(world, done, "sole.head") == [
        ("review", "与上一环节同一人，按规则跳过", []),
        ("office", None, ["office.head"]),
    ]
    assert world.session.scalar(sa.select(sa.func.count(Task.id))) == before
    done = world.draft("drafter")
    assert [each[:2] for each in ahead(world, done, "drafter")] == [("review", None)]


def test_pages_and_programs_show_it(world: World, app: Flask, call: Any) -> None:
    line(world, drawn("review", "dept-head", same_person="skip"))
    done = world.draft("sole.head")
    task, case = done.opened[0].id, done.case.id
    person = organization.person_by_login(world.session, "sole.head").id
    cookie = sessions.open_session(world.session, person, None, clock.now(world.session))
    world.session.commit()
    client = app.test_client()
    client.set_cookie("gongwen_session", cookie)
    db.session.remove()
    assert "核稿：与上一环节同一人，按规则跳过" in client.get(f"/tasks/{task}").text
    detail = call("sole.head").get(f"/api/v1/tasks/{task}").json
    (first, then) = detail["ahead"]["submit"]
    assert (first["skipped"], then["step"]) == ("与上一环节同一人，按规则跳过", "office")
    body = {"opinion": "", "revision": detail["revision"]}
    answer = call("sole.head").post(f"/api/v1/tasks/{task}/complete", body)
    assert [each["step"] for each in answer.json["opened"]] == ["office"]
    page = client.get(f"/cases/{case}?tab=record").text
    assert "规则：同人连续环节合并（流程图 same_person=skip）" in page
    assert "（按规则跳过）" in page
    assert "» 按规则跳过" in client.get(f"/cases/{case}?tab=diagram").text
    drawing = call("sole.head").get(f"/api/v1/cases/{case}/diagram").json
    assert ("review", "skipped") in [(each["step"], each["state"]) for each in drawing["steps"]]


def test_the_record_stays_whole(world: World) -> None:
    line(world, drawn("review", "dept-head", same_person="skip"))
    sent(world, "sole.head")
    assert audit.verify(world.session).ok
    skipped = sa.select(AuditEntry).where(AuditEntry.action == "task.skipped")
    assert world.session.scalars(skipped).one().actor_id is None
