"""The record of a case as a list to read: kinds, what is out of the ordinary, clauses, filters."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import audit, rules
from app.audit import Entry
from app.handling.models import Case
from app.handling.replaying.drawings import Turn, turn_at
from app.handling.replaying.moments import Moment
from app.handling.views import history
from app.rules import Rule

KINDS = {"self": "本人", "agent": "代办", "rule": "自动（规则）", "administrator": "管理员"}
UNUSUAL = {
    "back": "退回",
    "withdrawn": "撤回",
    "jump": "跳转",
    "version": "换版本",
    "late": "超时",
    "refused": "拒绝",
    "fault": "故障",
}
SIGNS = {
    "back": "↺",
    "withdrawn": "↶",
    "jump": "⇥",
    "version": "⇄",
    "late": "■",
    "refused": "✕",
    "fault": "⚠",
    "agent": "代",
    "rule": "⚙",
    "administrator": "管",
    "self": "●",
}
"""What stands beside a record: shape and word tell kinds apart, colour only helps."""

BACK = {"task.returned", "document.returned", "document.marks_taken_back", "document.refused"}
TAKEN = {"task.withdrawn", "circulation.recalled", "case.unsealed", "task.signer_removed"}
VERSION = {"case.migrated", "case.migration_undone"}
LATE = {"task.overdue", "supervision.overdue", "receipt_check.overdue", "checkin.missed"}
FAULT = {"incident.raised", "incident.dismissed", "case.blocked", "task.sending_failed"}
OF_CASE = re.compile(r"/(tasks|cases|documents)/(\d{1,12})(?![\d])")


@dataclass(frozen=True)
class Record:
    """One entry of the list. ``unusual``: keys of ``UNUSUAL``; ``clauses``: what it carries out."""

    line: history.Line
    unusual: tuple[str, ...]
    clauses: tuple[Rule, ...]

    @property
    def seq(self) -> int:
        return self.line.entry.seq

    @property
    def kind(self) -> str:
        return self.line.kind

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def sign(self) -> str:
        return SIGNS[self.unusual[0] if self.unusual else self.kind]

    @property
    def look(self) -> str:
        """What it looks like: the key of its sign."""
        return self.unusual[0] if self.unusual else self.kind

    @property
    def person(self) -> str:
        return self.line.entry.actor_name

    @property
    def unusual_words(self) -> str:
        return "、".join(UNUSUAL[each] for each in self.unusual)


@dataclass(frozen=True)
class Filter:
    """What of the list is shown; "" for all."""

    kind: str = ""
    person: str = ""
    step: str = ""
    unusual: str = ""

    def fits(self, record: Record) -> bool:
        return (
            self.kind in ("", record.kind)
            and self.person in ("", record.person)
            and self.step in ("", record.line.step_name)
            and self._fits_unusual(record)
        )

    def _fits_unusual(self, record: Record) -> bool:
        if self.unusual == "any":
            return bool(record.unusual)
        return not self.unusual or self.unusual in record.unusual


def records(session: Session, case: Case, moment: Moment, turns: Sequence[Turn]) -> list[Record]:
    """The whole list in order, refusals that concern the case among it.

    moment  the state after the last entry
    turns   the diagrams of the case: each record is read with the one of its time
    """
    lines = history.lines(session, case)
    refused = _refusals(session, case, moment, lines)
    found = [_record(line, turns) for line in (*lines, *refused)]
    return sorted(found, key=lambda each: each.seq)


def _record(line: history.Line, turns: Sequence[Turn]) -> Record:
    entry = line.entry
    turn = turn_at(turns, entry.seq)
    route = turn.route if turn else None
    texts = [entry.authority if line.kind == "rule" else None, entry.reason, line.clause]
    if route is not None and entry.step and entry.step in route.by_id:
        texts.append(route.step(entry.step).properties.get("rule"))
    return Record(line, tuple(_unusual(entry)), tuple(rules.named_in(*texts)))


def _unusual(entry: Entry) -> Iterable[str]:
    if entry.action in BACK:
        yield "back"
    if entry.action in TAKEN:
        yield "withdrawn"
    if entry.action == "case.intervention_done" and entry.detail.get("kind") == "move":
        yield "jump"
    if entry.action in VERSION:
        yield "version"
    if entry.action in LATE:
        yield "late"
    if entry.outcome == "refused":
        yield "refused"
    if entry.action in FAULT or entry.outcome == "failed":
        yield "fault"


def _refusals(
    session: Session, case: Case, moment: Moment, lines: Sequence[history.Line]
) -> list[history.Line]:
    """What was asked of this case and refused; such an entry names the address, not the case."""
    if not lines:
        return []
    wanted = {("cases", case.id), ("documents", case.document_id)}
    wanted |= {("tasks", ident) for ident in moment.stays}
    found = audit.refused(session, since=lines[0].entry.seq)
    return [history.line(each) for each in found if _concerns(each, wanted)]


def _concerns(entry: Entry, wanted: set[tuple[str, int]]) -> bool:
    path = str(entry.detail.get("path", ""))
    return any((what, int(ident)) in wanted for what, ident in OF_CASE.findall(path))


def people(found: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(each.person for each in found))


def steps(found: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(each.line.step_name for each in found if each.line.step_name))
