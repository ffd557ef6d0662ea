"""回放 for auditors: a case at a moment, two moments compared, and whether its record holds."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, clock, rules
from app.audit import Entry
from app.deadlines import Calendars, WorkCalendar
from app.deadlines.lamps import Lamp, lamp
from app.documents import kinds
from app.documents.models import Document
from app.errors import Conflict, NotAllowed, NotFound
from app.handling.models import CASE_STATES, Case
from app.handling.replaying import drawings, records, texts
from app.handling.replaying.filled import Filled, filled
from app.handling.replaying.moments import Moment, Stay
from app.handling.replaying.rebuilding import rebuild
from app.handling.replaying.records import Record
from app.organization import Actor, roles
from app.rules import Rule
from app.workflow.definitions import Definition

log = logging.getLogger(__name__)
NEWEST = 100


@dataclass(frozen=True)
class Place:
    """An open stay as it was seen then; ``clauses``: what step and limit carry out."""

    stay: Stay
    lamp: Lamp
    faulty: bool
    clauses: tuple[Rule, ...]


@dataclass(frozen=True)
class View:
    """One moment as pages show it. ``place``: which record of how many, from 1.

    turn  the diagram that the case ran on then; None before it began
    """

    moment: Moment
    turn: drawings.Turn | None
    record: Record
    place: int
    places: tuple[Place, ...]
    tokens: tuple[drawings.Token, ...]
    filled: tuple[Filled, ...]
    text: texts.Text | None

    @property
    def at(self) -> datetime:
        return self.record.line.entry.at

    @property
    def state(self) -> str:
        return CASE_STATES.get(self.moment.state, "尚未发起")

    @property
    def diagram_proved(self) -> bool:
        """The diagram of then has the hash that the record names."""
        return self.turn is None or self.turn.proved

    @property
    def document_state(self) -> str:
        return kinds.STATES.get(str(self.moment.document.get("state", "")), "")


@dataclass(frozen=True)
class Replay:
    """The whole record of a case, opened for an auditor.

    turns  the diagrams that it ran on, one after the other
    proof  the entries of the case recomputed
    calendars  the working calendar of its unit at each moment, by which 临近 was told
    """

    case: Case
    entries: Sequence[Entry]
    records: Sequence[Record]
    last: Moment
    turns: Sequence[drawings.Turn]
    proof: audit.Verification
    checked_at: datetime
    calendars: Calendars

    @property
    def told_from(self) -> int | None:
        """Number of the record before which holders and limits are not known; None: all are."""
        began = next((each.seq for each in self.entries if each.action == "case.started"), 0)
        first = self.last.told_from
        return first if first is None or first > began else None

    @property
    def silent(self) -> bool:
        """The whole record is of before the notes: it tells of steps alone."""
        return self.last.told_from is None


@dataclass(frozen=True)
class Change:
    """One line of a comparison of two moments, in words."""

    label: str
    before: str
    after: str


def ensure_may_look(session: Session, actor: Actor, case_id: int) -> Case:
    """Raises NotAllowed for anybody but an auditor, NotFound where there is no such case."""
    _ensure_auditor(actor)
    case = session.get(Case, case_id) if case_id < 2**63 else None
    if case is None:
        raise NotFound("没有这个编号的件。编号是数字，见记录或者办件页的地址。")
    return case


def newest(session: Session, actor: Actor) -> Sequence[sa.Row[Case, Document]]:
    """The cases that began last, each with its document. Raises NotAllowed."""
    _ensure_auditor(actor)
    query = sa.select(Case, Document).join(Document, Document.id == Case.document_id)
    return session.execute(query.order_by(Case.id.desc()).limit(NEWEST)).all()


def _ensure_auditor(actor: Actor) -> None:
    if not actor.holds(roles.AUDITOR):
        raise NotAllowed("办理过程由安全审计员回放，请联系安全审计员。")


def open_case(session: Session, actor: Actor, case_id: int) -> Replay:
    """Raises as :func:`ensure_may_look`; Conflict where the record was deleted or spoilt."""
    case = ensure_may_look(session, actor, case_id)
    try:
        entries = audit.case_entries(session, case.id, case.document_id)
        last = rebuild(entries)
        turns = drawings.turns(session, entries)
        listed = records.records(session, case, last, turns)
    except texts.UNREADABLE:
        log.exception("the record of case %s cannot be read", case.id)
        raise Conflict("此件的记录被破坏，读不出来，不能回放。请先核验整条记录。") from None
    if not listed:
        raise Conflict("此件在记录里一条也没有，不能回放。请先核验整条记录。")
    return Replay(
        case=case,
        entries=entries,
        records=listed,
        last=last,
        turns=turns,
        proof=audit.verify_case(session, case.id, case.document_id),
        checked_at=clock.now(session),
        calendars=Calendars(session),
    )


def view(session: Session, replay: Replay, seq: int | None = None, since: int = 1) -> View:
    """The case after a record; without a number after the last one.

    since  version from which changes of the text are marked
    Raises NotFound for a number that is no record of this case.
    """
    wanted = replay.records[-1].seq if seq is None else seq
    place = next((n for n, each in enumerate(replay.records) if each.seq == wanted), None)
    if place is None:
        raise NotFound("此件没有这一条记录，请从记录列表中选择。")
    record = replay.records[place]
    moment = rebuild(replay.entries, wanted)
    turn = drawings.turn_at(replay.turns, wanted)
    route = turn.route if turn else None
    _name_steps(moment, route)
    at = record.line.entry.at
    return View(
        moment=moment,
        turn=turn,
        record=record,
        place=place + 1,
        places=tuple(_places(replay.calendars.at(replay.case.unit_id, at), route, moment, at)),
        tokens=tuple(drawings.tokens(moment, at)),
        filled=filled(moment, route),
        text=texts.text_at(
            session, replay.case.document_id, moment.version, moment.content_sha256, since
        ),
    )


def _name_steps(moment: Moment, route: Definition | None) -> None:
    """Older entries name a step by its id alone; the diagram has its name."""
    for ident, stay in moment.stays.items():
        if route is not None and not stay.step_name and stay.step in route.by_id:
            moment.stays[ident] = replace(stay, step_name=route.step(stay.step).name)


def _places(
    calendar: WorkCalendar, route: Definition | None, moment: Moment, at: datetime
) -> Iterator[Place]:
    for stay in moment.open_stays:
        shown = lamp(
            stay.due_at,
            at,
            calendar,
            stay.arrived_at or at,
            suspended=moment.state == "suspended",
            steps=stay.limit_steps,
            provisional=stay.limit_provisional,
        )
        named = tuple(rules.named_in(_rule(route, stay), *stay.limit_steps))
        yield Place(stay, shown, stay.id in moment.faulty, named)


def _rule(route: Definition | None, stay: Stay) -> str | None:
    if route is None or stay.step not in route.by_id:
        return None
    return route.step(stay.step).properties.get("rule")


def compare(one: View, other: View) -> list[Change]:
    """What is different at the later one of two moments."""
    before, after = sorted((one, other), key=lambda each: each.place)
    pairs = zip(_lines(before), _lines(after), strict=True)
    return [
        Change(label, old or "无", new or "无") for (label, old), (_, new) in pairs if old != new
    ]


def _lines(seen: View) -> list[tuple[str, str]]:
    moment = seen.moment
    files = "、".join(each.name for _, each in sorted(moment.files.items()))
    copies = [moment.names.get(each.reader_id, "") for each in moment.copies.values()]
    fields = dict(seen.text.fields) if seen.text else {}
    return [
        ("件的状态", seen.state),
        ("公文状态", seen.document_state),
        ("在办环节", "；".join(_place_words(each) for each in seen.places)),
        ("标题", fields.get("标题", "")),
        ("主送机关", fields.get("主送机关", "")),
        ("正文", f"第 {moment.version} 版" if moment.version else ""),
        ("发文字号", str(moment.document.get("number") or "")),
        ("签发人", str(moment.document.get("signatory") or "")),
        ("意见", f"{len(moment.opinions)} 条"),
        ("附件", files),
        ("传阅", "、".join(copies)),
        ("签发、编号、用印、发送", "；".join(each.words for each in moment.marks)),
        ("填写内容", "；".join(f"{each.label}：{each.words}" for each in seen.filled)),
        ("定时器", "、".join(str(each["element"]) for each in moment.timers.values())),
    ]


def _place_words(place: Place) -> str:
    people = "、".join(each.words for each in place.stay.holders) or "办理人未记录"
    limit = place.lamp.text if place.stay.told else "时限未记录"
    return f"{place.stay.step_name or place.stay.step}（{people}，{limit}）"
