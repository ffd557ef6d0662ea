"""A case at one moment, as its record tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Holder:
    """Who may act at a stay. ``principal_id``: whom he stands in for; ``reason`` says it."""

    id: int
    login: str
    name: str
    authority: str
    reason: str
    principal_id: int | None

    @property
    def words(self) -> str:
        return f"{self.name}（{self.reason.rstrip('。')}）" if self.principal_id else self.name


@dataclass(frozen=True)
class Stay:
    """One stay at one step. Empty texts and None where the record does not tell.

    limit_steps  the arithmetic of the limit in sentences, with its clause
    told  its entry says everything of it; older entries tell only that it opened and ended
    """

    id: int
    step: str = ""
    step_name: str = ""
    state: str = "open"
    kind: str = "step"
    arrived_at: datetime | None = None
    opened_at: datetime | None = None
    due_at: datetime | None = None
    limit_steps: tuple[str, ...] = ()
    limit_provisional: bool = False
    calendar_version: str | None = None
    returned: bool = False
    blocked: str | None = None
    named: str | None = None
    given_by: str = "post"
    done_at: datetime | None = None
    done_by_id: int | None = None
    done_for_id: int | None = None
    outcome_label: str | None = None
    people: tuple[Holder, ...] = ()
    agents: tuple[Holder, ...] = ()
    told: bool = False

    @property
    def open(self) -> bool:
        return self.state == "open"

    @property
    def holders(self) -> tuple[Holder, ...]:
        return (*self.people, *self.agents)


@dataclass(frozen=True)
class Said:
    """An opinion as it was given. ``principal``: login of the person acted for."""

    seq: int
    stay: int
    step_name: str
    login: str
    name: str
    principal: str | None
    authority: str
    outcome_label: str
    text: str
    version: int
    at: datetime


@dataclass(frozen=True)
class File:
    """An attachment in force. ``size`` in bytes; ``by`` is who added it."""

    id: int
    name: str
    sha256: str
    size: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Copy:
    """A reader's copy (传阅, 专送)."""

    id: int
    reader_id: int
    sender_id: int
    kind: str
    words: str
    sent_at: datetime
    read_at: datetime | None = None
    recalled_at: datetime | None = None


@dataclass(frozen=True)
class Mark:
    """Something that was done to the paper: signed, numbered, sealed, sent; and what ended it."""

    seq: int
    action: str
    words: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Stopped:
    """暂停 that is in force: who decided it, why, and what it rests on."""

    by: str
    reason: str
    clause: str
    at: datetime


@dataclass
class Moment:
    """The whole state after the entry ``seq``; 0 is before the first one.

    state      of the case: running, closed, cancelled or suspended; "" before it began
    document   columns of the document that the record tells (``noting.FACTS``)
    version, content_sha256  of the text that lay before whoever acted last
    diagram    sha256 of the definition that the case runs on
    timers     drawn timers that wait: element and time as drawn, by id
    variables  what was filled in and what the gateways read; ``changed``: names that the last
               entry gave another value
    faulty     ids of the stays at which an act has failed (故障)
    told_from  number of the first entry that says how things stand after it; None while none has
    """

    seq: int = 0
    at: datetime | None = None
    state: str = ""
    stays: dict[int, Stay] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    case: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0
    content_sha256: str = ""
    process: str = ""
    process_version: int = 0
    diagram: str = ""
    opinions: list[Said] = field(default_factory=list)
    files: dict[int, File] = field(default_factory=dict)
    copies: dict[int, Copy] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    timers: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    faulty: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    stopped: Stopped | None = None
    told_from: int | None = None

    @property
    def open(self) -> frozenset[int]:
        """Ids of the open stays."""
        return frozenset(stay.id for stay in self.stays.values() if stay.open)

    @property
    def open_stays(self) -> Sequence[Stay]:
        return [stay for _, stay in sorted(self.stays.items()) if stay.open]

    @property
    def opinion_stays(self) -> frozenset[int]:
        """Ids of the stays at which somebody has given his opinion."""
        return frozenset(said.stay for said in self.opinions)
