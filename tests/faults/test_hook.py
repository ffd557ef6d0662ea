"""The hook itself: its steps are in the code and nowhere else, and no office starts with it."""

import errno
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import ROOT, faults
from app.config import Config, UnsafeSettings
from app.faults import Fault, FaultRaised

REACHED = re.compile(r'faults\.reach\("([a-z-]+)"\)')


@pytest.fixture(autouse=True)
def disarmed() -> object:
    yield
    faults.arm(None)


def test_every_named_step_is_in_the_code_and_the_other_way_round() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
    assert {step for source in sources for step in REACHED.findall(source)} == set(faults.STEPS)


def test_every_named_step_is_in_the_manual() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert [step for step in faults.STEPS if f"`{step}`" not in text] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("before-commit:kill", Fault("before-commit", "kill")),
        ("after-load:wait=0.5", Fault("after-load", "wait", 0.5)),
        ("sweep-taken:stop:3", Fault("sweep-taken", "stop", nth=3)),
    ],
)
def test_a_fault_is_read(text: str, fault: Fault) -> None:
    assert faults.read(text) == fault


@pytest.mark.parametrize(
    "text",
    ["before-commit", "nowhere:kill", "after-load:burn", "after-load:wait", "after-load:kill=2"],
)
def test_what_cannot_be_read_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="GONGWEN_FAULT"):
        faults.arm(text)


def test_without_the_hook_nothing_happens() -> None:
    faults.arm(None)
    for step in faults.STEPS:
        faults.reach(step)


def test_a_fault_strikes_at_its_step_every_time_or_the_nth_time_only() -> None:
    faults.arm("after-load:raise")
    faults.reach("before-commit")
    for _ in range(2):
        with pytest.raises(FaultRaised):
            faults.reach("after-load")
    faults.arm("after-load:enospc:2")
    faults.reach("after-load")
    with pytest.raises(OSError, match="No space") as full:
        faults.reach("after-load")
    assert full.value.errno == errno.ENOSPC
    faults.reach("after-load")


def test_kill_leaves_no_time_for_anything() -> None:
    program = (
        "from app import faults\n"
        "faults.arm('after-load:kill')\n"
        "try:\n    faults.reach('after-load')\nfinally:\n    print('still here')"
    )
    ended = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (-9, b"")


def test_an_office_does_not_start_with_the_hook(tmp_path: Path) -> None:
    environment = {
        "GONGWEN_DATA": str(tmp_path),
        "GONGWEN_DEMO": "0",
        "GONGWEN_FAULT": "before-commit:kill",
    }
    with pytest.raises(UnsafeSettings, match="GONGWEN_FAULT"):
        Config.from_environment(environment).check()
    Config.from_environment({**environment, "GONGWEN_FAULT": ""}).check()
    Config.from_environment({**environment, "GONGWEN_DEMO": "1"}).check()
