"""移交: a list goes to the archivist, who accepts it or returns it, in whole or line by line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import remarks
from app.handling.act import Act, hold_cases
from app.handling.filing import finished, references, rights
from app.handling.filing.filing import ensure_with_department
from app.handling.filing.models import STATES, ArchiveItem, ArchiveTransfer, TransferLine
from app.handling.recording import record_act
from app.handling.stays.notices import tell
from app.organization import Actor, Person
from app.organization.models import Department

MOST = 200
"""Items of one list."""


@dataclass(frozen=True)
class Held:
    """A list under its lock, with its lines, items and their cases, in the order of the cases."""

    transfer: ArchiveTransfer
    lines: Sequence[tuple[TransferLine, ArchiveItem, Act]]

    @property
    def act(self) -> Act:
        return self.lines[0][2]


def propose(
    session: Session, actor: Actor, item_ids: Collection[int], note: str = ""
) -> ArchiveTransfer:
    """Make a list of filed items of one department (ARC-15).

    Raises NotFound, NotAllowed for who may not file for that department, Conflict for what is on
    another list, with the archive or under way (ARC-47), Invalid at ``items`` or ``note``.
    """
    items = _items(session, item_ids)
    department = session.get_one(Department, items[0].department_id)
    acts = hold_cases(session, actor, [each.case_id for each in items])
    rights.ensure_may_file(actor, items[0].unit_id, department.id, department.name)
    if {each.department_id for each in items} != {department.id}:
        raise Invalid.at("items", "一份移交清单只列一个部门的档案件，请分部门移交。")
    written = remarks.read("note", "移交说明", note, remarks.SHORT)
    items = _items(session, item_ids)  # read anew: now nobody else changes them
    ensure_with_department(session, items)
    for act in acts:
        finished.ensure_finished(act)
    transfer = _opened(acts[0], items[0], written)
    for act, each in zip(acts, items, strict=True):
        session.add(
            TransferLine(transfer_id=transfer.id, item_id=each.id, retention=each.retention)
        )
        _record(act, "archive.proposed", transfer, each, reason=written or None)
    session.flush()
    return transfer


def withdraw(session: Session, actor: Actor, transfer_id: int) -> ArchiveTransfer:
    """Its maker takes the list back while it waits; the items are with the department again."""
    held = _held(session, actor, transfer_id)
    if held.transfer.made_by_id != actor.person_id:
        maker = session.get_one(Person, held.transfer.made_by_id).name
        raise NotAllowed(f"移交清单由移交人{maker}撤回，请与其联系。")
    _ensure_waiting(session, held.transfer)
    _decide(held, "withdrawn")
    for line, item, act in held.lines:
        line.result = "withdrawn"
        _record(act, "archive.withdrawn", held.transfer, item)
    session.flush()
    return held.transfer


def accept(
    session: Session, actor: Actor, transfer_id: int, returned: Mapping[int, str] | None = None
) -> ArchiveTransfer:
    """The archive takes over: each item gets its 档号, and is answered for here (REC-07, ARC-16).

    returned  ids of items that go back to the department, each with the reason
    Raises NotFound, NotAllowed for who is no archivist of the unit or made the list, Conflict for
    a list that was decided or what is under way (ARC-47), Invalid where a reason is missing or the
    item is not on the list.
    """
    held = _held_by_archive(session, actor, transfer_id)
    reasons = _reasons(held, returned or {})
    _decide(held, "accepted" if len(reasons) < len(held.lines) else "returned")
    _return(held, reasons)
    # in one order everywhere: two lists that wait for numbers of the same groups do not cross
    kept = sorted((each for each in held.lines if each[1].id not in reasons), key=_in_order)
    for _, _, act in kept:
        finished.ensure_finished(act)
    references.give(session, [item for _, item, _ in kept])
    for line, item, act in kept:
        line.result = "accepted"
        item.accepted_by_id, item.accepted_at = act.actor.person_id, act.at
        _record(act, "archive.accepted", held.transfer, item, reference=item.reference)
    session.flush()
    return held.transfer


def send_back(session: Session, actor: Actor, transfer_id: int, reason: str) -> ArchiveTransfer:
    """The whole list goes back to the department, with the reason. Raises like :func:`accept`."""
    held = _held_by_archive(session, actor, transfer_id)
    written = _reason("reason", reason)
    _decide(held, "returned", written)
    _return(held, {item.id: written for _, item, _ in held.lines})
    session.flush()
    return held.transfer


def _items(session: Session, ids: Collection[int]) -> list[ArchiveItem]:
    """In the order of their cases, in which they are locked."""
    wanted = set(ids)
    if not wanted:
        raise Invalid.at("items", "请至少选择一件要移交的档案件。")
    if len(wanted) > MOST:
        raise Invalid.at("items", f"一份移交清单最多 {MOST} 件，现有 {len(wanted)} 件，请分几份。")
    query = sa.select(ArchiveItem).where(ArchiveItem.id.in_(wanted)).order_by(ArchiveItem.case_id)
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(found) != len(wanted):
        raise NotFound
    return found


def _opened(act: Act, item: ArchiveItem, note: str) -> ArchiveTransfer:
    year = act.at.astimezone(SHANGHAI).year
    transfer = ArchiveTransfer(
        unit_id=item.unit_id,
        department_id=item.department_id,
        year=year,
        number=references.next_number(act.session, item.unit_id, str(year)),
        note=note,
        made_by_id=act.actor.person_id,
        made_at=act.at,
    )
    act.session.add(transfer)
    act.session.flush()
    return transfer


def _held(session: Session, actor: Actor, transfer_id: int) -> Held:
    """Cases first, in their order, then the list: whoever changes it holds all of them."""
    query = (
        sa.select(TransferLine, ArchiveItem)
        .join(ArchiveItem, ArchiveItem.id == TransferLine.item_id)
        .where(TransferLine.transfer_id == transfer_id)
        .order_by(ArchiveItem.case_id)
    )
    rows = session.execute(query).all()
    if not rows:
        raise NotFound
    acts = hold_cases(session, actor, [item.case_id for _, item in rows])
    locked = (
        sa.select(ArchiveTransfer)
        .where(ArchiveTransfer.id == transfer_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    transfer = session.scalars(locked).one()
    rows = session.execute(query.execution_options(populate_existing=True)).all()
    return Held(transfer, [(row[0], row[1], act) for row, act in zip(rows, acts, strict=True)])


def _held_by_archive(session: Session, actor: Actor, transfer_id: int) -> Held:
    held = _held(session, actor, transfer_id)
    rights.ensure_may_accept(actor, held.transfer.unit_id)
    if held.transfer.made_by_id == actor.person_id:
        raise NotAllowed(
            "移交和接收须由两人办理，您是这份清单的移交人，请另一位档案员接收。（ARC-15）"
        )
    _ensure_waiting(session, held.transfer)
    return held


def _ensure_waiting(session: Session, transfer: ArchiveTransfer) -> None:
    if transfer.state != "proposed":
        by = session.get_one(Person, transfer.decided_by_id).name
        said = STATES[transfer.state].removeprefix("已")
        raise Conflict(f"这份移交清单已由{by}{said}，没有再改动，请刷新页面。", code="decided")


def _decide(held: Held, state: str, reason: str = "") -> None:
    transfer, act = held.transfer, held.act
    transfer.state, transfer.reason = state, reason
    transfer.decided_by_id, transfer.decided_at = act.actor.person_id, act.at


def _reasons(held: Held, returned: Mapping[int, str]) -> dict[int, str]:
    places = {item.id: place for place, (_, item, _) in enumerate(held.lines)}
    if not set(returned) <= set(places):
        raise Invalid.at("returned", "要退回的档案件不在这份清单上，请核对。")
    return {each: _reason(f"reason-{each}", said) for each, said in returned.items()}


def _reason(field: str, text: str) -> str:
    written = remarks.read(field, "退回原因", text, remarks.SHORT)
    if not written:
        raise Invalid.at(field, "退回移交须写明原因，形成部门据此重新整理。（ARC-16）")
    return written


def _return(held: Held, reasons: Mapping[int, str]) -> None:
    """Lines go back to the department; who made the list is told of them, once."""
    back = [each for each in held.lines if each[1].id in reasons]
    for line, item, act in back:
        line.result, line.reason = "returned", reasons[item.id]
        _record(act, "archive.returned", held.transfer, item, reason=line.reason)
    if back:
        _tell_maker(held.transfer, back[0][2], len(back), reasons[back[0][1].id])


def _tell_maker(transfer: ArchiveTransfer, act: Act, count: int, reason: str) -> None:
    said = f"移交清单 {transfer.name} 有 {count} 件退回重新整理：{reason}"
    made_by = [transfer.made_by_id]
    tell(act.session, made_by, "archive_returned", act.case.id, None, said, act.at)


def _in_order(row: tuple[TransferLine, ArchiveItem, Act]) -> tuple[Any, ...]:
    item = row[1]
    return item.year, item.retention, item.formed_on, item.id


def _record(
    act: Act,
    action: str,
    transfer: ArchiveTransfer,
    item: ArchiveItem,
    reason: str | None = None,
    **more: Any,
) -> None:
    said = more.get("reference") or f"清单 {transfer.name}"
    whom: dict[str, Any] = {"whom": said, "transfer": transfer.name, "item": item.id}
    record_act(act, action, reason=reason, **whom, **more)
