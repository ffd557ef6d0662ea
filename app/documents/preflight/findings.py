"""What a check is and what it finds: a rule, its clause, how much it weighs, how it is answered."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from app.documents.preflight.paper import Paper


class Severity(StrEnum):
    """How much a finding weighs, the lightest first."""

    OFF = "off"
    NOTE = "note"  # shown, and nothing is asked
    WARN = "warn"  # goes on once somebody has written why
    BLOCK = "block"  # goes on when it is mended, or where the clause itself allows an exception

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def weight(self) -> int:
        return list(Severity).index(self)


LABELS = {
    Severity.OFF: "不检查",
    Severity.NOTE: "提示",
    Severity.WARN: "须说明",
    Severity.BLOCK: "必须修改",
}


@dataclass(frozen=True)
class Spot:
    """Where something is wrong: an element by its name in the API, and a sentence."""

    field: str
    sentence: str


Check = Callable[[Paper], Iterator[Spot]]


@dataclass(frozen=True)
class Excuse:
    """What has to be written so that a document may go on as it is.

    wanted  what the words must hold besides; said by ``label``
    """

    label: str
    wanted: re.Pattern[str] = field(default_factory=lambda: re.compile(""))


REASON = Excuse("照此送出的理由")


@dataclass(frozen=True)
class Rule:
    """One check.

    severity   as shipped; a unit may choose another one, never below ``floor``
    exception  what the clause itself accepts in the place of mending
    """

    key: str
    label: str
    clause: str
    severity: Severity
    floor: Severity
    check: Check
    exception: Excuse | None = None

    def excuse(self, severity: Severity) -> Excuse | None:
        """What may be written instead of mending; None where nothing may."""
        if severity is Severity.BLOCK:
            return self.exception
        return (self.exception or REASON) if severity is Severity.WARN else None

    @property
    def choices(self) -> tuple[Severity, ...]:
        """What a unit may choose, the lightest first."""
        return tuple(each for each in Severity if each.weight >= self.floor.weight)


@dataclass(frozen=True)
class Explanation:
    """Why a finding was let pass: it holds for this very sentence and no other.

    at  ISO 8601, UTC
    """

    rule: str
    sentence: str
    text: str
    by: str
    at: str


@dataclass(frozen=True)
class Finding:
    """A rule that the document does not keep; ``explained`` once somebody has said why."""

    rule: Rule
    severity: Severity
    spot: Spot
    explained: Explanation | None = None

    @property
    def excuse(self) -> Excuse | None:
        return self.rule.excuse(self.severity)

    @property
    def stops(self) -> bool:
        """Whether the document cannot go on with it."""
        if self.severity.weight < Severity.WARN.weight:
            return False
        return self.excuse is None or self.explained is None

    @property
    def asks(self) -> bool:
        """Whether it goes on once it is explained."""
        return self.stops and self.excuse is not None
