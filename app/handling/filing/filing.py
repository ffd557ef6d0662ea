"""归档: a finished document becomes an item of the files, with its class, year and retention."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents.models import Document
from app.errors import Conflict, NotFound
from app.handling.act import Act, hold_case
from app.handling.filing import finished, retention, rights
from app.handling.filing.models import RETENTIONS, ArchiveItem, TransferLine
from app.handling.models import Case
from app.handling.recording import record_act
from app.organization import Actor, Person
from app.organization.models import Department


def file(
    session: Session, actor: Actor, case_id: int, wanted: str = "", reason: str = ""
) -> ArchiveItem:
    """File a finished document (ARC-12, ARC-47).

    wanted  a retention, "" for the proposed one; another one needs a ``reason``
    Raises NotFound, NotAllowed for who is neither of the forming department nor dispatcher,
    Conflict for what is under way, did not take effect or was filed before, Invalid.
    """
    act = hold_case(session, actor, case_id)
    finished.ensure_finished(act)
    department = _department(act)
    rights.ensure_may_file(actor, act.case.unit_id, department.id, department.name)
    _ensure_unfiled(act)
    return enter(act, wanted, reason)


def enter(act: Act, wanted: str = "", reason: str = "") -> ArchiveItem:
    """File the document of an act by which it is finished, or that holds it finished (OUT-14).

    On a route that comes by the filing again it stays as it was filed.
    """
    found = of_case(act.session, act.case.id)
    if found is not None:
        return found
    proposal = retention.proposed(act.document)
    chosen, written = retention.read(proposal, wanted, reason)
    item = _item(act, _department(act), proposal, chosen, written)
    act.session.add(item)
    act.session.flush()
    _record(act, "archive.filed", item)
    return item


def rearrange(
    session: Session, actor: Actor, item_id: int, wanted: str, reason: str = ""
) -> ArchiveItem:
    """Give an item another retention while it is with its department, as after a return (ARC-16).

    Raises like :func:`file`; Conflict while it is on a list, or once the archive has it.
    """
    act, item = held(session, actor, item_id)
    department = session.get_one(Department, item.department_id)
    rights.ensure_may_file(actor, item.unit_id, department.id, department.name)
    ensure_with_department(session, [item])
    item.retention, item.reason = retention.read(item.proposed, wanted, reason)
    session.flush()
    _record(act, "archive.rearranged", item)
    return item


def held(session: Session, actor: Actor, item_id: int) -> tuple[Act, ArchiveItem]:
    """An item under the lock of its case, as it is now. Raises NotFound like ``hold_case``."""
    act = hold_case(session, actor, case_of(session, item_id))
    return act, session.get_one(ArchiveItem, item_id, populate_existing=True)


def ensure_with_department(session: Session, items: Collection[ArchiveItem]) -> None:
    """Raises Conflict while a list waits with one, or once the archive has accepted it."""
    waiting = sa.select(TransferLine.item_id).where(
        TransferLine.item_id.in_([each.id for each in items]), TransferLine.result == "waiting"
    )
    on_lists = set(session.scalars(waiting))
    for item in items:
        if item.accepted_at is not None:
            raise Conflict(
                f"“{item.title}”已由档案部门接收（{item.reference}），形成部门不能再改动。（REC-07）",
                code="in_archive",
            )
        if item.id in on_lists:
            raise Conflict(
                f"“{item.title}”在待接收的移交清单上，请先撤回清单，或者等档案员答复。",
                code="on_a_list",
            )


def case_of(session: Session, item_id: int) -> int:
    """Id of the case of an item. Raises NotFound; whether he may see it is asked of the case."""
    found = session.scalar(sa.select(ArchiveItem.case_id).where(ArchiveItem.id == item_id))
    if found is None:
        raise NotFound
    return found


def of_case(session: Session, case_id: int) -> ArchiveItem | None:
    return session.scalars(sa.select(ArchiveItem).where(ArchiveItem.case_id == case_id)).first()


def _department(act: Act) -> Department:
    query = (
        sa.select(Department)
        .select_from(Case)
        .join(Document, Document.id == Case.document_id)
        .join(Department, Department.id == finished.forming_department())
        .where(Case.id == act.case.id)
    )
    found = act.session.scalars(query).first()
    if found is None:
        raise Conflict("此件没有形成部门：办理人都不属于任何部门，请系统管理员核对人员的部门。")
    return found


def _ensure_unfiled(act: Act) -> None:
    found = of_case(act.session, act.case.id)
    if found is not None:
        by = act.session.get_one(Person, found.filed_by_id).name
        at = f"{found.filed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise Conflict(f"此件已由{by}于 {at} 归档，不需要再归档。", code="filed_before")


def _item(
    act: Act, department: Department, proposal: str, chosen: str, written: str
) -> ArchiveItem:
    paper, day = act.document, finished.formed_on(act.document)
    return ArchiveItem(
        case_id=act.case.id,
        unit_id=act.case.unit_id,
        department_id=department.id,
        title="".join(paper.title.split("\n")),
        number=paper.number or paper.source_number or "",
        kind=paper.kind or "",
        formed_on=day,
        class_code="WS",
        year=day.year,
        proposed=proposal,
        retention=chosen,
        reason=written,
        filed_by_id=act.actor.person_id,
        filed_at=act.at,
    )


def _record(act: Act, action: str, item: ArchiveItem) -> None:
    record_act(
        act,
        action,
        reason=item.reason or None,
        whom=RETENTIONS[item.retention],
        item=item.id,
        year=item.year,
        department=item.department_id,
    )
