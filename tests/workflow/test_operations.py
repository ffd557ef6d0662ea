"""Acts on cases in a database: what moves, what is refused, what it costs."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app import audit, workflow
from app.workflow import definitions, operations, queries
from app.workflow.errors import (
    BadVariable,
    CaseClosed,
    CaseSuspended,
    EngineFault,
    NobodyNamed,
    NotReachable,
    StepAlreadyDone,
    UnknownOutcome,
    WorkflowError,
)
from app.workflow.fields import CASE_VARIABLES
from app.workflow.models import CaseStatus, WorkflowCase, WorkflowTimer
from app.workflow.moves import Move, ServiceCall

from .drawing import (
    END,
    START,
    file_of,
    flow,
    path,
    properties,
    service,
    signing,
    step,
    steps,
    timer,
)

AT = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
BY = audit.Signature(1, "admin", "管理员", "流程管理员")
SIGN = signing().replace('"signers"', '"countersigners"')
ROUTE = file_of(
    START, END, step("draft", properties(outcome="submit", outcome_label="提交"), who="${drafter}"),
    step("check", name="核稿", who="head"), SIGN, service("stamp"), steps("send"),
    '<exclusiveGateway id="x" default="skip"/>', '<exclusiveGateway id="y"/>',
    path("begin", "draft", "check", "y"),
    flow("y", "x", "outcome == 'approve'", "同意"), flow("y", "draft", "outcome == 'redo'", "重拟"),
    flow("x", "sign", "needs_countersign"), flow("x", "stamp", ident="skip"),
    flow("sign", "stamp"), path("stamp", "send", "finish"),
)  # fmt: skip
VARIABLES = {
    "drafter": "zhang",
    "needs_countersign": False,
    "countersigners": ["li", "wang"],
    "direction": "upward",
}


class Office:
    """One session with a case in it; every act goes through the lock."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.case_id = 0
        self.last: Move | None = None

    def publish(self, **files: bytes) -> workflow.Definition:
        named = {f"{name}.bpmn": data for name, data in files.items()}
        row = operations.publish(
            self.session, named, BY, AT, roles=["clerk", "head"], forms={}, shipped=True
        )
        self.session.commit()
        return queries.definition(self.session, row.sha256)

    def start(self, data: bytes = ROUTE, **changes: Any) -> Move:
        definition = self.publish(p=data)
        variables = {**VARIABLES, **changes}
        case, self.last = operations.start(self.session, definition, variables, None, AT)
        self.session.commit()
        self.case_id = case.id
        return self.last

    @property
    def case(self) -> WorkflowCase:
        return queries.locked(self.session, self.case_id)

    def open(self) -> list[tuple[str, str | None]]:
        found = queries.open_tokens(self.session, self.case)
        return sorted(((token.step, token.person) for token in found), key=str)

    def uuid(self, step_id: str, person: str | None = None) -> str:
        return next(
            token.uuid
            for token in queries.open_tokens(self.session, self.case)
            if token.step == step_id and person in (None, token.person)
        )

    def complete(
        self, step_id: str, outcome: str | None = None, person: str | None = None, **changes: Any
    ) -> Move:
        uuid = self.uuid(step_id, person)
        move = operations.complete(self.session, self.case, uuid, outcome, changes, person, None)
        self.session.commit()
        return move

    def back(self, step_id: str, target: str, *, back_to: bool = False) -> Move:
        uuid = self.uuid(step_id)
        move = operations.return_to(self.session, self.case, uuid, target, None, back_to=back_to)
        self.session.commit()
        return move

    def row(self) -> Mapping[str, Any]:
        return self.session.execute(sa.select(WorkflowCase.__table__)).mappings().one()


@pytest.fixture
def office(session: Session) -> Office:
    return Office(session)


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_c: Any, _k: Any, text: str, *_rest: Any) -> None:
        found.append(text)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(engine, "before_cursor_execute", note)


def test_a_case_from_start_to_end(office: Office) -> None:
    called: list[ServiceCall] = []
    workflow.register_topics({"note": called.append})
    move = office.start()
    assert [(t.step, t.person, t.groups) for t in move.opened] == [("draft", "zhang", ())]
    move = office.complete("draft", "submit")
    assert [(t.step, t.name, t.person, t.groups) for t in move.opened] == [
        ("check", "核稿", None, ("head",))
    ]
    assert len(move.closed) == 1
    assert not move.finished
    office.complete("check", "approve", needs_countersign=True)
    assert office.open() == [("sign", "li"), ("sign", "wang")]
    office.complete("sign", person="li")
    assert called == []
    office.complete("sign", person="wang")
    assert [(call.topic, call.element) for call in called] == [("note", "stamp")]
    move = office.complete("send")
    assert move.finished
    assert move.variables["needs_countersign"] is True
    assert office.case.status == CaseStatus.FINISHED
    with pytest.raises(CaseClosed):
        operations.complete(office.session, office.case, "x", None, {})


