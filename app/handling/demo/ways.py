"""The usual ways along the shipped routes, as acts; stories vary them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.handling.demo.acts import Act, Attach, Do, Draft, Open, Register

Acts = tuple[Act, ...]
Step = tuple[str, str]
"""A step and the post that acts there."""


@dataclass(frozen=True)
class Team:
    """Who drafts, who reviews in the department, and which leader is in charge of it."""

    drafter: str
    head: str
    leader: str


ENGINEERING = Team("drafter", "dept.head", "leader")
BY_THE_HEAD = Team("dept.head", "dept.deputy", "leader")
"""A head drafts, so another one reviews (OUT-04)."""
FINANCE = Team("sole.head", "sole.head", "leader2")
"""The only head drafts and reviews his own draft (OUT-05)."""
OFFICE = Team("secretary", "office.head", "leader")


def steps(direction: str, team: Team) -> tuple[Step, ...]:
    """The steps of the outgoing route without countersigning."""
    first = (("draft", team.drafter), ("dept_review", team.head), ("office_check", "office.head"))
    sign_off: tuple[Step, ...] = (("leader_sign", team.leader),)
    if direction == "upward":
        sign_off = (("leader_review", team.leader), ("unit_head_sign", "unit.head"))
    last = (
        ("register_number", "printing"),
        ("seal", "seal.keeper"),
        ("final_check_dispatch", "secretary"),
    )
    return (*first, *sign_off, *last)


def drafted(
    direction: str, text: str, team: Team = ENGINEERING, *, until: str | None = None
) -> Acts:
    """From the draft up to, not including, a step; dispatched without one."""
    return (Draft(team.drafter, text), *on(direction, team, until=until))


def on(
    direction: str, team: Team = ENGINEERING, *, since: str = "draft", until: str | None = None
) -> Acts:
    """Along the route from one step up to, not including, another one."""
    return walk(_between(steps(direction, team), since, until))


def received(
    text: str,
    *readers: str,
    until: str | None = None,
    handler: str = "drafter",
    scan: bool = False,
) -> Acts:
    """A received document up to, not including, a step; closed without one.

    readers  in the order in which they read; with ``until="leader_read"`` none has read yet
    handler  whom the secretary chooses, and so the department
    scan     the paper itself is attached
    """
    reading = tuple(("leader_read", reader) for reader in readers)
    way: tuple[Step, ...] = (
        ("register", "secretary"),
        ("propose", "office.head"),
        ("distribute", "secretary"),
        *reading,
        ("collect", "secretary"),
        ("handle", handler),
        ("close", "secretary"),
    )
    filled: Mapping[str, Mapping[str, Any]] = {
        "distribute": {"next": readers},
        "collect": {"outcome": "to_handle", "next": (handler,)},
    }
    begun: Acts = (Register("secretary", text),)
    if scan:
        begun = (*begun, Attach("secretary", "来文原件.pdf"))
    return (*begun, *walk(_between(way, "register", until), filled))


def walk(way: Sequence[Step], filled: Mapping[str, Mapping[str, Any]] | None = None) -> Acts:
    """Everybody opens what came and ends it; whoever begins need not open anything.

    filled  keywords of the act by step
    """
    found: list[Act] = []
    for step, person in way:
        if step not in ("draft", "register"):
            found.append(Open(step, person))
        found.append(Do(step, person, **(filled or {}).get(step, {})))
    return tuple(found)


def countersigned_by(mode: str, *signers: str, opinion: str | None = None) -> Acts:
    """The office head asks for countersigning."""
    fields = {"countersigners": list(signers), "countersign_mode": mode}
    return (
        Open("office_check", "office.head"),
        Do("office_check", "office.head", opinion, fields=fields),
    )


def _between(way: Sequence[Step], since: str, until: str | None) -> Sequence[Step]:
    names = [step for step, _ in way]
    end = len(names) if until is None else names.index(until)
    return way[names.index(since) : end]
