"""What routes keep by their drawing, and what a change loses."""

from pathlib import Path

import pytest

from app import ROOT, rules
from app.workflow import losing
from app.workflow.bundle import Bundle
from app.workflow.obligations import OBLIGATIONS, standings
from app.workflow.parser import read_graphs

from .drawing import END, START, file_of, flow, line, path, properties, service, step

FOLDER = Path(ROOT / "processes")
OUTGOING = (FOLDER / "outgoing.bpmn").read_text()
COUNTERSIGN = (FOLDER / "countersign.bpmn").read_bytes()


def bundle(**files: bytes) -> Bundle:
    return Bundle(read_graphs({f"{name}.bpmn": data for name, data in files.items()})[0])


def outgoing(text: str = OUTGOING) -> Bundle:
    return bundle(outgoing=text.encode(), countersign=COUNTERSIGN)


def past(step_id: str, before: str, after: str) -> str:
    """The outgoing route with its ways led past one element."""
    return OUTGOING.replace(
        f'sourceRef="{before}" targetRef="{step_id}"', f'sourceRef="{before}" targetRef="{after}"'
    )


def broken(found: Bundle) -> set[str]:
    return {key for key, standing in standings(found).items() if standing.broken}


def test_the_shipped_route_keeps_all_that_applies() -> None:
    found = standings(outgoing())
    assert [key for key, each in found.items() if each.broken] == []
    assert sum(each.kept for each in found.values()) == 11
    assert losing.faults(outgoing(), outgoing()) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (past("dept_review", "draft", "office_check"), "review_before_sign_off"),
        (OUTGOING.replace('name="opinion" value="required"', 'name="opinion" value="optional"', 1),
         "opinion_at_review"),
        (OUTGOING.replace('name="checklist" value="yes"', 'name="checklist" value="no"'),
         "checklist_before_sign_off"),
        (OUTGOING.replace('name="sign_off" value="yes"', 'name="sign_off" value="no"', 1),
         "sign_off_before_numbering"),
        (past("write_signatory", "leader_sign", "register_number"), "signatory_before_numbering"),
        (past("assign_number", "register_number", "sealed_or_not"), "numbering_before_sealing"),
        (past("leader_sign", "by_direction", "write_signatory"), "sign_off_before_dispatch"),
        (past("register_number", "write_signatory", "final_check_dispatch"),
         "numbering_before_dispatch"),
        (past("seal", "sealed_or_not", "final_check_dispatch"), "sealing_before_dispatch"),
        (OUTGOING.replace(">without_seal<", ">not without_seal<"), "sealing_before_dispatch"),
        (OUTGOING.replace('candidateGroups="office-secretary"', 'candidateGroups="drafter"'),
         "office_checks_last"),
        (OUTGOING.replace('<camunda:property name="rule" value="OUT-01 OUT-03 OUT-04',
                          '<camunda:property name="drafter" value="skip" />'
                          '<camunda:property name="rule" value="OUT-01 OUT-03 OUT-04'),
         "self_review_not_skipped"),
    ],
)  # fmt: skip
def test_what_breaks_an_obligation(text: str, key: str) -> None:
    assert text != OUTGOING
    changed = outgoing(text)
    assert key in broken(changed)
    found = [fault for fault in losing.faults(changed, outgoing()) if not fault.warning]
    standing = standings(changed)[key]
    words = [fault.message for fault in found if fault.element == standing.broken[0]]
    assert any(standing.obligation.words in each for each in words)
    assert all(fault.mend for fault in found)


def test_a_branch_that_waits_for_its_neighbour_keeps_the_obligation() -> None:
    """The seal stands in one parallel branch: behind the join it has certainly been set."""
    gates = '<parallelGateway id="split"/><parallelGateway id="join"/>'
    drawn = file_of(
        START, END, gates, step("a"), service("s", "seal"), service("d", "dispatch"),
        path("begin", "split", "s", "join", "d", "finish"), path("split", "a", "join"),
    )  # fmt: skip
    assert "sealing_before_dispatch" not in broken(bundle(p=drawn))
    either = drawn.replace(b"parallelGateway", b"exclusiveGateway")
    assert "sealing_before_dispatch" in broken(bundle(p=either))


def test_called_processes_count() -> None:
    called = file_of(
        '<startEvent id="i"/><endEvent id="o"/>', service("s", "seal"), path("i", "s", "o"),
        process="inner",
    )  # fmt: skip
    calling = file_of(
        START, END, '<callActivity id="c" calledElement="inner"/>', service("d", "dispatch"),
        path("begin", "c", "d", "finish"),
    )  # fmt: skip
    assert "sealing_before_dispatch" not in broken(bundle(p=calling, inner=called))


def test_other_topics_have_their_order() -> None:
    wrong = file_of(
        START, END, service("u", "record-seal-use"), service("g", "grant-certificate"),
        path("begin", "u", "g", "finish"),
    )  # fmt: skip
    assert broken(bundle(p=wrong)) == {"approval_before_seal_use", "review_before_certificate"}


def test_what_never_held_is_a_warning_and_what_still_does_not_hold_is_no_loss() -> None:
    wrong = file_of(START, END, service("d", "dispatch"), path("begin", "d", "finish"))
    found = losing.faults(bundle(p=wrong), None)
    assert found
    assert all(fault.warning and fault.message.startswith("没有做到") for fault in found)
    assert losing.faults(bundle(p=wrong), bundle(p=wrong)) == []


def test_clauses_exist_and_mandatory_ones_that_go_are_named() -> None:
    one = file_of(START, END, step("a", properties(rule="OUT-06 XXX-99")), flow("begin", "a"),
                  flow("a", "finish"))  # fmt: skip
    sentences = [fault.message for fault in losing.faults(bundle(p=one), None)]
    assert sentences == ["没有编号为“XXX-99”的条款，请改为条款目录中的编号"]
    gone = losing.faults(bundle(p=line("a")), bundle(p=one))
    assert [(fault.warning, fault.reason) for fault in gone] == [
        (True, "改动后没有环节落实必须遵守的 OUT-06“审核须填写意见并保存”")
    ]
    assert losing.lost(bundle(p=line("a")), bundle(p=one)) == {"OUT-06": "审核须填写意见并保存"}


def test_what_a_route_enforces() -> None:
    found = {each.id: each for each in losing.enforced(outgoing())}
    assert found["OUT-09"].by_drawing
    assert found["OUT-09"].elements == ("register_number",)
    assert found["OUT-08"].elements == ("office_check",)
    assert not found["OUT-08"].by_drawing
    assert found["OUT-09"].must


def test_every_obligation_rests_on_clauses_that_exist() -> None:
    known = rules.catalogue()
    for each in OBLIGATIONS:
        assert set(each.clauses) <= known.keys(), each.key


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.bpmn")), ids=lambda file: file.stem)
def test_shipped_routes_name_clauses_that_exist(file: Path) -> None:
    found = bundle(p=file.read_bytes())
    assert not [fault for fault in losing.faults(found, found) if not fault.warning]