def test_outcomes_come_from_the_drawing_in_file_order(office: Office) -> None:
    definition = office.publish(p=ROUTE)
    offered = {
        each.id: [(outcome.key, outcome.label) for outcome in each.outcomes]
        for each in definition.steps
    }
    assert offered == {
        "draft": [("submit", "提交")],
        "check": [("approve", "同意"), ("redo", "重拟")],
        "sign": [],
        "send": [],
    }
    assert definition.step("sign").signing == workflow.Signing("countersigners", "signer", False)


REFUSALS: list[tuple[str | None, dict[str, Any], type[WorkflowError]]] = [
    (None, {}, UnknownOutcome),
    ("burn", {}, UnknownOutcome),
    ("approve", {"outcome": "x"}, BadVariable),
    ("approve", {"Name": "x"}, BadVariable),
    ("approve", {"mi_x": "x"}, BadVariable),
    ("approve", {"deep": {"a": 1}}, BadVariable),
    ("approve", {"deep": [["a"]]}, BadVariable),
    ("approve", {"long": "字" * 4001}, BadVariable),
    ("approve", {"needs_countersign": True, "countersigners": []}, NobodyNamed),
    ("approve", {"needs_countersign": "yes"}, EngineFault),
]


@pytest.mark.parametrize(("outcome", "changes", "error"), REFUSALS)
def test_a_refusal_changes_nothing(
    office: Office, outcome: str, changes: dict[str, Any], error: type[WorkflowError]
) -> None:
    office.start()
    office.complete("draft")
    before = dict(office.row())
    with pytest.raises(error) as refusal:
        operations.complete(office.session, office.case, office.uuid("check"), outcome, changes)
    assert any("一" <= letter <= "鿿" for letter in refusal.value.message)
    office.session.commit()
    assert dict(office.row()) == before


def test_a_token_is_done_exactly_once(office: Office) -> None:
    office.start()
    uuid = office.uuid("draft")
    office.complete("draft")
    with pytest.raises(StepAlreadyDone):
        operations.complete(office.session, office.case, uuid, "submit", {})


def test_an_act_costs_one_select_and_one_update(office: Office, engine: sa.Engine) -> None:
    office.start()
    office.complete("draft")
    uuid = office.uuid("check")
    office.session.commit()
    with statements(engine) as found:
        case = queries.locked(office.session, office.case_id)
        operations.complete(office.session, case, uuid, "approve", {"needs_countersign": True})
        token = queries.open_tokens(office.session, case)[0].uuid
        operations.add_signers(office.session, case, token, ["zhao"], "after")
        office.session.commit()
    assert [text.split()[0] for text in found] == ["SELECT", "UPDATE"]


def test_after_a_restart_the_definition_is_read_once(office: Office, engine: sa.Engine) -> None:
    office.start()
    definitions.forget()
    office.session.expunge_all()
    with statements(engine) as found:
        for _ in range(3):
            queries.open_tokens(office.session, office.case)
    assert sum("FROM definition" in text for text in found) == 1


def test_writing_past_the_lock_is_noticed(office: Office, engine: sa.Engine) -> None:
    office.start()
    uuid, case = office.uuid("draft"), office.case
    office.session.execute(
        sa.update(WorkflowCase.__table__).values(revision=WorkflowCase.__table__.c.revision + 1)
    )
    operations.complete(office.session, case, uuid, None, {})
    with pytest.raises(StaleDataError):
        office.session.flush()


def test_return_keeps_variables_and_names_legal_targets(office: Office) -> None:
    office.start()
    office.complete("draft", urgency="加急")
    assert queries.return_targets(office.session, office.case, office.uuid("check")) == [
        "draft",
        "sign",
        "send",
    ]
    before = office.uuid("check")
    move = office.back("check", "draft")
    assert move.closed == (before,)
    assert [token.step for token in move.opened] == ["draft"]
    assert move.variables["urgency"] == "加急"
    with pytest.raises(NotReachable):
        office.back("draft", "ghost")


@pytest.mark.parametrize("outcome", ["approve", "redo"])
def test_return_with_the_way_back(office: Office, outcome: str) -> None:
    """Whoever sent it back gets it again at once, whatever lies between."""
    office.start()
    office.complete("draft")
    office.complete("check", "approve")
    assert queries.can_come_back(office.session, office.case, office.uuid("send"), "check")
    office.back("send", "check", back_to=True)
    definitions.forget()
    office.complete("check", outcome)
    assert office.open() == [("send", None)]
    office.back("send", "draft")
    office.complete("draft")
    assert office.open() == [("check", None)]


