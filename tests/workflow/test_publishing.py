"""Publishing: all faults at once, one row per content, a second person, pinned calls."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, workflow
from app.workflow import checks, operations, queries, trial
from app.workflow.draft_files import as_texts
from app.workflow.errors import AlreadyDecided, BadDiagram, NoDefinition, SecondPersonNeeded
from app.workflow.gathering import gather
from app.workflow.models import DefinitionRow, DefinitionState

from .drawing import END, START, file_of, line, path, step, steps

AT = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
ONE = audit.Signature(1, "one", "甲", "流程管理员")
TWO = audit.Signature(2, "two", "乙", "流程管理员")
CALLING = file_of(
    START, END, steps("a"), '<callActivity id="c" calledElement="inner"/>',
    path("begin", "a", "c", "finish"), process="outer",
)  # fmt: skip


@pytest.fixture
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial in this process: starting another one takes more than a second."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


pytestmark = pytest.mark.usefixtures("_short_trial")


def inner(*names: str) -> bytes:
    ends = '<startEvent id="i1"/><endEvent id="i2"/>'
    return file_of(ends, steps(*names), path("i1", *names, "i2"), process="inner")


def publish(
    session: Session, *, by: audit.Signature = ONE, shipped: bool = False, **files: bytes
) -> DefinitionRow:
    named = {f"{name}.bpmn": data for name, data in files.items()}
    row = operations.publish(session, named, by, AT, roles=["clerk"], forms={}, shipped=shipped)
    session.commit()
    return row


def states(session: Session) -> list[tuple[int, str]]:
    rows = session.scalars(sa.select(DefinitionRow).order_by(DefinitionRow.version))
    return [(row.version, row.state) for row in rows]


def test_a_second_person_puts_it_in_force(session: Session) -> None:
    row = publish(session, p=line("a"))
    assert row.state == DefinitionState.SUBMITTED
    with pytest.raises(NoDefinition):
        queries.in_force(session, "p")
    with pytest.raises(SecondPersonNeeded):
        operations.put_in_force(session, row.sha256, ONE, AT)
    with pytest.raises(SecondPersonNeeded):
        operations.put_in_force(session, row.sha256, audit.signed_by_rule("x"), AT)
    operations.put_in_force(session, row.sha256, TWO, AT)
    assert queries.in_force(session, "p").sha256 == row.sha256
    with pytest.raises(AlreadyDecided):
        operations.put_in_force(session, row.sha256, TWO, AT)
    session.commit()
    actions = session.scalars(sa.select(audit.AuditEntry.action).order_by(audit.AuditEntry.seq))
    assert list(actions) == ["definition.submitted", "definition.put_in_force"]


def test_the_same_content_is_the_same_version(session: Session) -> None:
    first = publish(session, p=line("a"))
    again = publish(session, by=TWO, other=line("a"))
    assert again.sha256 == first.sha256
    assert again.submitted_by == 1
    assert publish(session, p=line("a", "b")).version == 2


def test_a_new_version_retires_the_old_one_and_cases_stay(session: Session) -> None:
    old = publish(session, p=line("a"), shipped=True)
    case, _ = operations.start(session, queries.in_force(session, "p"), {}, None, AT)
    new = publish(session, p=line("a", "b"))
    operations.put_in_force(session, new.sha256, TWO, AT)
    assert states(session) == [(1, "retired"), (2, "in_force")]
    assert queries.locked(session, case.id).sha256 == old.sha256
    assert queries.case_diagram(session, case) == queries.Diagram(line("a"), {})
    with pytest.raises(AlreadyDecided):
        operations.start(session, queries.definition(session, old.sha256), {}, None, AT)
    assert [version.version for version in queries.versions(session, "p")] == [2, 1]


def test_the_diagram_of_a_case_names_what_is_called_by_its_process(session: Session) -> None:
    """An element of the caller may be named like another process: its file is not that one's."""
    called = inner("b")
    calling = CALLING.replace(b'"c"', b'"inner"')
    publish(session, x=called, shipped=True)
    publish(session, a=calling, shipped=True)
    case, _ = operations.start(session, queries.in_force(session, "outer"), {}, None, AT)
    found = queries.case_diagram(session, case)
    assert found.own == calling
    assert dict(found.called) == {"inner": called}


