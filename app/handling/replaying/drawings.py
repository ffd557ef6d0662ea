"""The diagram version of a moment and where its tokens stand, from the stays of the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit import Entry
from app.handling.replaying.moments import Moment, Stay
from app.workflow.definitions import Definition, digest
from app.workflow.errors import WorkflowError
from app.workflow.loading import definition

WORDS = {
    "present": "在办",
    "overdue": "在办，超时",
    "suspended": "暂停",
    "done": "已办",
    "skipped": "按规则跳过",
    "returned": "退回过",
    "waiting": "等候定时器",
}


@dataclass(frozen=True)
class Token:
    """Where one element stands.

    state   one of ``WORDS``, of its latest stay
    passes  how often the case has come by
    people  who has it, or who ended it last
    """

    step: str
    name: str
    state: str
    passes: int
    people: tuple[str, ...]
    at: datetime | None

    @property
    def words(self) -> str:
        return WORDS[self.state]


@dataclass(frozen=True)
class Turn:
    """From the record ``since`` on the case ran on this version, until the next turn.

    route  None where it is no longer there, or cannot be read
    """

    since: int
    sha256: str
    version: int
    route: Definition | None

    @property
    def proved(self) -> bool:
        """Whether the files still have the hash under which the record names them."""
        found = self.route
        return found is not None and digest(found.process_id, found.files) == self.sha256


def turns(session: Session, entries: Iterable[Entry]) -> tuple[Turn, ...]:
    """Every version that the record names, in order; a case that was moved has several."""
    return tuple(
        Turn(
            each.seq,
            each.detail["definition_sha256"],
            each.detail["process_version"],
            _route(session, each.detail["definition_sha256"]),
        )
        for each in entries
        if each.outcome == "done" and "definition_sha256" in each.detail
    )


def turn_at(found: Sequence[Turn], seq: int) -> Turn | None:
    """The one that a record falls into; None before the case began."""
    return next((each for each in reversed(found) if each.since <= seq), None)


def _route(session: Session, sha256: str) -> Definition | None:
    try:
        return definition(session, sha256)
    except (WorkflowError, ValueError):  # deleted, or spoilt past the acts
        return None


def tokens(moment: Moment, at: datetime) -> list[Token]:
    """One per step that was ever open, by its latest stay, and one per drawn timer that waits."""
    found: dict[str, Token] = {}
    for _, stay in sorted(moment.stays.items()):
        before = found.get(stay.step)
        if before and stay.state == "removed":
            continue  # who was let off says nothing of how far the others are
        found[stay.step] = Token(
            stay.step,
            stay.step_name or stay.step,
            _state(moment, stay, at),
            before.passes + 1 if before else 1,
            _people(moment, stay),
            stay.done_at or stay.arrived_at,
        )
    for timer in moment.timers.values():
        element = str(timer["element"])
        found.setdefault(element, Token(element, "定时器", "waiting", 1, (), None))
    return list(found.values())


def _state(moment: Moment, stay: Stay, at: datetime) -> str:
    if not stay.open:
        return stay.state if stay.state in ("done", "skipped") else "returned"
    if moment.state == "suspended":
        return "suspended"
    return "overdue" if stay.due_at is not None and stay.due_at < at else "present"


def _people(moment: Moment, stay: Stay) -> tuple[str, ...]:
    if stay.open:
        return tuple(each.words for each in stay.holders)
    said = [each for each in moment.opinions if each.stay == stay.id]
    if said:
        return (said[-1].name,)
    name = moment.names.get(stay.done_by_id or 0)
    return (name,) if name else ()