def test_the_way_back_leads_through_a_whole_signing(office: Office) -> None:
    office.start(needs_countersign=True)
    office.complete("draft")
    office.complete("check", "approve")
    for person in ("li", "wang"):
        office.complete("sign", person=person)
    office.back("send", "sign", back_to=True)
    office.complete("sign", person="wang")
    operations.remove_signers(office.session, office.case, office.uuid("sign"), ["li"])
    assert office.open() == [("send", None)]
    office.back("send", "sign", back_to=True)
    for person in ("wang", "li"):
        office.complete("sign", person=person)
    assert office.open() == [("send", None)]


BLOCK = file_of(
    START, END, steps("a", "m", "n", "q", "z"),
    '<parallelGateway id="g1"/><parallelGateway id="g2"/>',
    path("begin", "a", "g1", "m", "n", "g2", "z", "finish"), path("g1", "q", "g2"),
)  # fmt: skip


def test_the_way_back_stays_within_one_branch(office: Office) -> None:
    office.start(BLOCK)
    office.complete("a")
    office.complete("m")
    assert queries.return_targets(office.session, office.case, office.uuid("n")) == ["a", "m", "z"]
    come_back = {
        target: queries.can_come_back(office.session, office.case, office.uuid("n"), target)
        for target in ("m", "a", "q")
    }
    assert come_back == {"m": True, "a": False, "q": False}
    with pytest.raises(NotReachable):
        office.back("n", "a", back_to=True)
    office.back("n", "m", back_to=True)
    office.complete("q")
    office.complete("m")
    assert office.open() == [("n", None)]
    office.complete("n")
    assert office.open() == [("z", None)]


CALLED = file_of(
    START, END, steps("a", "z"),
    '<subProcess id="inner"><startEvent id="in"/><endEvent id="out"/>', steps("first", "second"),
    service("note"), path("in", "note", "first", "second", "out"), "</subProcess>",
    timer("late", "inner"), service("remind"), '<endEvent id="reminded"/>',
    path("begin", "a", "inner", "z", "finish"), path("late", "remind", "reminded"),
)  # fmt: skip


def test_a_return_begins_a_process_anew_that_has_ended(office: Office) -> None:
    """At the step that was named: neither its way in nor its service tasks are run again."""
    office.start(CALLED)
    for each in ("a", "first", "second"):
        office.complete(each)
    assert queries.return_targets(office.session, office.case, office.uuid("z")) == [
        *("a", "first", "second")
    ]
    assert not queries.can_come_back(office.session, office.case, office.uuid("z"), "second")
    office.back("z", "second")
    assert office.open() == [("second", None)]
    assert [timer.element for timer in queries.open_timers(office.session, office.case)] == ["late"]
    definitions.forget()
    assert queries.can_come_back(office.session, office.case, office.uuid("second"), "a")
    office.back("second", "a", back_to=True)
    office.complete("a")
    assert office.open() == [("second", None)]
    office.complete("second")
    assert office.open() == [("z", None)]


def test_withdraw_closes_every_branch_that_the_act_opened(office: Office) -> None:
    office.start(BLOCK)
    opened = [token.uuid for token in office.complete("a").opened]
    move = operations.withdraw_to(office.session, office.case, "a", tokens_opened=opened)
    assert sorted(move.closed) == sorted(opened)
    assert [token.step for token in move.opened] == ["a"]
    opened = [token.uuid for token in office.complete("a").opened]
    office.complete("m")
    with pytest.raises(StepAlreadyDone):
        operations.withdraw_to(office.session, office.case, "a", tokens_opened=opened)
    with pytest.raises(NotReachable):
        operations.withdraw_to(office.session, office.case, "m")


def test_withdraw_from_a_running_signing_reopens_one_place(office: Office) -> None:
    office.start(needs_countersign=True)
    office.complete("draft")
    office.complete("check", "approve")
    office.complete("sign", person="li")
    move = operations.withdraw_to(office.session, office.case, "sign", person="li")
    assert [token.person for token in move.opened] == ["li"]
    assert move.closed == ()
    assert office.open() == [("sign", "li"), ("sign", "wang")]


def test_a_preview_has_no_effect(office: Office) -> None:
    def forbidden(_call: ServiceCall) -> None:
        raise AssertionError("a preview ran a topic")

    workflow.register_topics({"note": forbidden})
    office.start()
    office.complete("draft")
    before, uuid = dict(office.row()), office.uuid("check")
    for changes, expected in (
        ({}, [("send", None)]),
        ({"needs_countersign": True}, [("sign", "li"), ("sign", "wang")]),
        ({"needs_countersign": True, "countersigners": ["zhao"]}, [("sign", "zhao")]),
    ):
        move = queries.preview(office.session, office.case, uuid, "approve", changes)
        assert [(token.step, token.person) for token in move.opened] == expected
        assert move.closed == (uuid,)
    with pytest.raises(UnknownOutcome):
        queries.preview(office.session, office.case, uuid, "burn", {})
    assert not office.session.dirty
    assert not office.session.new
    office.session.commit()
    assert dict(office.row()) == before
    assert office.open() == [("check", None)]


