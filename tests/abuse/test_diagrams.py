"""C: diagrams that are hostile or would not run are refused whole, with every fault named."""

import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import ROOT, organization
from app.database import db
from app.handling import routes
from app.web.refusals import RECORDED, status_of
from app.workflow import checks, publishing, trial
from app.workflow.errors import BadDiagram, SecondPersonNeeded
from tests.abuse.conftest import Office
from tests.abuse.standing import is_chinese, unchanged
from tests.workflow.drawing import END, START, file_of, flow, line, path, properties, step, steps
from tests.world import MONDAY

X = '<exclusiveGateway id="x"/>'
WHO = "drafter"


def person(name: str = "a", inner: str = "") -> str:
    return step(name, inner, who=WHO)


def straight(*middle: str, names: tuple[str, ...] = ("a",)) -> bytes:
    return file_of(START, END, *middle, path("begin", *names, "finish"))


def condition(text: str) -> bytes:
    """A gateway whose condition is the text; what it would write stays unwritten."""
    return file_of(
        START, END, person(), person("b"), '<exclusiveGateway id="x" default="f_x_finish"/>',
        path("begin", "a", "x", "finish"), flow("x", "b", text), flow("b", "finish"),
    )  # fmt: skip


def entity(declared: str) -> bytes:
    body = straight(person()).decode()
    return f"<!DOCTYPE d [{declared}]>{body}".replace("测试", "&x;").encode()


BOMB = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefgh", "bcdefghx", strict=True)
)
WRITE = "__import__('os').system('touch {canary}')"
WALK = "().__class__.__base__.__subclasses__()"

BAD: dict[str, tuple[bytes, str]] = {
    # ID and what: (file, element or word in one of the faults)
    "C1 script task": (
        straight('<scriptTask id="s"><script>print(1)</script></scriptTask>', names=("s",)), "s",
    ),
    "C1 business rule": (straight('<businessRuleTask id="s"/>', names=("s",)), "s"),
    "C1 service by class": (
        straight('<serviceTask id="s" camunda:class="x.Y"/>', names=("s",)), "s",
    ),
    "C1 service by expression": (
        straight('<serviceTask id="s" camunda:expression="${x}"/>', names=("s",)), "s",
    ),
    "C1 unknown topic": (
        straight(
            '<serviceTask id="s" camunda:type="external" camunda:topic="rm"/>', names=("s",)
        ),
        "s",
    ),
    "C1 listener": (
        straight(
            person(inner='<extensionElements><camunda:taskListener event="create" class="x.Y"/>'
                   "</extensionElements>")
        ),
        "a",
    ),
    "C1 execution listener": (
        straight(
            person(inner='<extensionElements><camunda:executionListener event="start" '
                   'expression="${x}"/></extensionElements>')
        ),
        "a",
    ),
    "C2 import": (condition(WRITE), "x"),
    "C2 walk": (condition(WALK), "x"),
    "C2 lambda": (condition("(lambda: 1)()"), "x"),
    "C2 attribute": (condition("urgency.__class__"), "x"),
    "C2 long": (condition(" or ".join(["urgency == 'none'"] * 200)), "x"),
    "C2 power": (condition("9 ** 9 ** 9 > 1"), "x"),
    "C2 assignee": (straight(step("a", who="${().__class__}")), "a"),
    "C3 file": (entity('<!ENTITY x SYSTEM "file:///etc/passwd">'), "DOCTYPE"),
    "C3 url": (entity('<!ENTITY x SYSTEM "http://192.0.2.1/x">'), "DOCTYPE"),
    "C3 parameter": (entity('<!ENTITY % p SYSTEM "http://192.0.2.1/x"> %p;'), "DOCTYPE"),
    "C4 bomb": (entity(BOMB), "DOCTYPE"),
    "C4 quadratic": (entity(f'<!ENTITY x "{"x" * 100_000}">'), "DOCTYPE"),
    "C5 loop without a person": (
        file_of(
            START, END, '<exclusiveGateway id="x2"/>',
            '<exclusiveGateway id="x" default="f_x_finish"/>',
            path("begin", "x2", "x", "finish"), flow("x", "x2", "urgency == 'none'"),
        ),
        "循环",
    ),
    "C6 no end": (file_of(START, person(), path("begin", "a")), "结束"),
    "C6 no start": (file_of(END, person(), path("a", "finish")), "开始"),
    "C6 unreachable": (
        file_of(START, END, person(), person("b"), path("begin", "a", "finish"),
                flow("b", "finish")),
        "b",
    ),
    "C6 no default": (
        file_of(START, END, person(), person("b"), X, path("begin", "a", "x"),
                flow("x", "b", "urgency == 'none'"), flow("x", "finish", "urgency == 'urgent'"),
                flow("b", "finish")),
        "x",
    ),
    "C6 join that waits for ever": (
        file_of(START, END, person(), person("b"), person("c"), X.replace('"x"', '"g1"'),
                '<parallelGateway id="g2"/>', path("begin", "a", "g1", "b", "g2", "finish"),
                path("g1", "c", "g2")),
        "g2",
    ),
    "C6 calls nobody": (straight('<callActivity id="c" calledElement="no"/>', names=("c",)), "no"),
    "C6 calls itself": (straight('<callActivity id="c" calledElement="p"/>', names=("c",)), ""),
    "unknown role": (straight(step("a", who="root")), "root"),
    "nobody": (straight('<userTask id="a"/>'), "a"),
    "unknown form": (straight(step("a", who=WHO, form="../x")), "a"),
    "property that means nothing": (straight(person(inner=properties(opinion="never"))), "a"),
    "return to nowhere": (straight(person(inner=properties(return_to="nowhere"))), "a"),
    "no XML": (b"MZ\x90\0", ""),
    "empty": (b"", ""),
    "half": (straight(person())[:300], ""),
    "other encoding": (straight(person()).decode().encode("utf-16"), ""),
    "NUL": (straight(person()).replace(b"begin", b"be\0in"), ""),
    "too large": (straight(person()) + b"<!--" + b"x" * (1 << 20) + b"-->", ""),
    "deep": (b"<a>" * 50_000 + b"</a>" * 50_000, ""),
    "too many steps": (line(*[f"s{number}" for number in range(300)]), ""),
    "the same id twice": (file_of(START, END, person(), person(), path("begin", "a", "finish")),
                          "a"),
    "html": (b"<html><script>alert(1)</script></html>", ""),
}  # fmt: skip