def test_shipped_versions_are_in_force_at_once_but_push_nobody_aside(session: Session) -> None:
    publish(session, p=line("a"), shipped=True)
    publish(session, p=line("a", "b"), shipped=True)
    assert states(session) == [(1, "retired"), (2, "in_force")]
    own = publish(session, p=line("a", "own"))
    operations.put_in_force(session, own.sha256, TWO, AT)
    publish(session, p=line("a", "b"), shipped=True)
    publish(session, p=line("a", "b", "c"), shipped=True)
    assert states(session) == [
        (1, "retired"),
        (2, "retired"),
        (3, "in_force"),
        (4, "submitted"),
    ]


def test_all_faults_are_reported_and_nothing_is_kept(session: Session) -> None:
    bad = file_of(START, END, step("a", who="ghost", form="ghost"), path("begin", "a"))
    with pytest.raises(BadDiagram) as refusal:
        publish(session, p=bad)
    assert len(refusal.value.faults) >= 3
    assert len(refusal.value.errors) == len(refusal.value.faults)
    assert {fault.element for fault in refusal.value.faults} == {"a", "begin", "finish"}
    assert states(session) == []


def test_called_processes_are_pinned_by_content(session: Session) -> None:
    with pytest.raises(BadDiagram) as refusal:
        publish(session, outer=CALLING)
    assert "inner" in refusal.value.faults[0].message
    publish(session, inner=inner("x"), shipped=True)
    first = publish(session, outer=CALLING, shipped=True)
    case, _ = operations.start(session, queries.in_force(session, "outer"), {}, None, AT)
    publish(session, inner=inner("y"), shipped=True)
    second = publish(session, outer=CALLING, shipped=True)
    assert first.sha256 != second.sha256
    assert first.called != second.called
    token = queries.open_tokens(session, case)[0]
    move = operations.complete(session, queries.locked(session, case.id), token.uuid, None, {})
    assert [(each.step) for each in move.opened] == ["x"]
    assert {each.id for each in queries.in_force(session, "outer").steps} == {"a", "y"}


def calling(process: str, called: str) -> bytes:
    ends = f'<startEvent id="{process}1"/><endEvent id="{process}2"/>'
    call = f'<callActivity id="{process}_call" calledElement="{called}"/>'
    steps_of = steps(f"{process}_step")
    way = path(f"{process}1", f"{process}_step", f"{process}_call", f"{process}2")
    return file_of(ends, steps_of, call, way, process=process)


def test_names_of_files_stay_short_however_deep_the_calls(session: Session) -> None:
    publish(session, d=inner("x"), shipped=True)
    for process, called in [("c", "inner"), ("b", "c"), ("a", "b")]:
        row = publish(session, **{process: calling(process, called)}, shipped=True)
    files = queries.definition(session, row.sha256).files
    assert sorted(files) == ["a.bpmn", "b/b.bpmn", "b/c.bpmn", "b/d.bpmn"]
    assert as_texts(files)


def test_a_file_named_like_a_called_process_that_draws_another(session: Session) -> None:
    """What is handed in keeps its name, its forms count, and looking for the process ends."""
    form = b'{"id": "opinion", "components": [{"type": "textarea", "key": "words"}]}'
    called = inner("x").replace(b"<userTask", b'<userTask camunda:formKey="opinion"')
    named = {"inner.bpmn": called, "opinion.form": form}
    operations.publish(session, named, ONE, AT, roles=["clerk"], forms={}, shipped=True)
    own = form.replace(b"words", b"mine")
    files = {
        "outer.bpmn": CALLING,
        "inner/inner.bpmn": line("z"),
        "own.form": own,
    }
    found = gather(session, files)
    assert found.files == files | {"inner/inner-2.bpmn": called}
    assert {"inner", "outer", "p"} == found.bundle.tops.keys()


def test_called_processes_may_come_along(session: Session) -> None:
    row = publish(session, outer=CALLING, inner=inner("x"))
    assert row.process_id == "outer"
    assert {step.process_id for step in queries.definition(session, row.sha256).steps} == {
        "outer",
        "inner",
    }


def test_one_process_at_a_time(session: Session) -> None:
    with pytest.raises(BadDiagram, match="1 处"):
        publish(session, one=line("a"), two=inner("x"))


def test_publishing_makes_no_case_and_runs_no_topic(session: Session) -> None:
    def forbidden(_call: workflow.ServiceCall) -> None:
        raise AssertionError("publishing ran a topic")

    workflow.register_topics({"note": forbidden})
    service = '<serviceTask id="s" camunda:type="external" camunda:topic="note"/>'
    body = file_of(START, END, steps("a"), service, path("begin", "a", "s", "finish"))
    assert publish(session, p=body).version == 1
