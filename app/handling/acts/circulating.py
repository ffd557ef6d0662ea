"""传阅 and 专送: a document goes to people who only read it. It blocks nothing and nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling import access, remarks
from app.handling.act import Act, hold_case
from app.handling.acts.copies import KINDS, announce, unread
from app.handling.models import Circulation, Task, TaskCandidate
from app.handling.recording import record_act
from app.handling.stays.staffing import WATCHERS
from app.organization import Actor, Candidate, Scope, roles

MOST_READERS = 200


@dataclass(frozen=True)
class Circulate:
    """What a person submits who lets others read a document.

    readers      logins of people of the unit
    departments  keys of departments; the head in charge receives for each (CIR-07)
    kind         ``circulate``: they may pass it on; ``direct``: they may not (CIR-01)
    """

    readers: Sequence[str] = ()
    departments: Sequence[str] = ()
    kind: str = "circulate"
    words: str = ""


def circulate(
    session: Session, actor: Actor, document_id: int, form: Circulate
) -> list[Circulation]:
    """Give each reader a copy of his own, in running and in closed cases alike (OUT-15).

    Raises NotAllowed for who has nothing to do with the case or has it as 专送 only, Conflict for
    a cancelled case, Invalid at ``readers``, ``departments``, ``kind`` or ``words``.
    """
    act = hold_case(session, actor, access.document_of(session, actor, document_id)[1].id)
    ensure_may_circulate(act)
    if form.kind not in KINDS:
        raise Invalid.at("kind", "kind 应为 circulate（传阅）或 direct（专送）。")
    words = remarks.read("words", "附言", form.words, remarks.SHORT)
    readers = _readers(act, form)
    copies = [
        Circulation(
            case_id=act.case.id,
            sender_id=actor.person_id,
            reader_id=each.person_id,
            kind=form.kind,
            words=words,
            sent_at=act.at,
        )
        for each in readers
    ]
    session.add_all(copies)
    announce(act, [each.person_id for each in readers])
    record_act(
        act,
        "document.circulated",
        reason=words or None,
        kind=form.kind,
        to=[each.login for each in readers],
        names=[each.name for each in readers],
    )
    return copies


def ensure_may_circulate(act: Act) -> None:
    """Who has worked on the case, has it before him, is of the registry, or may pass it on."""
    refusal = _why_not(act)
    if refusal is not None:
        raise refusal


def may_circulate(act: Act) -> bool:
    return _why_not(act) is None


def _why_not(act: Act) -> DomainError | None:
    session, actor, case = act.session, act.actor, act.case
    if case.state == "cancelled":
        return Conflict("此件已撤销，不能再传阅。", code="case_not_running")
    if access.of_registry(actor, case) or access.has_worked_on(session, actor, case):
        return None
    return None if _lies_with(act) else _why_not_as_reader(act)


def _lies_with(act: Act) -> bool:
    mine = sa.exists().where(
        Task.case_id == act.case.id,
        Task.state == "open",
        Task.blocked.is_(None),
        TaskCandidate.task_id == Task.id,
        TaskCandidate.person_id == act.actor.person_id,
    )
    return bool(act.session.scalar(sa.select(mine)))


def _why_not_as_reader(act: Act) -> DomainError | None:
    query = sa.select(Circulation.kind, Circulation.read_at).where(
        Circulation.case_id == act.case.id,
        Circulation.reader_id == act.actor.person_id,
        Circulation.recalled_at.is_(None),
    )
    copies = act.session.execute(query).all()
    passable = [read_at for kind, read_at in copies if kind == "circulate"]
    if any(passable):
        return None
    if passable:
        return Conflict("您还没有打开此件，请先阅读，再传阅给他人。", code="not_read")
    if copies:
        message = "此件是专送给您的，只能由发送人直接送达，不能再传给他人。（CIR-01）"
        return NotAllowed(message, code="direct_only")
    return NotAllowed("您没有办理此件，不能传阅。需要传阅的，请联系办公室。")


def _readers(act: Act, form: Circulate) -> list[Candidate]:
    """Everybody named, each once. Raises Invalid naming whoever must not get it."""
    found = {each.person_id: each for each in _named(act, form.readers)}
    found.update({each.person_id: each for each in _heads(act, form.departments)})
    if not found:
        raise Invalid.at("readers", "请至少选择一位收件人或者一个收件部门。（CIR-07）")
    if len(found) > MOST_READERS:
        raise Invalid.at("readers", f"一次最多传阅 {MOST_READERS} 人，现有 {len(found)} 人。")
    if act.actor.person_id in found:
        raise Invalid.at("readers", "收件人中有您自己，请去掉。")
    _ensure_no_watcher(act, found)
    _ensure_not_waiting(act, found)
    return list(found.values())


def _named(act: Act, logins: Sequence[str]) -> Sequence[Candidate]:
    wanted = [login for login in logins if login.strip()]
    if not wanted:
        return ()
    try:
        return organization.named(act.session, wanted, act.case.unit_id).people
    except Invalid as error:
        raise Invalid.at("readers", error.message) from None


def _heads(act: Act, keys: Sequence[str]) -> list[Candidate]:
    """Who receives for each department: its head in charge, else the first of its heads."""
    departments = {
        each.key: each for each in organization.departments(act.session, act.case.unit_id)
    }
    found = []
    for key in dict.fromkeys(keys):
        if key not in departments:
            names = "、".join(f"{each.name}（{each.key}）" for each in departments.values())
            raise Invalid.at("departments", f"没有部门“{key[:40]}”，可选：{names}。")
        scope = Scope(act.case.unit_id, departments[key].id)
        heads = organization.candidates(act.session, [roles.DEPT_HEAD], scope).people
        if not heads:
            message = f"{departments[key].name}没有负责人，请改为选择收件人。"
            raise Invalid.at("departments", message)
        found.append(next((each for each in heads if each.preselected), heads[0]))
    return found


def _ensure_no_watcher(act: Act, readers: dict[int, Candidate]) -> None:
    for role in sorted(WATCHERS):
        for each in organization.people_of_role(act.session, role, act.case.unit_id):
            if each.id in readers:
                message = f"{each.name}是系统、安全管理员或审计员，不接收公文，请去掉。"
                raise Invalid.at("readers", message)


def _ensure_not_waiting(act: Act, readers: dict[int, Candidate]) -> None:
    """Who has not yet read what the sender gave him does not get it twice."""
    query = sa.select(Circulation.reader_id).where(
        Circulation.case_id == act.case.id,
        Circulation.sender_id == act.actor.person_id,
        Circulation.reader_id.in_(readers),
        unread(),
    )
    names = [readers[reader].name for reader in act.session.scalars(query.distinct())]
    if names:
        message = f"{'、'.join(names)}还没有阅读您上次送的此件，不必重复送；需要提醒的请催读。"
        raise Invalid.at("readers", message)
