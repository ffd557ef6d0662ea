"""What came of a scenario: lines to read, and the same in plain values to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.clock import SHANGHAI

Stamp = tuple[int, datetime]
"""Which saved test, and when it was saved: another content is another stamp."""


@dataclass(frozen=True)
class Outcome:
    """What became of one saved test; ``said`` is empty when it came out as expected."""

    id: int
    name: str
    saved_at: datetime
    said: tuple[str, ...]

    @property
    def stamp(self) -> Stamp:
        return self.id, self.saved_at


@dataclass(frozen=True)
class Opened:
    """A stay that would open.

    people   (login, name) of all who would get it; agents as (login, name, for whom)
    away     names of those who would be away then
    sums     the arithmetic of the limit
    problem  why nobody could act there
    outcomes (key, label) of its ways out
    """

    token: str
    step: str
    name: str
    arrived_at: datetime
    people: Sequence[tuple[str, str]]
    agents: Sequence[tuple[str, str, str]] = ()
    away: Sequence[str] = ()
    due_at: datetime | None = None
    sums: Sequence[str] = ()
    problem: str = ""
    outcomes: Sequence[tuple[str, str]] = ()

    def plain(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "name": self.name,
            "people": [login for login, _ in self.people],
            "agents": [login for login, _, _ in self.agents],
            "due": self.due_at.isoformat() if self.due_at else None,
            "stopped": bool(self.problem),
        }


@dataclass
class Line:
    """One deed, or a timer that ran out.

    refused  why the system would not let it happen; then nothing else came of it
    skipped  (step, name, why) of steps that a rule passes by
    written  what the system would write on the way: signatory, number, seal, dispatch
    """

    at: datetime
    step: str
    name: str
    person: str = ""
    said: str = ""
    refused: str = ""
    late: bool = False
    opened: list[Opened] = field(default_factory=list)
    skipped: list[tuple[str, str, str]] = field(default_factory=list)
    written: list[tuple[str, str]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "name": self.name,
            "refused": bool(self.refused),
            "late": self.late,
            "skipped": [step for step, _, _ in self.skipped],
            "written": [topic for topic, _ in self.written],
            "opened": [each.plain() for each in self.opened],
        }


@dataclass
class Result:
    """All lines, what is open after the last one, and whether the case is over."""

    lines: list[Line] = field(default_factory=list)
    open: list[Opened] = field(default_factory=list)
    finished: bool = False

    def plain(self) -> dict[str, Any]:
        """What a test compares."""
        return {"finished": self.finished, "lines": [each.plain() for each in self.lines]}


WORDS = {
    "refused": "是否被拒绝",
    "late": "是否超时",
    "skipped": "跳过的环节",
    "written": "系统自动办理",
    "people": "办理人",
    "agents": "代办人",
    "due": "时限",
    "stopped": "是否停下",
    "step": "环节",
}


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """In sentences; [] when it came out as expected."""
    said: list[str] = []
    before, after = expected.get("lines", []), found["lines"]
    for number, (one, two) in enumerate(zip(before, after, strict=False), 1):
        said += [f"第 {number} 步：{each}" for each in _of_line(one, two)]
    if len(before) != len(after):
        said.append(f"应有 {len(before)} 步，实有 {len(after)} 步")
    if expected.get("finished") != found["finished"]:
        said.append("应办结而没有办结" if expected.get("finished") else "不应办结而办结了")
    return said


def _of_line(one: dict[str, Any], two: dict[str, Any]) -> list[str]:
    keys = ("step", "refused", "late", "skipped", "written")
    said = [_said(key, one.get(key), two[key]) for key in keys if one.get(key) != two[key]]
    before, after = one.get("opened", []), two["opened"]
    if [each["step"] for each in before] != [each["step"] for each in after]:
        return [*said, f"应到“{_names(before)}”，实到“{_names(after)}”"]
    for left, right in zip(before, after, strict=True):
        said += [
            f"“{right['name']}”的{_said(key, left.get(key), right[key])}"
            for key in ("people", "agents", "due", "stopped")
            if left.get(key) != right[key]
        ]
    return said


def _said(key: str, one: Any, two: Any) -> str:
    words = _moment if key == "due" else _words
    return f"{WORDS[key]}应为“{words(one)}”，实为“{words(two)}”"


def _names(opened: Sequence[dict[str, Any]]) -> str:
    return "、".join(str(each.get("name") or each["step"]) for each in opened) or "无"


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "无" if value is None else str(value)


def _moment(value: Any) -> str:
    """A test of an older program may hold anything in its place."""
    try:
        return f"{datetime.fromisoformat(value).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    except (TypeError, ValueError):
        return _words(value)
