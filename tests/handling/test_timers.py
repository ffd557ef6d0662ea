"""定时器 drawn on a route: rows of the sweep, fired once, signed by the rule."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app import audit, clock
from app.clock import SHANGHAI
from app.deadlines.models import Due, Effect
from app.deadlines.sweep import ATTEMPTS
from app.errors import Conflict
from app.handling.acts import cancelling
from app.handling.acts.done import Done
from app.handling.models import Notice, Task
from app.handling.stays.timers import SUBJECT
from app.handling.views import faults, history
from app.workflow import checks, losing, trial
from tests.faults.invariants import violations
from tests.handling.administering import decide, propose
from tests.handling.test_repairing import dismiss, listed, retry
from tests.handling.test_skipping import DRAFT, OFFICE, drawn, publish, sent, standing, stays
from tests.handling.trying import give_way, services
from tests.workflow.drawing import path, service, timer
from tests.world import World

REVIEW = drawn("review", "dept-head")
WAIT = (
    '<intermediateCatchEvent id="wait" name="等到公布日"><timerEventDefinition>'
    "<timeDate>2026-12-01</timeDate></timerEventDefinition></intermediateCatchEvent>"
)


def named(event: str) -> str:
    return event.replace("<boundaryEvent ", '<boundaryEvent name="三天未办" ')


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def escalating(world: World, text: str = "P3D") -> None:
    """From the review it goes on to the office by itself when time is up."""
    publish(
        world, DRAFT, REVIEW, OFFICE, '<exclusiveGateway id="meet"/>',
        named(timer("late", "review", text, interrupting=True)),
        path("begin", "draft", "review", "meet", "office", "finish"), path("late", "meet"),
    )  # fmt: skip


def rows(world: World) -> list[tuple[datetime, str]]:
    query = sa.select(Due.due_at, Due.state).where(Due.subject_type == SUBJECT)
    found = world.session.execute(query.order_by(Due.id)).all()
    return [(at.astimezone(SHANGHAI), state) for at, state in found]


def fired(world: World, done: Done) -> list[audit.Entry]:
    entries = audit.case_entries(world.session, done.case.id)
    return [each for each in entries if each.action == "timer.fired"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def sweep_at(world: World, text: str) -> None:
    world.at = at(text)
    world.sweep()


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("P3D", "2026-11-26 18:00"),  # working days, as the property limit counts them
        ("PT2H", "2026-11-23 11:02"),  # working time
        ("P1W", "2026-11-30 09:02"),  # the clock
        ("P1DT12H", "2026-11-24 21:02"),
        ("2026-12-01", "2026-12-01 00:00"),
        ("2026-12-01T09:30:00+00:00", "2026-12-01 17:30"),
    ],
)
def test_a_timer_is_a_due_row_of_the_act_that_opens_its_step(
    world: World, text: str, ends: str
) -> None:
    escalating(world, text)
    done = world.draft()
    assert rows(world) == []
    world.complete(world.open(done.case)[0], "drafter")
    assert rows(world) == [(at(ends), "pending")]


def test_when_time_is_up_the_document_goes_on_and_the_rule_signs(world: World) -> None:
    escalating(world)
    done = sent(world)
    sweep_at(world, "2026-11-26 18:00")
    assert standing(world, done) == ("review", ["dept.head", "dept.deputy"])
    sweep_at(world, "2026-11-26 18:00:01")
    assert stays(world, done) == [("draft", "done"), ("review", "closed"), ("office", "open")]
    assert standing(world, done) == ("office", ["office.head"])
    _, review, office = all_stays(world, done)
    assert (review.done_by_id, review.outcome_label) == (None, "“三天未办”到时，自动结束")
    assert office.sent_from_id == review.id
    (entry,) = fired(world, done)
    assert (entry.actor_login, entry.authority) == ("rule", "流程图定时器“三天未办”")
    assert entry.detail["due_at"] == at("2026-11-26 18:00").astimezone(UTC).isoformat()
    assert told(world, "dept.head") == ["“核稿”环节定时器“三天未办”到时，已自动转出，不用再办。"]
    assert violations(world.session, case_id=done.case.id) == {}
    assert violations(world.session) == {}


def test_it_fires_once_however_often_the_sweep_comes_by(world: World) -> None:
    escalating(world)
    done = sent(world)
    for _ in range(3):
        sweep_at(world, "2026-11-27 09:00")
        world.later(hours=1)
    assert len(fired(world, done)) == 1
    effects = sa.select(sa.func.count()).select_from(Effect)
    assert world.session.scalar(effects.where(Effect.effect_key.startswith("timer:"))) == 1


def test_who_acts_in_time_closes_the_row_and_nothing_fires(world: World) -> None:
    escalating(world)
    done = sent(world)
    world.complete(world.open(done.case)[0], "dept.head", "approve")
    assert [state for _, state in rows(world)] == ["cancelled"]
    sweep_at(world, "2026-12-24 09:00")
    assert fired(world, done) == []
    assert standing(world, done) == ("office", ["office.head"])


def test_a_step_that_is_entered_again_has_a_new_timer(world: World) -> None:
    """Issue of many engines: after a return the reminder is dead."""
    escalating(world)
    done = sent(world)
    world.send_back(world.open(done.case)[0], "dept.head", "draft")
    sweep_at(world, "2026-11-30 09:00")
    assert fired(world, done) == []
    world.complete(world.open(done.case)[0], "drafter")
    assert [state for _, state in rows(world)] == ["cancelled", "pending"]
    sweep_at(world, "2026-12-03 18:00:01")
    assert standing(world, done) == ("office", ["office.head"])


def test_what_came_by_a_timer_can_be_returned_like_anything_else(world: World) -> None:
    escalating(world)
    done = sent(world)
    sweep_at(world, "2026-11-27 09:00")
    world.send_back(world.open(done.case)[0], "office.head", "review")
    assert standing(world, done) == ("review", ["dept.head", "dept.deputy"])
    assert [state for _, state in rows(world)] == ["done", "pending"]
    assert violations(world.session, case_id=done.case.id) == {}


def test_a_timer_beside_a_step_reminds_its_people_and_leaves_it_with_them(world: World) -> None:
    publish(
        world, DRAFT, REVIEW, OFFICE, '<endEvent id="noted"/>',
        named(timer("soft", "review", "PT2H")),
        path("begin", "draft", "review", "office", "finish"), path("soft", "noted"),
    )  # fmt: skip
    done = sent(world)
    before = world.open(done.case)[0].revision
    sweep_at(world, "2026-11-23 14:00")
    assert stays(world, done) == [("draft", "done"), ("review", "open")]
    assert told(world, "dept.head") == ["“核稿”环节定时提醒：三天未办，请抓紧办理。"]
    world.complete(world.open(done.case)[0], "dept.head", "approve", revision=before)
    assert len(fired(world, done)) == 1
    assert violations(world.session) == {}


def test_a_document_waits_between_two_steps_until_the_day(world: World) -> None:
    publish(
        world, DRAFT, OFFICE, WAIT, path("begin", "draft", "wait", "office", "finish"),
    )  # fmt: skip
    done = sent(world)
    assert world.open(done.case) == []
    assert violations(world.session) == {}
    sweep_at(world, "2026-11-30 23:59:59")
    assert world.open(done.case) == []
    sweep_at(world, "2026-12-01 00:00:01")
    assert standing(world, done) == ("office", ["office.head"])
    draft, office = all_stays(world, done)
    assert office.sent_from_id == draft.id
    assert violations(world.session) == {}


def test_a_timer_may_end_the_case(world: World) -> None:
    publish(
        world, DRAFT, REVIEW, '<endEvent id="lapsed"/>',
        named(timer("late", "review", interrupting=True)),
        path("begin", "draft", "review", "finish"), path("late", "lapsed"),
    )  # fmt: skip
    done = sent(world)
    sweep_at(world, "2026-11-27 09:00")
    assert (done.case.state, world.open(done.case)) == ("closed", [])
    assert violations(world.session) == {}


@pytest.mark.parametrize(
    ("text", "ends"), [("P3D", "2026-12-03 18:00"), ("2026-12-01", "2026-12-01 00:00")]
)
def test_a_suspended_case_waits_and_goes_on_with_what_was_left(
    world: World, text: str, ends: str
) -> None:
    escalating(world, text)
    done = sent(world)
    measure(world, done, "suspend")
    sweep_at(world, "2026-11-29 09:00")
    assert (fired(world, done), [state for _, state in rows(world)]) == ([], ["cancelled"])
    world.at = at("2026-11-30 09:00")
    measure(world, done, "resume")
    end = rows(world)[-1][0]
    assert abs(end - at(ends)) < timedelta(minutes=10)
    world.at = end + timedelta(seconds=1)
    world.sweep()
    assert standing(world, done) == ("office", ["office.head"])
    assert violations(world.session) == {}


def test_a_moment_that_passes_while_the_case_is_suspended_fires_when_it_goes_on(
    world: World,
) -> None:
    escalating(world, "2026-12-01")
    done = sent(world)
    measure(world, done, "suspend")
    sweep_at(world, "2026-12-07 09:00")
    assert fired(world, done) == []
    measure(world, done, "resume")
    world.later(seconds=1)
    world.sweep()
    assert len(fired(world, done)) == 1


def test_a_case_that_ends_takes_its_timers_along(world: World) -> None:
    escalating(world)
    done = sent(world)
    with clock.moved_to(world.at):
        cancelling.cancel(world.session, world.actor("drafter"), done.case.id, "不再发文。")
        world.session.commit()
    assert [state for _, state in rows(world)] == ["cancelled"]
    sweep_at(world, "2026-12-24 09:00")
    assert fired(world, done) == []
    assert violations(world.session) == {}


def faulty(world: World) -> Done:
    """Behind the timer stands a service that does not answer."""
    publish(
        world, DRAFT, REVIEW, OFFICE, service("post", "post"), '<exclusiveGateway id="meet"/>',
        named(timer("late", "review", interrupting=True)),
        path("begin", "draft", "review", "meet", "office", "finish"), path("late", "post", "meet"),
    )  # fmt: skip
    done = sent(world)
    before = stays(world, done)
    world.at = at("2026-11-27 09:00")
    for _ in range(ATTEMPTS):
        world.sweep()
        world.later(hours=1)
    assert stays(world, done) == before
    assert violations(world.session) == {}
    return done


def test_a_route_that_cannot_go_on_from_a_timer_becomes_an_incident(world: World) -> None:
    with services(post=give_way):
        done = faulty(world)
    (row,) = listed(world)
    assert (row.kind, row.tries, row.step_name) == ("due", ATTEMPTS, "核稿")
    assert "定时器" in row.cause
    assert "ConnectionError" in row.detail
    assert faults.count(world.session, world.actor("process.admin")) == 1
    with services(post=lambda _call: None):
        retry(world, row.id)
        world.later(seconds=1)
        world.sweep()
    assert standing(world, done) == ("office", ["office.head"])
    assert listed(world) == []


def test_an_incident_of_a_timer_that_is_given_up_leaves_the_step_with_its_people(
    world: World,
) -> None:
    with services(post=give_way):
        done = faulty(world)
        dismiss(world, listed(world)[0].id)
        world.later(days=9)
        world.sweep()
    assert listed(world) == []
    world.complete(world.open(done.case)[0], "dept.head", "approve")
    assert standing(world, done) == ("office", ["office.head"])


def test_a_timer_that_a_case_lies_at_cannot_be_given_up(world: World) -> None:
    """Nobody has the document: without the timer nothing could move it but cancelling."""
    with services(post=give_way):
        publish(
            world, DRAFT, OFFICE, WAIT, service("post", "post"),
            path("begin", "draft", "wait", "post", "office", "finish"),
        )  # fmt: skip
        done = sent(world)
        world.at = at("2026-12-01 09:00")
        for _ in range(ATTEMPTS):
            world.sweep()
            world.later(hours=1)
        (row,) = listed(world)
        with pytest.raises(Conflict, match="请查明原因后重试"):
            dismiss(world, row.id)
        world.session.rollback()
        assert [each.id for each in listed(world)] == [row.id]
    with services(post=lambda _call: None):
        retry(world, row.id)
        world.later(seconds=1)
        world.sweep()
    assert standing(world, done) == ("office", ["office.head"])


@pytest.mark.parametrize("topic", ["write-signatory", "seal"])
def test_a_timer_signs_and_seals_nothing(
    world: World, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a drawing is refused today; it may stand in an office since before it was."""
    monkeypatch.setattr(losing, "faults", lambda *_given: [])
    publish(
        world, DRAFT, REVIEW, OFFICE, service("mark", topic), '<exclusiveGateway id="meet"/>',
        timer("late", "review", interrupting=True),
        path("begin", "draft", "review", "meet", "office", "finish"), path("late", "mark", "meet"),
    )  # fmt: skip
    done = sent(world)
    sweep_at(world, "2026-11-27 09:00")
    assert standing(world, done) == ("review", ["dept.head", "dept.deputy"])
    assert "须由人办理" in world.session.scalars(sa.select(Due.last_error)).all()[-1]


def test_the_record_of_a_case_says_that_a_timer_moved_it(world: World) -> None:
    escalating(world)
    done = sent(world)
    sweep_at(world, "2026-11-27 09:00")
    lines = history.lines(world.session, done.case)
    (line,) = [each for each in lines if each.entry.action == "timer.fired"]
    assert (line.label, line.kind, line.step_name) == ("定时器到时", "rule", "核稿")
    assert line.entry.reason == "定时器“三天未办”到时。"


def measure(world: World, done: Done, kind: str) -> None:
    decide(world, propose(world, done.case, kind))


def all_stays(world: World, done: Done) -> list[Task]:
    query = sa.select(Task).where(Task.case_id == done.case.id).order_by(Task.id)
    return list(world.session.scalars(query))


def told(world: World, login: str) -> list[str]:
    query = sa.select(Notice.text).where(Notice.person_id == world.actor(login).person_id)
    return list(world.session.scalars(query.order_by(Notice.id)))
