"""Comparing two versions and moving a running case from one to the other."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.workflow import versions
from app.workflow.definitions import Definition
from app.workflow.errors import CannotMigrate
from app.workflow.models import WorkflowCase
from app.workflow.operations import suspend
from app.workflow.queries import locked, open_tokens
from app.workflow.versions import compare

from .drawing import END, START, file_of, flow, path, signing, step, steps, timer
from .play import definition_of
from .test_operations import Office

SIGN = signing("c").replace('"signers"', '"countersigners"')
LATE = timer("late", "b") + '<endEvent id="noted"/>' + flow("late", "noted")
BODY = (
    START + END + step("a", name="拟稿") + step("b", name="核稿") + LATE + SIGN
    + step("d", name="签发") + path("begin", "a", "b", "c", "d", "finish")
)  # fmt: skip
BLOCK = (
    START + END + steps("m", "n", "z") + '<parallelGateway id="g1"/><parallelGateway id="g2"/>'
    + path("begin", "g1", "m", "g2", "z", "finish") + path("g1", "n", "g2")
)  # fmt: skip


def version(*changes: tuple[str, str], body: str = BODY) -> bytes:
    for old, new in changes:
        assert old in body
        body = body.replace(old, new)
    return file_of(body)


def parsed(*changes: tuple[str, str]) -> Definition:
    return definition_of({"p.bpmn": version(*changes)})


INSERTED = version((flow("b", "c"), steps("x") + path("b", "x", "c")))
RELABELLED = version(('name="拟稿"', 'name="起草"'), ('name="签发"', 'name="审签"'))
LONGER = version(("P3D", "P5D"))
UNTIMED = version((LATE, ""))
SEQUENTIAL = version(('isSequential="false"', 'isSequential="true"'))
SHORTER = version((flow("b", "c") + flow("c", "d"), flow("b", "d")), (SIGN, ""))


@pytest.fixture
def office(session: Session) -> Office:
    return Office(session)


def at(office: Office, *done: str, body: bytes | None = None) -> WorkflowCase:
    office.start(body or version())
    for name in done:
        office.complete(name)
    return office.case


def rest(office: Office) -> str:
    order = ""
    while office.open():
        name = office.open()[0][0]
        order += name
        office.complete(name)
    return order


def target(office: Office, data: bytes) -> Definition:
    return office.publish(p=data)


CHANGES = [
    ((flow("b", "c"), steps("x") + path("b", "x", "c")), {"b": ("flows",), "x": ("added",)}),
    (('name="拟稿"', 'name="起草"'), {"a": ("label",)}),
    (("P3D", "P5D"), {"late": ("timer",)}),
    (('isSequential="false"', 'isSequential="true"'), {"c": ("signing",)}),
    (('"clerk"', '"head"'), {"a": ("people",), "b": ("people",), "d": ("people",)}),
    ((LATE, ""), {"late": ("removed",), "noted": ("removed",)}),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_compare(change: tuple[str, str], expected: dict[str, Any]) -> None:
    found = compare(parsed(), parsed(change))
    assert {each.element: each.changes for each in found} == expected
    assert compare(parsed(), parsed()) == []


@pytest.mark.parametrize(
    ("done", "data", "order"),
    [
        (("a",), INSERTED, "bxccd"),
        (("a",), RELABELLED, "bccd"),
        (("a",), LONGER, "bccd"),
        (("a",), UNTIMED, "bccd"),
        (("a",), SHORTER, "bd"),
        (("a", "b"), RELABELLED, "ccd"),
        (("a", "b", "c"), RELABELLED, "cd"),
        (("a", "b", "c", "c"), SHORTER, "d"),
    ],
)
def test_a_case_moves_and_keeps_its_tokens(
    office: Office, done: tuple[str, ...], data: bytes, order: str
) -> None:
    case = at(office, *done)
    before = open_tokens(office.session, case)
    new = target(office, data)
    assert versions.migrate_obstacles(office.session, office.case, new) == []
    state = case.state
    rehearsal = versions.rehearse_migration(office.session, office.case, new)
    assert (rehearsal.opened, rehearsal.closed, case.state) == ((), (), state)
    move = versions.migrate(office.session, office.case, new)
    office.session.commit()
    assert (move.opened, move.closed) == ((), ())
    assert office.case.sha256 == new.sha256
    after = open_tokens(office.session, office.case)
    assert [token.uuid for token in after] == [token.uuid for token in before]
    assert rest(office) == order


@pytest.mark.parametrize(
    ("done", "body", "data", "words"),
    [
        (("a", "b"), None, SEQUENTIAL, "会签方式"),
        (("a", "b"), None, SHORTER, "没有它"),
        (("m",), file_of(BLOCK), version((flow("g1", "n"), flow("g1", "x") + steps("x")
         + flow("x", "n")), body=BLOCK), "分支"),
        ((), file_of(BLOCK), file_of(START, END, steps("m", "n", "z"),
         path("begin", "m", "n", "z", "finish")), "并行分支"),
    ],
)  # fmt: skip
def test_obstacles(
    office: Office, done: tuple[str, ...], body: bytes | None, data: bytes, words: str
) -> None:
    case = at(office, *done, body=body)
    state, new = case.state, target(office, data)
    found = versions.migrate_obstacles(office.session, office.case, new)
    assert any(words in sentence for sentence in found), found
    with pytest.raises(CannotMigrate):
        versions.migrate(office.session, office.case, new)
    assert (office.case.state, office.case.sha256 == new.sha256) == (state, False)


def test_a_step_that_gets_a_timer_is_entered_afresh(office: Office) -> None:
    at(office, "a", body=UNTIMED)
    before = office.uuid("b")
    move = versions.migrate(office.session, office.case, target(office, version()))
    assert move.closed == (before,)
    assert [token.step for token in move.opened] == ["b"]
    assert [timer.element for timer in move.timers_opened] == ["late"]
    assert rest(office) == "bccd"


def test_the_way_back_must_exist_in_the_new_version(office: Office) -> None:
    at(office, "a", "b", "c", "c")
    office.back("d", "a", back_to=True)
    gone = target(office, version((flow("c", "d") + flow("d", "finish"), flow("c", "finish")),
                                  (step("d", name="签发"), "")))  # fmt: skip
    found = versions.migrate_obstacles(office.session, office.case, gone)
    assert ["办完要回到的环节“签发”" in sentence for sentence in found] == [True]
    versions.migrate(office.session, office.case, target(office, RELABELLED))
    office.complete("a")
    assert office.open() == [("d", None)]


def test_a_suspended_case_may_move_and_another_process_is_no_version(office: Office) -> None:
    at(office, "a")
    other = office.publish(q=file_of(BODY, process="q"))
    assert versions.migrate_obstacles(office.session, office.case, other)
    suspend(office.session, office.case)
    versions.migrate(office.session, office.case, target(office, RELABELLED))
    assert locked(office.session, office.case_id).status == "suspended"


ASK = b'{"id": "ask", "components": [{"type": "checkbox", "key": "big", "label": "big"}]}'
ASKING = version(
    (step("a", name="拟稿"), step("a", name="拟稿", form="ask")),
    (
        flow("b", "c"),
        '<exclusiveGateway id="x" name="重大事项" default="x_to_d"/>'
        + flow("b", "x") + flow("x", "c", "big") + flow("x", "d"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("done", "lacks"), [((), False), (("a",), True), (("a", "b"), False)])
def test_a_case_that_has_passed_the_question_is_not_moved(
    office: Office, done: tuple[str, ...], lacks: bool
) -> None:
    """What the new version asks before must still come, or not be looked at any more."""
    at(office, *done)
    new = definition_of({"p.bpmn": ASKING, "ask.form": ASK})
    found = versions.migrate_obstacles(office.session, office.case, new)
    assert found == (
        ["“重大事项”要看字段“big”，此件还没有，之后也没有必经的环节填写"] if lacks else []
    )
