"""Playing the record again: the state of a case after any of its entries, from the entries alone.

No table is read, so that what is rebuilt can be held against the tables: what both say is proved,
and where they differ somebody has changed a table past the acts. Entries of before the notes
(``noting``) still tell which stays were open; who had them and until when is known from the first
entry with ``after`` on (``Moment.told_from``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar

from app.audit import Entry
from app.handling import noting
from app.handling.replaying.moments import Copy, File, Holder, Mark, Moment, Said, Stay, Stopped

ENDS = {
    "task.completed": "done",
    "task.returned": "returned",
    "task.handed_over": "handed_over",
    "task.consulted": "consulting",
    "task.answered": "done",
}
"""Acts that end the stay they are done at, with an opinion; what becomes of the stay."""

ENDING_WORDS = {
    "task.returned": "退回",
    "task.handed_over": "转办",
    "task.consulted": "征求意见",
}
T = TypeVar("T", Stay, Copy)
MEASURE = "case.intervention_done"
MARKS = {
    "document.signed": "签发",
    "document.approved": "审批通过",
    "document.refused": "审批未通过",
    "document.numbered": "编号",
    "document.sealed": "用印",
    "document.dispatched": "发送",
    "document.marks_taken_back": "签发、用印失效",
    "document.cancelled": "撤销公文",
    "document.closed": "办结",
    "document.returned": "退回来文单位",
    "number.voided": "发文字号作废",
    "signature.made": "数字签名",
    "signature.ended": "签名失效",
    "seal.used": "用印登记",
    "document.scan_entered": "登记扫描件的文号和签发人",
    "paper.handed_in": "登记纸质送审",
}


def rebuild(entries: Iterable[Entry], until: int | None = None) -> Moment:
    """The state after the last of these entries, which are those of one case in order.

    until  number of the last entry that counts; None: all of them
    """
    moment = Moment()
    for entry in entries:
        if until is not None and entry.seq > until:
            break
        take(moment, entry)
    return moment


def take(moment: Moment, entry: Entry) -> None:
    """Let one more entry happen. One that tells of a refusal changes nothing but the time."""
    moment.seq, moment.at, moment.changed = entry.seq, entry.at, frozenset()
    if entry.outcome != "done":
        _faults(moment, entry)
        return
    _names(moment, entry)
    _beginning(moment, entry)
    _stays(moment, entry)
    _opinions(moment, entry)
    _files(moment, entry)
    _marks(moment, entry)
    _measures(moment, entry)
    _faults(moment, entry)
    _after(moment, entry)


def _beginning(moment: Moment, entry: Entry) -> None:
    detail = entry.detail
    if "version" in detail and "content_sha256" in detail:
        moment.version, moment.content_sha256 = detail["version"], detail["content_sha256"]
    if "definition_sha256" in detail:  # begun, or moved to another version and back (迁移)
        moment.process, moment.process_version = detail["process"], detail["process_version"]
        moment.diagram = detail["definition_sha256"]


def _names(moment: Moment, entry: Entry) -> None:
    """Names as they were when somebody acted or got something: later ones do not count."""
    if entry.actor_id is not None:
        moment.names[entry.actor_id] = entry.actor_name
    after = entry.detail.get("after", {})
    for kind in (noting.PEOPLE, noting.AGENTS):
        for people in after.get(kind, {}).values():
            moment.names.update({each["id"]: each["name"] for each in people})
    copies = sorted((int(key), copy) for key, copy in after.get(noting.COPIES, {}).items())
    for (_, copy), name in zip(copies, entry.detail.get("names", ()), strict=False):
        moment.names[copy["reader_id"]] = name


def _stays(moment: Moment, entry: Entry) -> None:
    """What the act says it opened and ended; all that older entries tell of stays."""
    detail, subject = entry.detail, entry.subject
    if "case_state" in detail:
        moment.state = detail["case_state"]
        steps = detail["opened"]
        alike = len(steps) == len(detail["opened_stays"])
        for place, ident in enumerate(detail["opened_stays"]):
            step = steps[place] if alike else ""
            moment.stays.setdefault(ident, Stay(ident, step, arrived_at=entry.at))
        for ident in detail["closed_stays"]:
            _change(moment, ident, state="closed", done_at=entry.at)
    if subject is None or subject[0] != "task":
        return
    if entry.action in ENDS:
        _change(moment, subject[1], state=ENDS[entry.action], done_at=entry.at)
    elif entry.action == MEASURE and detail.get("kind") == "move":
        _change(moment, subject[1], state="closed", done_at=entry.at)
    elif entry.action == "task.opened":
        _change(moment, subject[1], opened_at=entry.at)
    elif entry.action == "task.limit_moved":
        _change(
            moment,
            subject[1],
            due_at=_time(detail["to"]),
            limit_steps=tuple(detail.get("steps", ())),
            limit_provisional=detail["provisional"],
            calendar_version=detail["new_calendar"],
        )


def _change(moment: Moment, ident: int, **values: Any) -> None:
    moment.stays[ident] = replace(moment.stays.get(ident, Stay(ident)), **values)


def _opinions(moment: Moment, entry: Entry) -> None:
    if entry.action not in ENDS or entry.subject is None:
        return
    detail = entry.detail
    label = detail.get("outcome_label") or ENDING_WORDS.get(entry.action, "办结本环节")
    moment.opinions.append(
        Said(
            seq=entry.seq,
            stay=entry.subject[1],
            step_name=detail.get("step_name", ""),
            login=entry.actor_login,
            name=entry.actor_name,
            principal=entry.principal,
            authority=entry.authority,
            outcome_label=label,
            text=detail.get("opinion") or "",
            version=detail["version"],
            at=entry.at,
        )
    )


def _files(moment: Moment, entry: Entry) -> None:
    detail = entry.detail
    if entry.action == "document.detached":
        moment.files.pop(detail["attachment"], None)
    if entry.action == "document.attached":
        moment.files.pop(detail.get("replaces") or 0, None)
        ident = detail["attachment"]
        moment.files[ident] = File(
            ident, detail["name"], detail["sha256"], detail["size"], entry.actor_name, entry.at
        )


def _marks(moment: Moment, entry: Entry) -> None:
    if entry.action in MARKS:
        words = MARKS[entry.action]
        said = _said_of_mark(entry)
        full = f"{words}：{said}" if said else words
        moment.marks.append(Mark(entry.seq, entry.action, full, entry.actor_name, entry.at))


def _said_of_mark(entry: Entry) -> str:
    detail = entry.detail
    if entry.action == "document.signed":
        post, name = detail.get("post") or "", detail.get("signatory") or ""
        return f"{post} {name}".strip()
    if entry.action in ("document.sealed", "seal.used"):
        return str(detail.get("wording") or detail.get("number") or "")
    if entry.action == "signature.made":
        return f"证书 {detail['certificate']}" if detail.get("certificate") else ""
    return str(detail.get("number") or entry.reason or "")


def _measures(moment: Moment, entry: Entry) -> None:
    if entry.action != MEASURE:
        return
    kind = entry.detail.get("kind")
    if kind == "suspend":
        clause = str(entry.detail.get("clause") or "")
        moment.stopped = Stopped(entry.actor_name, entry.reason or "", clause, entry.at)
    elif kind == "resume":
        moment.stopped = None


def _faults(moment: Moment, entry: Entry) -> None:
    """A fault stays until it is repaired or its stay has ended."""
    if entry.action == "incident.raised" and entry.subject is not None:
        moment.faulty.add(entry.subject[1])
    if entry.action in ("incident.repaired", "incident.dismissed") and entry.subject is not None:
        moment.faulty.discard(entry.subject[1])
    if entry.action == "circulation.read" and entry.subject is not None:
        ident = entry.subject[1]
        if ident in moment.copies:
            moment.copies[ident] = replace(moment.copies[ident], read_at=entry.at)


def _after(moment: Moment, entry: Entry) -> None:
    """How things stand after the act, by the act itself; it has the last word."""
    after = entry.detail.get("after")
    if after is None:
        return
    if moment.told_from is None:
        moment.told_from = entry.seq
    for key, facts in after.get(noting.STAYS, {}).items():
        ident = int(key)
        known = moment.stays.get(ident, Stay(ident))
        kept = {"people": known.people, "agents": known.agents}
        steps = tuple(facts.get("limit_steps", known.limit_steps))
        moment.stays[ident] = _made(Stay, facts, id=ident, told=True, limit_steps=steps, **kept)
    for kind in (noting.PEOPLE, noting.AGENTS):
        for key, people in after.get(kind, {}).items():
            _change(moment, int(key), **{kind: tuple(_holder(each) for each in people)})
    for facts in after.get(noting.DOCUMENT, {}).values():
        moment.document = facts
        moment.version, moment.content_sha256 = facts["version"], facts["content_sha256"]
    for facts in after.get(noting.CASE, {}).values():
        moment.case, moment.state = facts, facts["state"]
    for key, facts in after.get(noting.COPIES, {}).items():
        moment.copies[int(key)] = _made(Copy, {"words": "", **facts}, id=int(key))
    for key, facts in after.get(noting.TIMERS, {}).items():
        moment.timers.pop(int(key), None)
        if facts is not None:
            moment.timers[int(key)] = facts
    for facts in after.get(noting.VARIABLES, {}).values():
        _fill_in(moment, noting.filled_in(facts))
    moment.faulty &= moment.open


def _fill_in(moment: Moment, facts: Mapping[str, Any]) -> None:
    names = {*moment.variables, *facts}
    moment.changed = frozenset(
        name for name in names if moment.variables.get(name) != facts.get(name)
    )
    moment.variables = facts


def _holder(said: Mapping[str, Any]) -> Holder:
    return Holder(
        id=said["id"],
        login=said["login"],
        name=said["name"],
        authority=said["authority"],
        reason=said["reason"],
        principal_id=said["principal"],
    )


def _made(kind: type[T], facts: Mapping[str, Any], **more: Any) -> T:
    """A row from its noted columns; times are texts in an entry."""
    times = {each.name for each in fields(kind) if "datetime" in str(each.type)}
    values = {name: _time(said) if name in times else said for name, said in facts.items()}
    return kind(**{**values, **more})


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