def publish(session: Session, data: bytes, login: str = "city.process.admin") -> Any:
    who = organization.actor(session, organization.person_by_login(session, login).id)
    return routes.submit(session, who, {"p.bpmn": data}, MONDAY)


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial in this process: starting another one takes more than a second."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@pytest.mark.parametrize("name", BAD)
def test_c_a_bad_diagram_is_refused_whole(office: Office, name: str, tmp_path: Path) -> None:
    data, word = BAD[name]
    canary = tmp_path / "canary"
    data = data.replace(b"{canary}", str(canary).encode())
    begun = time.monotonic()
    with unchanged(office.app), office.app.app_context():
        session = db.session()
        with pytest.raises(BadDiagram) as refusal:
            publish(session, data)
        session.rollback()
        db.session.remove()
    assert time.monotonic() - begun < 5
    assert not canary.exists()
    faults = refusal.value.faults
    assert faults
    assert all(is_chinese(fault.message) for fault in faults)
    assert any(word in (fault.element, *[str(fault)]) or word in str(fault) for fault in faults)
    assert "root:" not in str(faults)
    assert status_of(refusal.value) == 422
    assert len(refusal.value.errors) == len(faults)


def test_hostile_diagrams_are_recorded_by_their_code(office: Office) -> None:
    """What the web notes for a refused diagram, whichever page takes it."""
    with office.app.app_context():
        with pytest.raises(BadDiagram) as refusal:
            publish(db.session(), BAD["C1 script task"][0])
        db.session.rollback()
        db.session.remove()
    assert refusal.value.code in RECORDED


def test_c8_it_takes_two(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        who = organization.actor(
            session, organization.person_by_login(session, "city.process.admin").id
        )
        row = publishing.publish(
            session, {"p.bpmn": straight(person())}, who.signature(), MONDAY,
            roles=["drafter"], forms={},
        )  # fmt: skip
        session.commit()
        sha256 = row.sha256
    with unchanged(app), app.app_context():
        session = db.session()
        with pytest.raises(SecondPersonNeeded) as refusal:
            publishing.put_in_force(session, sha256, who.signature(), MONDAY)
        session.rollback()
        db.session.remove()
    assert status_of(refusal.value) == 403


def test_a_file_that_only_looks_like_the_shipped_one(office: Office) -> None:
    """The shipped drawing with one script task more is as bad as any other."""
    text = (ROOT / "processes/incoming.bpmn").read_text(encoding="utf-8")
    more = '<bpmn:scriptTask id="s"><bpmn:script>1</bpmn:script></bpmn:scriptTask></bpmn:process>'
    with unchanged(office.app), office.app.app_context():
        with pytest.raises(BadDiagram) as refusal:
            publish(db.session(), text.replace("</bpmn:process>", more).encode())
        db.session.rollback()
        db.session.remove()
    assert "s" in {fault.element for fault in refusal.value.faults}
    assert steps("a")