def test_suspended_nothing_moves_but_cancel(office: Office) -> None:
    office.start()
    uuid = office.uuid("draft")
    operations.suspend(office.session, office.case)
    for act in (
        lambda: operations.complete(office.session, office.case, uuid, None, {}),
        lambda: operations.return_to(office.session, office.case, uuid, "draft"),
        lambda: operations.withdraw_to(office.session, office.case, "draft"),
        lambda: operations.add_signers(office.session, office.case, uuid, ["li"], "after"),
        lambda: operations.fire_timer(office.session, office.case, uuid),
        lambda: queries.preview(office.session, office.case, uuid, None, {}),
        lambda: operations.suspend(office.session, office.case),
    ):
        with pytest.raises(CaseSuspended):
            act()
    operations.resume(office.session, office.case)
    office.complete("draft")
    operations.suspend(office.session, office.case)
    move = operations.cancel(office.session, office.case)
    office.session.commit()
    assert (len(move.closed), move.opened, move.finished) == (1, (), True)
    assert office.case.status == CaseStatus.CANCELLED
    assert office.open() == []
    with pytest.raises(CaseClosed):
        operations.cancel(office.session, office.case)


TIMED = file_of(
    START, END, '<endEvent id="noted"/>', steps("a", "b", "up"), timer("soft", "a", "PT2H"),
    timer("hard", "b", "P3D", interrupting=True), service("note"),
    path("begin", "a", "b", "finish"), path("soft", "note", "noted"), path("hard", "up", "finish"),
)  # fmt: skip


def test_timers_are_rows_and_fire_once(office: Office) -> None:
    called: list[str] = []
    workflow.register_topics({"note": lambda call: called.append(call.element)})
    move = office.start(TIMED)
    (soft,) = move.timers_opened
    assert (soft.element, soft.text) == ("soft", "PT2H")
    move_soft = operations.fire_timer(office.session, office.case, soft.token)
    assert move_soft is not None
    assert (move_soft.timers_closed, move_soft.opened, called) == ((soft.token,), (), ["note"])
    assert operations.fire_timer(office.session, office.case, soft.token) is None
    (hard,) = office.complete("a").timers_opened
    move_hard = operations.fire_timer(office.session, office.case, hard.token)
    assert move_hard is not None
    assert [token.step for token in move_hard.opened] == ["up"]
    assert len(move_hard.closed) == 1
    office.complete("up")
    assert operations.fire_timer(office.session, office.case, hard.token) is None
    rows = office.session.scalars(sa.select(WorkflowTimer)).all()
    assert [(row.element, row.closed_at is not None) for row in rows] == [
        ("soft", True),
        ("hard", True),
    ]


def test_a_topic_writes_variables_and_sees_the_context(office: Office) -> None:
    def number(call: ServiceCall) -> None:
        call.variables["number"] = f"{call.context}〔2026〕1号"

    workflow.register_topics({"note": number})
    office.start()
    office.complete("draft")
    move = operations.complete(
        office.session, office.case, office.uuid("check"), "approve", {}, None, "江水"
    )
    assert move.variables["number"] == "江水〔2026〕1号"


@pytest.mark.parametrize("bad", [{"a": 1}, object()])
def test_a_topic_that_writes_nonsense_is_an_engine_fault(office: Office, bad: Any) -> None:
    workflow.register_topics({"note": lambda call: call.variables.update(number=bad)})
    office.start()
    office.complete("draft")
    with pytest.raises(EngineFault) as fault:
        office.complete("check", "approve")
    assert "number" in fault.value.detail


def test_a_refusal_of_a_topic_comes_through_as_it_is(office: Office) -> None:
    def refuse(_call: ServiceCall) -> None:
        raise CaseClosed

    workflow.register_topics({"note": refuse})
    office.start()
    office.complete("draft")
    before = office.case.state
    with pytest.raises(CaseClosed):
        office.complete("check", "approve")
    assert office.case.state == before


def test_the_state_row_holds_only_what_matters(office: Office) -> None:
    office.start()
    sizes = []
    for _ in range(20):
        office.complete("draft")
        office.complete("check", "redo")
        sizes.append(len(office.case.state))
    assert max(sizes[1:]) == min(sizes[1:]) < 800
    assert json.loads(office.case.state)["variables"].keys() == VARIABLES.keys()


def test_the_start_variables_of_the_routes_are_declared() -> None:
    assert set(VARIABLES) <= set(CASE_VARIABLES)
