"""A hundred wrong or hostile files: each refused within two seconds, with what to do about it.

And whatever else comes, for a bounded time: nothing of it runs, hangs, or brings a fault of ours.
"""

import builtins
import os
import random
import socket
import string
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app import ROOT
from app.workflow import expressions, forms
from app.workflow.checks import check
from app.workflow.errors import Fault
from app.workflow.expressions import ExpressionError

from .drawing import END, START, file_of, flow, path, steps
from .test_checks import CASES, FORMS, ROLES, VARIABLES
from .test_reading import BYTES, ELEMENTS

SECONDS = 2.0
BOUND = 60.0 if os.environ.get("GONGWEN_LONG") else 4.0
WRONG: dict[str, bytes] = {
    **{f"drawn: {name}": file_of(*parts) for name, (parts, _, _) in CASES.items()},
    **{f"bytes: {name}": data for name, data in BYTES.items()},
    **{
        f"element: {name}": file_of(
            START, END, steps("a"), path("begin", "a", "finish"), "\n", text
        )
        for name, (text, _) in ELEMENTS.items()
    },
}
ATTACKS = (
    "__import__('os').system('touch /tmp/x')",
    "().__class__.__base__.__subclasses__()",
    "open('/etc/passwd').read() == 'x'",
    "[x for x in (1,)] == [1]",
    "(lambda: 1)() == 1",
    "urgency.__class__ == 'x'",
    "f'{urgency}' == 'x'",
    "9 ** 9 ** 9 > 1",
    "urgency if urgency else direction",
    "(urgency := 'x') == 'x'",
    "exec('1') == None",
    "'a' * 1000000000 == 'a'",
)


def checked(data: bytes) -> list[Fault]:
    return check({"p.bpmn": data}, ROLES, FORMS, variables=VARIABLES)


@pytest.fixture(autouse=True)
def _nothing_runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file, a process or an address that is opened while a drawing is read fails the test."""

    def never(*_given: Any, **_more: Any) -> Any:
        pytest.fail("something was opened or run")

    monkeypatch.setattr(os, "system", never)
    monkeypatch.setattr(subprocess, "Popen", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", never)
        yield


def test_there_are_more_than_forty() -> None:
    assert len(WRONG) + len(ATTACKS) >= 100


@pytest.mark.parametrize("name", WRONG)
def test_each_is_refused_in_time_with_what_to_do(name: str) -> None:
    begun = time.perf_counter()
    found = checked(WRONG[name])
    assert time.perf_counter() - begun < SECONDS
    assert found
    assert all(fault.reason and fault.mend for fault in found), found


@pytest.mark.parametrize("text", ATTACKS)
def test_no_expression_runs(text: str) -> None:
    drawn = file_of(
        START, END, steps("a", "b"), '<exclusiveGateway id="x" default="f_x_finish"/>',
        path("begin", "a", "x", "finish"), flow("x", "b", text), flow("b", "finish"),
    )  # fmt: skip
    assert any(fault.element in ("x", "f_x_b") for fault in checked(drawn))


def test_whatever_bytes_come() -> None:
    """Shipped drawings with bytes changed, cut, doubled or swapped."""
    shipped = _SHIPPED["bpmn"]
    chance = random.Random(7)  # noqa: S311  (tries, no secret)
    until, tried = time.monotonic() + BOUND, 0
    while time.monotonic() < until:
        begun = time.perf_counter()
        found = checked(_mangled(chance, chance.choice(shipped)))
        assert all(isinstance(fault, Fault) for fault in found)
        assert time.perf_counter() - begun < 3 * SECONDS
        tried += 1
    assert tried > 5


def test_whatever_expression_comes() -> None:
    chance = random.Random(8)  # noqa: S311  (tries, no secret)
    pieces = [*string.printable, "and", "or", "not", "in", "is", "None", "==", "urgency", "'x'"]
    pieces += ["(", ")", "[", "]", "__class__", "lambda", "import", "\u202e", "９", "名"]
    until, refused = time.monotonic() + BOUND / 2, 0
    while time.monotonic() < until:
        text = " ".join(chance.choice(pieces) for _ in range(chance.randint(1, 12)))
        try:
            compiled = expressions.condition(text)
        except ExpressionError:
            refused += 1
            continue
        assert all(expressions.NAME.match(name) for name in compiled.names)
    assert refused > 100


def test_whatever_form_comes() -> None:
    shipped = _SHIPPED["form"]
    chance = random.Random(9)  # noqa: S311  (tries, no secret)
    until = time.monotonic() + BOUND / 2
    while time.monotonic() < until:
        form, found = forms.read("x.form", _mangled(chance, chance.choice(shipped)))
        assert form is not None or found


def _mangled(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randint(1, 6)):
        place, length = chance.randrange(len(data) + 1), chance.randint(1, 40)
        piece = chance.choice((
            b"", bytes(chance.choices(range(256), k=length)), data[place : place + length] * 2,
            b"<", b"&", b'"', "\u202e".encode(), b"${", b"<!--", b"<![CDATA[",
        ))  # fmt: skip
        data = data[:place] + piece + data[place + chance.choice((0, length)) :]
    return data


_SHIPPED = {
    suffix: [path.read_bytes() for path in sorted((ROOT / folder).glob(f"*.{suffix}"))]
    for folder, suffix in (("processes", "bpmn"), ("forms", "form"))
}
