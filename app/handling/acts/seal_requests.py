"""用印申请 (PAP-03 to PAP-07): what its service tasks check, tell and enter in the register."""

from collections.abc import Sequence
from typing import Any

from app import organization
from app.errors import Invalid
from app.handling.act import Act
from app.handling.acts import request_ends
from app.handling.stays.notices import tell
from app.organization import Person
from app.seals.models import Seal
from app.seals.registry import keeping, uses
from app.workflow.fields import Kind
from app.workflow.moves import ServiceCall

RESULTS = {
    "open-seal-request": {
        "papers": Kind.LIST,
        "staff_along": Kind.LIST,
        "told_logins": Kind.LIST,
        "seal_department": Kind.TEXT,
    },
    "pass-seal-request": {"seal_keeper": Kind.PERSON},
}
"""Variables that are set for sure, for the diagram to use."""

MOST_PAPERS = 200
LONGEST = 200
"""Characters of the name of a paper."""


def open_request(call: ServiceCall) -> None:
    """The request is as it has to be; those to be told are told that it has begun (PAP-07).

    Raises Invalid at the field that is wrong, with everything typed handed back.
    """
    act: Act = call.context
    given = call.variables
    if given.get("confirmed") != "yes":
        message = "确认栏选“否”的申请不能通过审批，请核对各项内容后选“是”。（PAP-06）"
        raise Invalid.at("confirmed", message)
    papers = _papers(given)
    seal = _seal(act, given)
    keeping.ensure_in_use(seal, act.case.unit_id)
    given |= {
        "papers": papers,
        "document_count": len(papers),
        "staff_along": _companions(act, given),
        "told_logins": _staff(act, "told", "抄送通知人", given),
        "seal_department": _department(act, seal),
    }
    text = f"{act.actor.name}发起用印申请：{seal.wording}，{'、'.join(papers)[:100]}。"
    _tell(act, given["told_logins"], "requested", text)


def pass_request(call: ServiceCall) -> None:
    """All have agreed: the keeper gets it, or his deputy while he is away, and people are told."""
    act: Act = call.context
    seal = _seal(act, call.variables)
    keeping.ensure_in_use(seal, act.case.unit_id)
    call.variables["seal_keeper"] = keeping.holder(act.session, seal, act.at).login
    request_ends.approve(act)
    text = f"用印申请已审批通过：{seal.wording}。"
    _tell(act, call.variables.get("told_logins") or [], "decided", text)


def record_use(call: ServiceCall) -> None:
    """Entered in the register of uses (SIG-12)."""
    act: Act = call.context
    given = call.variables
    seal = _seal(act, given)
    keeping.ensure_usable(act.session, seal, act.case.unit_id, act.actor.person_id, None, act.at)
    uses.record(
        act.session,
        seal,
        act.as_candidate,
        act.at,
        act.document,
        way="paper",
        task_id=act.stay.id,
        names=list(given["papers"]),
        copies=int(given["copies"]),
        taken_out=given.get("taken_out") == "yes",
        companions=_names(act, given.get("staff_along") or []),
    )


def _papers(given: Any) -> list[str]:
    """One name on a line; the number that was typed has to be theirs (PAP-05)."""
    papers = _lines(given, "document_names")
    if not papers:
        raise Invalid.at("document_names", "请填写盖章文件的名称，一行一个。（PAP-05）")
    if len(papers) > MOST_PAPERS or any(len(each) > LONGEST for each in papers):
        message = f"最多 {MOST_PAPERS} 个文件，每个名称最多 {LONGEST} 字。"
        raise Invalid.at("document_names", message)
    count = given.get("document_count")
    if count is not None and count != len(papers):
        message = f"写了 {len(papers)} 个文件名称，文件数量填的是 {count}，请核对。（PAP-05）"
        raise Invalid.at("document_count", message)
    return papers


def _companions(act: Act, given: Any) -> list[str]:
    """Whoever goes along with a seal is of the staff (PAP-06)."""
    found = _staff(act, "companions", "同行人", given)
    if given.get("taken_out") == "yes" and not found:
        raise Invalid.at("companions", "带出印章须有同行人，请填写本单位人员。（PAP-06）")
    return found


def _staff(act: Act, field: str, label: str, given: Any) -> list[str]:
    """Logins of people of the unit, typed by name or login, one on a line."""
    wanted = _lines(given, field)
    people = organization.people(act.session, act.case.unit_id) if wanted else []
    found = []
    for each in wanted:
        same = [person.login for person in people if each in (person.login, person.name)]
        if not same:
            message = f"{label}“{each[:40]}”不是本单位人员，请改为本单位人员。（PAP-06）"
            raise Invalid.at(field, message)
        if len(same) > 1:
            message = f"本单位有 {len(same)} 位{each}，请改写登录名：{'、'.join(same)}。"
            raise Invalid.at(field, message)
        found += same
    return list(dict.fromkeys(found))


def _lines(given: Any, field: str) -> list[str]:
    return [line.strip() for line in str(given.get(field) or "").splitlines() if line.strip()]


def _seal(act: Act, given: Any) -> Seal:
    seal = act.session.get(Seal, int(given["seal"]))
    if seal is None:
        raise Invalid.at("seal", "没有这枚印章，请重新选择。")
    return seal


def _department(act: Act, seal: Seal) -> str:
    """Whose head answers for the seal: the department of its keeper."""
    keeper = act.session.get_one(Person, seal.keeper_id)
    departments = organization.departments(act.session, seal.unit_id)
    found = next((each.key for each in departments if each.id == keeper.department_id), None)
    if found is None:
        message = f"保管人{keeper.name}没有所属部门，无法确定审批的部门负责人，请联系印章管理部门。"
        raise Invalid.at("seal", message)
    return found


def _names(act: Act, logins: Sequence[str]) -> list[str]:
    known = organization.names_of(act.session, logins)
    return [known.get(each, each) for each in logins]


def _tell(act: Act, logins: Sequence[str], kind: str, text: str) -> None:
    people = [organization.person_by_login(act.session, each).id for each in logins]
    tell(act.session, people, kind, act.case.id, None, text, act.at)
